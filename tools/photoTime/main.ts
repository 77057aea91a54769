/**
 * `npm run phototime`: how long a photo takes on WASM with a student, in a real Chromium.
 *   --student FILE     a student (public/students/quick.safetensors)
 *   --shape 5x24       an untrained EDSR of 5 blocks × 24 filters instead (pyramid:3x64: of another architecture): time does not
 *                      depend on the weights
 *   --megapixels 12    size of the photo
 *   --quick            a tenth of the tiles, scaled up, and no waiting for the end in the app: for a busy machine
 *   --json             one JSON object on stdout, nothing else
 *
 * First in the built app, from the drop of a JPEG: to its first derained part on screen, and to its end; once in a fresh
 * page and once more in the same. Then our engine alone, tile by tile in a worker with nothing around it, whatever the architecture; and
 * of an EDSR beside onnxruntime-web on the same weights and tiles, in turns, in one page. Times of a shared machine are its
 * neighbours', so processor time is given too.
 */
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isEdsr } from '../../src/core/architectures/edsr.ts';
import {
  architectureNamed,
  describeNetwork,
  initialWeights,
  parameterCount,
} from '../../src/core/architectures/registry.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { decodeModel, encodeStudent } from '../../src/core/weights/modelFile.ts';
import { timeBeside } from './beside.ts';
import { timeInApp } from './inApp.ts';
import { ROOT } from '../../scripts/prepare.mjs';

const { values: options } = parseArgs({
  options: {
    student: { type: 'string', default: join(ROOT, 'public', 'students', 'quick.safetensors') },
    shape: { type: 'string' },
    megapixels: { type: 'string', default: '12' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const student = options.shape === undefined ? new Uint8Array(readFileSync(options.student)) : untrained(options.shape);
const model = decodeModel(student);
if (model.role !== 'student') throw new Error('A teacher is not timed; give a student.');
const height = Math.round(Math.sqrt((Number(options.megapixels) * 1e6) / 1.5));
const size = { width: Math.round(height * 1.5), height };

const say = (text: string): void => void process.stderr.write(`${text}\n`);
say('in the app …');
const app = await timeInApp(student, size, !options.quick);
say('the engine alone …');
const engine = await timeBeside(student, size, options.quick ? 10 : 1, isEdsr(model.shape));

const report = {
  machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}`,
  date: new Date().toISOString().slice(0, 10),
  student: `${describeNetwork(model.shape)}, ${parameterCount(model.shape).toLocaleString('en')} parameters`,
  photo: `${size.width} × ${size.height}`,
  ...app,
  ...engine,
};
console.log(options.json ? JSON.stringify(report) : table());
process.exit(0);

function untrained(text: string): Uint8Array {
  const [, id = 'edsr', blocks, filters] = /^(?:(\w+):)?(\d+)x(\d+)$/.exec(text) ?? [];
  if (!filters) throw new Error(`--shape is like 5x24 or pyramid:3x64, not ${text}.`);
  const shape = architectureNamed(id).ofSize({ blocks: Number(blocks), filters: Number(filters), imageSkip: true });
  return encodeStudent({ shape, weights: initialWeights(shape, randomFromSeed(1)), provenance: null });
}

function table(): string {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const rows = [
    ['machine', report.machine],
    ['date', report.date],
    ['student', report.student],
    ['photo', report.photo],
    ['drop to first part on screen, fresh page', seconds(report.firstPartFreshMs)],
    ['**drop to first part on screen**', `**${seconds(report.firstPartMs)}**`],
    ...(report.doneMs === null ? [] : [['drop to end', seconds(report.doneMs)]]),
    [
      'our engine alone, whole photo',
      `${seconds(report.engineMs)}, ${report.threads} threads, tiles of ${report.tile}`,
    ],
    ['… within the network', seconds(report.networkMs)],
    ...(report.doneMs === null ? [] : [['**app over engine alone**', over(report.doneMs, report.engineMs)]]),
    ...processorRows(),
    ...besideRows(),
  ];
  return ['| what | measured |', '|---|---|', ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
}

function over(app: number, engine: number): string {
  return `**${((app / engine - 1) * 100).toFixed(0)} %**`;
}

function processorRows(): string[][] {
  const { appProcessorMs: app, engineProcessorMs: engine } = report;
  if (app === null || engine === null) return [];
  return [
    ['processor time: the app', `${(app / 1000).toFixed(1)} s`],
    ['processor time: the engine alone', `${(engine / 1000).toFixed(1)} s`],
    ['**processor time: app over engine**', over(app, engine)],
  ];
}

function besideRows(): string[][] {
  if (!report.beside) return [];
  const { oursMs, onnxMs, differ } = report.beside;
  return [
    ['in turns: ours, onnxruntime-web', `${(oursMs / 1000).toFixed(1)} s, ${(onnxMs / 1000).toFixed(1)} s`],
    ['**onnxruntime-web against ours**', `**${(onnxMs / oursMs).toFixed(2)} ×**`],
    ['greatest difference of the two, levels', String(differ)],
  ];
}
