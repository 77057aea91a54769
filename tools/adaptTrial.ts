/**
 * What adapting a student to one photo gains: photos under heavy rain, each with a student of its own, and how many rain-free
 * photos are refused. Prints a table, with the rain that was found and, since the truth is known, the rain that is there.
 *
 *   npm run adapt:trial -- --data DIR [--student FILE] [--clean DIR…] [--photos 12] [--heavy 4] [--rain-free 57] [--steps 600]
 *     [--seconds N]
 *
 * DIR is the data root of `evaluate --suite`. The budget is steps, or with --seconds the processor time of this process, so that a busy
 * machine gives the figures of a quiet one: a step of Broad takes 0.4 s of one core, one of Swift 0.1 s. `--rate`, `--side` and
 * `--batch generated,own,rainFree` try other settings.
 */
import { readFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startBackend } from '../cli/backend.ts';
import { derainPhoto } from '../cli/derainPhoto.ts';
import { readPhoto } from '../cli/photos.ts';
import { alignedText } from '../cli/scoreTable.ts';
import { findSuiteFiles } from '../cli/suite/dataRoot.ts';
import { suiteSections } from '../cli/suite/sections.ts';
import { createDerainer } from '../src/core/inference/derainer.ts';
import type { Pixels } from '../src/core/images/pixels.ts';
import { rgbOf } from '../src/core/images/tensors.ts';
import { psnrY, scoresOf } from '../src/core/metrics/metrics.ts';
import type { RainEstimate } from '../src/core/rain/estimateRain.ts';
import { adaptStudent } from '../src/core/training/adapt.ts';
import type { AdaptEvent, AdaptSettings } from '../src/core/training/adapt.ts';
import { estimateOf } from '../src/core/training/foundRain.ts';
import type { RainMap } from '../src/core/training/foundRain.ts';
import { decodeStudent } from '../src/core/weights/modelFile.ts';
import type { Student } from '../src/core/weights/modelFile.ts';
import { ROOT } from '../scripts/prepare.mjs';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    student: { type: 'string', default: join(ROOT, 'public/students/broad.safetensors') },
    clean: { type: 'string', multiple: true },
    photos: { type: 'string', default: '12' },
    heavy: { type: 'string', default: '4' },
    'rain-free': { type: 'string', default: '57' },
    steps: { type: 'string', default: '600' },
    seconds: { type: 'string' },
    rate: { type: 'string' },
    side: { type: 'string' },
    batch: { type: 'string' },
    threads: { type: 'string', default: '2' },
  },
});
if (!values.data) throw new Error('--data DIR is needed.');

const settings = settingsOf();
const student = decodeStudent(await readFile(values.student));
await startBackend('wasm', Number(values.threads), (reason) => console.error(reason));
const clean = await cleanImages();
const sections = suiteSections(await findSuiteFiles(values.data), [], false);
const lines = [['', 'input', 'student', 'adapted', 'gain', 'steps', 'CPU s', 'rain found', 'rain there']];
const gains: number[] = [];
for (const [id, count] of [
  ['downpour', values.photos],
  ['heavy', values.heavy],
] as const) {
  const { images } = sections.find((section) => section.id === id)!;
  for (const image of spread(images, Number(count))) {
    const { input, clean: truth } = await image.read();
    const { result, before } = await adapt(input);
    const score = (output: Pixels): number =>
      scoresOf({ output, rainy: null, clean: truth }, [psnrY])[psnrY.name] ?? NaN;
    const after = result.weights && score(await derained({ ...student, weights: result.weights }, input));
    const [was, is] = [score(before), after ?? score(before)];
    gains.push(is - was);
    const there = rainWords(estimateOf(difference(input, truth!)));
    lines.push([`${id} ${image.id}`, ...[score(input), was, is, is - was].map(fixed), ...result.words, there]);
    console.error(lines.at(-1)!.join('  '));
  }
}
if (gains.length > 0) {
  lines.push(['mean', '', '', '', fixed(gains.reduce((sum, gain) => sum + gain, 0) / gains.length), '', '', '', '']);
  console.log(alignedText(lines));
}
await countRefusals();

/** Those that were given. */
function settingsOf(): Partial<AdaptSettings> {
  const [generated, own, rainFree] = values.batch?.split(',').map(Number) ?? [];
  return {
    ...(values.rate !== undefined && { rate: Number(values.rate) }),
    ...(values.side !== undefined && { side: Number(values.side) }),
    ...(values.batch !== undefined && { batch: { generated: generated!, own: own!, rainFree: rainFree! } }),
  };
}

/** The images that the page adapts with, or those of the folders. */
async function cleanImages(): Promise<Pixels[]> {
  const scenes = join(ROOT, 'public/scenes');
  const files = (values.clean ?? [scenes]).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => folder !== scenes || name.endsWith('-clean.webp'))
      .map((name) => join(folder, name)),
  );
  return Promise.all(files.map((file) => readPhoto(file, 1500)));
}

/** So many items, evenly spread. */
function spread<Item>(items: readonly Item[], count: number): Item[] {
  const wanted = Math.min(count, items.length);
  return Array.from({ length: wanted }, (_, i) => items[Math.floor((i * items.length) / wanted)]!);
}

async function derained(model: Student, image: Pixels): Promise<Pixels> {
  const network = createDerainer({ ...model, role: 'student' });
  try {
    const { derained } = await derainPhoto({ role: 'student', parameters: 0, network }, image, 1);
    return derained;
  } finally {
    network.dispose();
  }
}

/** What is in an image beyond another of its size. */
function difference(image: Pixels, without: Pixels): RainMap {
  const rest = rgbOf(without);
  return { data: rgbOf(image).map((value, i) => value - rest[i]!), width: image.width, height: image.height };
}

/** The photo without rain by the student as it was, and what came of adapting it. Without steps it stops after the estimate. */
async function adapt(
  photo: Pixels,
  steps = Number(values.steps),
): Promise<{
  before: Pixels;
  result: { weights: Map<string, Float32Array> | null; words: string[]; refused: boolean };
}> {
  const before = await derained(student, photo);
  const budget = values.seconds === undefined ? null : Number(values.seconds) * 1000;
  let step = 0;
  const events = adaptStudent({
    student,
    rainMap: difference(photo, before),
    clean,
    budgetMs: steps && (budget ?? steps),
    seed: 1,
    settings,
    // Steps: once before the first and once before each.
    now: () => (budget ? processorSeconds() * 1000 : step++),
    yieldToEventLoop: () => new Promise((resolve) => setImmediate(resolve)),
    control: { stopRequested: steps === 0 },
  });
  const begun = processorSeconds();
  let rain = '';
  let ending: AdaptEvent | null = null;
  for await (const event of events) {
    if (event.type === 'estimated' || event.type === 'refused') {
      rain = rainWords(event.rain);
      if (event.type === 'estimated') rain += `; drawn as ${rainWords(event.kind)}, fan ${event.kind.fan}`;
    }
    ending = event;
  }
  const adapted = ending?.type === 'adapted' ? ending : null;
  return {
    before,
    result: {
      weights: adapted?.weights ?? null,
      words: [String(adapted?.step ?? 0), fixed(processorSeconds() - begun), rain],
      refused: ending?.type === 'refused',
    },
  };
}

function rainWords({ angle, length, width, density, strength, confidence }: Omit<RainEstimate, 'mean'>): string {
  return (
    `${angle.toFixed(0)}° ${length.toFixed(0)} × ${width.toFixed(1)} px, density ${density.toFixed(1)}, ` +
    `strength ${(strength * 255).toFixed(0)}, confidence ${confidence.toFixed(2)}`
  );
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function countRefusals(): Promise<void> {
  const images = spread(sections.find(({ id }) => id === 'rain-free-x1')!.images, Number(values['rain-free']));
  if (images.length === 0) return;
  const taken: string[] = [];
  for (const image of images) {
    const { result } = await adapt((await image.read()).input, 0);
    if (!result.refused) taken.push(`${image.id}: ${result.words[2]}`);
  }
  console.log(`Rain-free photos refused: ${images.length - taken.length} of ${images.length}.`);
  for (const line of taken) console.log(`  not refused: ${line}`);
}

function fixed(value: number): string {
  return value.toFixed(2);
}
