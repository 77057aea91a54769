/**
 * `npm run bench`: our engine against stock tfjs and onnxruntime-web, in one run.
 *   --json            one JSON object on stdout, nothing else
 *   --node            the webgpu part in Node on Dawn (for a real graphics card) instead of headless Chromium
 *   --only webgpu     or wasm
 *   --crop N          crop of the step (48); smaller is quicker and changes the ratio little
 *   --rounds N        how often stock is timed between two of ours (1)
 *   --picture N       side of the picture for inference (512)
 *   --scaling         also how cost grows over crop and filters
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { runInChromium } from './chromiumRun.ts';
import { runInNode } from './nodeRun.ts';
import type { SuiteRequest, WasmFigures, WebgpuFigures } from './protocol.ts';
import { trialSize } from './steps.ts';
import { table } from './table.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    node: { type: 'boolean', default: false },
    only: { type: 'string' },
    crop: { type: 'string', default: '48' },
    rounds: { type: 'string', default: '1' },
    picture: { type: 'string', default: '512' },
    scaling: { type: 'boolean', default: false },
  },
});

/** Everything the bench found. */
export interface BenchReport {
  readonly machine: string;
  readonly date: string;
  readonly size: SuiteRequest['size'];
  readonly webgpu?: Omit<WebgpuFigures, 'paper'>;
  readonly paper?: WebgpuFigures['paper'];
  readonly wasm?: WasmFigures;
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const request = (suite: SuiteRequest['suite']): SuiteRequest => ({
  suite,
  size: { ...trialSize, crop: Number(options.crop) },
  rounds: Number(options.rounds),
  picture: Number(options.picture),
  scaling: options.scaling,
});

async function measure(): Promise<BenchReport> {
  const [cpu] = cpus();
  const wants = (suite: string): boolean => options.only === undefined || options.only === suite;
  const report = {
    machine: `${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores`,
    date: new Date().toISOString().slice(0, 10),
    size: request('webgpu').size,
  };
  const wasm = wants('wasm') && !options.node ? ((await runInChromium(request('wasm'), say)) as WasmFigures) : undefined;
  if (!wants('webgpu')) return { ...report, ...(wasm && { wasm }) };
  const found = options.node ? await runInNode(request('webgpu'), say) : await runInChromium(request('webgpu'), say);
  const { paper, ...webgpu } = found as WebgpuFigures;
  return { ...report, webgpu, paper, ...(wasm && { wasm }) };
}

const report = await measure();
console.log(options.json ? JSON.stringify(report) : table(report));
process.exit(0);
