import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { runInChromium } from './chromiumRun.ts';
import { runInNode } from './nodeRun.ts';
import type { SuiteRequest, WasmFigures, WebgpuFigures } from './protocol.ts';
import type { BenchReport, WasmReport } from './report.ts';
import { trialSize } from './steps.ts';
import { table } from './table.ts';
import { timeTorch } from './torch.ts';
import type { TorchFigures } from './torch.ts';

/** Our engine against stock tfjs and onnxruntime-web, in one run. */
const usage = `npm run bench -- [options]

Our engine against stock tfjs and onnxruntime-web, in one run. On two quiet cores without a graphics card it takes about
six minutes, most of them stock tfjs'.

  --json            one JSON object on stdout, nothing else
  --node            the webgpu part in Node on Dawn (for a real graphics card) instead of headless Chromium
  --only webgpu     or wasm
  --half            WebGPU kernels may also hold tiles in half precision, where the adapter has it and it is faster
  --crop N          crop of the step (48); smaller is quicker and changes the ratio little
  --rounds N        how often stock is timed between two of ours (1)
  --image N         side of the image for inference (512)
  --scaling         also how cost grows over crop and filters
  --torch FILE      also the step in PyTorch, by a Python script that takes 'blocks f1 f3 batch crop' and prints JSON
                    with stepMs; run before and after ours (with PYTHON, else /usr/bin/python3)
  --help            this text`;

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    node: { type: 'boolean', default: false },
    only: { type: 'string' },
    half: { type: 'boolean', default: false },
    crop: { type: 'string', default: '48' },
    rounds: { type: 'string', default: '1' },
    image: { type: 'string', default: '512' },
    scaling: { type: 'boolean', default: false },
    torch: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) {
  console.log(usage);
  process.exit(0);
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const request = (suite: SuiteRequest['suite']): SuiteRequest => ({
  suite,
  size: { ...trialSize, crop: Number(options.crop) },
  rounds: Number(options.rounds),
  image: Number(options.image),
  scaling: options.scaling,
  half: options.half,
});

async function measure(): Promise<BenchReport> {
  const [cpu] = cpus();
  const wants = (suite: string): boolean => options.only === undefined || options.only === suite;
  const report = {
    machine: `${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores`,
    date: new Date().toISOString().slice(0, 10),
    size: request('webgpu').size,
  };
  const wasm = wants('wasm') && !options.node ? await measureWasm() : undefined;
  if (!wants('webgpu')) return { ...report, ...(wasm && { wasm }) };
  const found = options.node ? await runInNode(request('webgpu'), say) : await runInChromium(request('webgpu'), say);
  const { paper, ...webgpu } = found as WebgpuFigures;
  return { ...report, webgpu, paper, ...(wasm && { wasm }) };
}

async function measureWasm(): Promise<WasmReport> {
  const script = options.torch;
  if (script === undefined) return (await runInChromium(request('wasm'), say)) as WasmFigures;
  const time = (): TorchFigures => timeTorch(script, request('wasm').size);
  const before = time();
  const ours = (await runInChromium(request('wasm'), say)) as WasmFigures;
  const after = time();
  const torch = {
    ...after,
    stepMs: (before.stepMs + after.stepMs) / 2,
    stepGflops: (before.stepGflops + after.stepGflops) / 2,
  };
  say(`PyTorch: ${before.stepMs} ms before, ${after.stepMs} ms after`);
  return { ...ours, torch, stepRatioTorch: torch.stepMs / ours.stepMs };
}

const report = await measure();
console.log(options.json ? JSON.stringify(report) : table(report));
process.exit(0);
