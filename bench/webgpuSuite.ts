import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { measureDevice, speedOf } from '../src/core/ops/measure.ts';
import { openWebgpuDevice } from '../src/core/ops/webgpu/device.ts';
import { registerWebgpuKernels, registerWebgpuVariants } from '../src/core/ops/webgpu/register.ts';
import { limitSubmissions } from '../src/core/ops/webgpu/shader.ts';
import { safeChoice } from '../src/core/ops/webgpu/variants.ts';
import { inference } from './inference.ts';
import type { ScalingFigure, SuiteRequest, WebgpuFigures } from './protocol.ts';
import { ourStep, paperSize, stepFlops, stockStep } from './steps.ts';
import type { Step, StepSize } from './steps.ts';
import { alternate, timed } from './timing.ts';

const clock = (): number => performance.now();

/** Everything measured on the webgpu backend. Rejects with Error when there is no adapter or the device complains. */
export async function webgpuSuite(request: SuiteRequest, say: (text: string) => void): Promise<WebgpuFigures> {
  const device = await openWebgpuDevice(navigator.gpu);
  const complaints: string[] = [];
  device.addEventListener('uncapturederror', ({ error }) => complaints.push(error.message));
  if (!(await tf.setBackend('webgpu')) || tf.getBackend() !== 'webgpu') throw new Error('The webgpu backend did not start.');
  say('choosing kernels');
  const { variants } = await registerWebgpuKernels({ clock });
  const { vendor, architecture, description } = device.adapterInfo;
  say(`${description}: ${JSON.stringify(variants)}`);
  const kernels = await kernelFigures();
  say(`matrix product ${kernels.matmulGigaflops.toFixed(2)} GFLOP/s`);
  const step = await stepFigures(request, say);
  const infer = await inferenceFigures(request.picture);
  say(`inference ${infer.inferMs.toFixed(0)} ms, ${infer.inferRatioStock.toFixed(1)} × stock`);
  const scaling = request.scaling ? await scalingFigures(say) : [];
  const paper = { dispatches: await paperDispatches() };
  if (complaints.length) throw new Error(complaints[0]);
  return { adapter: [vendor, architecture, description].join(' '), variants, ...kernels, ...step, ...infer, scaling, paper };
}

async function kernelFigures(): Promise<Pick<WebgpuFigures, 'matmulGigaflops' | 'kernels'>> {
  const matmulGigaflops = Math.max(await matmulSpeed(256), await matmulSpeed(1024));
  const speed = await measureDevice(clock);
  const figure = (gigaflops: number): { gigaflops: number; share: number } => ({ gigaflops, share: gigaflops / matmulGigaflops });
  return {
    matmulGigaflops,
    kernels: { forward: figure(speed.forward), inputGrad: figure(speed.inputGrad), filterGrad: figure(speed.filterGrad) },
  };
}

async function matmulSpeed(side: number): Promise<number> {
  const a = tf.randomUniform([side, side]);
  const speed = await speedOf(() => tf.matMul(a, a), 2 * side ** 3, clock, 1500);
  a.dispose();
  return speed;
}

async function stepFigures({ size, rounds }: SuiteRequest, say: (text: string) => void): Promise<
  Pick<WebgpuFigures, 'stepMs' | 'stockStepMs' | 'stepRatio' | 'stepGflops' | 'dispatches' | 'stockDispatches' | 'peakBytes'>
> {
  for (const make of [ourStep, stockStep]) await once(make({ ...size, crop: 8 })); // compiles
  const ours = ourStep(size);
  await ours.run();
  const dispatches = await countDispatches(() => ours.run());
  const peakBytes = (tf.memory() as unknown as { numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU;
  const stock = stockStep(size);
  say(`our step: ${dispatches} dispatches; now ours and stock in turns`);
  let stockDispatches = 0;
  const other = async (): Promise<void> => void (stockDispatches = await countDispatches(() => stock.run()));
  const { ours: stepMs, other: stockStepMs, ratio } = await alternate(() => ours.run(), other, rounds);
  ours.dispose();
  stock.dispose();
  say(`step ${stepMs.toFixed(0)} ms, stock ${stockStepMs.toFixed(0)} ms: ${ratio.toFixed(1)} ×`);
  return { stepMs, stockStepMs, stepRatio: ratio, stepGflops: stepFlops(size) / stepMs / 1e6, dispatches, stockDispatches, peakBytes };
}

async function once(step: Step): Promise<void> {
  await step.run();
  step.dispose();
}

async function inferenceFigures(side: number): Promise<Pick<WebgpuFigures, 'inferMs' | 'inferRatioStock'>> {
  const [ours, stock] = [inference('ours', side), inference('stock', side)];
  await ours.run();
  const { ours: inferMs, ratio } = await alternate(() => ours.run(), () => stock.run(), 1);
  ours.dispose();
  stock.dispose();
  return { inferMs, inferRatioStock: ratio };
}

/** How our step's cost grows: one block, batch 2, over crop and filters. */
async function scalingFigures(say: (text: string) => void): Promise<ScalingFigure[]> {
  const figures: ScalingFigure[] = [];
  for (const [crop, filters] of [[32, 16], [48, 16], [64, 16], [96, 16], [48, 32], [48, 64]] as const) {
    const size: StepSize = { blocks: 1, filters: [filters, filters, filters], batch: 2, crop };
    const step = ourStep(size);
    await step.run();
    const milliseconds = await timed(() => step.run());
    step.dispose();
    figures.push({ crop, filters, milliseconds, gigaflops: stepFlops(size) / milliseconds / 1e6 });
    say(`crop ${crop}, ${filters} filters: ${milliseconds.toFixed(0)} ms`);
  }
  return figures;
}

/**
 * Dispatches of a step at paper size on a device that is fast enough not to need its work split. Counted as they are
 * recorded, with empty grids and small crops: the number depends on neither.
 */
async function paperDispatches(): Promise<number> {
  const backend = tf.backend() as WebGPUBackend;
  limitSubmissions(backend, Infinity);
  registerWebgpuVariants(safeChoice);
  const step = ourStep({ ...paperSize, batch: 1, crop: 8 });
  await countDispatches(() => step.run(), false); // the first step also makes the moments
  const dispatches = await countDispatches(() => step.run(), false);
  step.dispose();
  return dispatches;
}

/** Counts what an action dispatches; with `execute` false the grids are emptied. */
async function countDispatches(action: () => Promise<unknown>, execute = true): Promise<number> {
  const prototype = GPUComputePassEncoder.prototype;
  const original = prototype.dispatchWorkgroups;
  let count = 0;
  prototype.dispatchWorkgroups = function dispatchWorkgroups(x, y, z): undefined {
    count++;
    return original.call(this, execute ? x : 0, y, z) as undefined;
  };
  try {
    await action();
  } finally {
    prototype.dispatchWorkgroups = original;
  }
  return count;
}
