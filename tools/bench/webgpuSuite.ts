import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { measureDevice, speedOf } from '../../src/core/ops/measure.ts';
import { openWebgpuDevice } from '../../src/core/ops/webgpu/device.ts';
import { registerWebgpuKernels, registerWebgpuVariants } from '../../src/core/ops/webgpu/register.ts';
import { limitSubmissions } from '../../src/core/ops/webgpu/shader.ts';
import { safeSelection } from '../../src/core/ops/webgpu/variants.ts';
import { presets } from '../../src/core/training/config.ts';
import { microBatchCount } from '../../src/core/training/microBatches.ts';
import { inference } from './inference.ts';
import type { SuiteRequest, WebgpuFigures } from './protocol.ts';
import { scalingFigures } from './scaling.ts';
import { ourStep, paperSize, stepFlops, stockStep } from './steps.ts';
import type { Step } from './steps.ts';
import { alternate } from './timing.ts';

const clock = (): number => performance.now();

/** Everything measured on the webgpu backend. Rejects with Error when there is no adapter or the device complains. */
export async function webgpuSuite(request: SuiteRequest, say: (text: string) => void): Promise<WebgpuFigures> {
  const device = await openWebgpuDevice(navigator.gpu);
  const complaints: string[] = [];
  device.addEventListener('uncapturederror', ({ error }) => complaints.push(error.message));
  if (!(await tf.setBackend('webgpu')) || tf.getBackend() !== 'webgpu')
    throw new Error('The webgpu backend did not start.');
  say('choosing kernels');
  const { variants } = await registerWebgpuKernels({ clock, half: request.half });
  const { vendor, architecture, description } = device.adapterInfo;
  say(`${description}: ${JSON.stringify(variants)}`);
  const kernels = await kernelFigures();
  say(`matrix product ${kernels.matmulGigaflops.toFixed(2)} GFLOP/s`);
  const step = await stepFigures(request, say);
  const infer = await inferenceFigures(request.image);
  say(`inference ${infer.inferMs.toFixed(0)} ms, ${infer.inferRatioStock.toFixed(1)} × stock`);
  const scaling = request.scaling ? await scalingFigures(say) : [];
  const paper = await paperFigures(say);
  if (complaints.length) throw new Error(complaints[0]);
  return {
    adapter: [vendor, architecture, description].join(' '),
    variants,
    ...kernels,
    ...step,
    ...infer,
    scaling,
    paper,
  };
}

async function kernelFigures(): Promise<Pick<WebgpuFigures, 'matmulGigaflops' | 'kernels'>> {
  const matmulGigaflops = Math.max(await matmulSpeed(256), await matmulSpeed(1024));
  const speed = await measureDevice(clock);
  const figure = (gigaflops: number): { gigaflops: number; share: number } => ({
    gigaflops,
    share: gigaflops / matmulGigaflops,
  });
  return {
    matmulGigaflops,
    kernels: {
      forward: figure(speed.forward),
      inputGrad: figure(speed.inputGrad),
      filterGrad: figure(speed.filterGrad),
    },
  };
}

async function matmulSpeed(side: number): Promise<number> {
  const a = tf.randomUniform([side, side]);
  const speed = await speedOf(() => tf.matMul(a, a), 2 * side ** 3, clock, 1500);
  a.dispose();
  return speed;
}

async function stepFigures(
  { size, rounds }: SuiteRequest,
  say: (text: string) => void,
): Promise<
  Pick<
    WebgpuFigures,
    'stepMs' | 'stockStepMs' | 'stepRatio' | 'stepGflops' | 'dispatches' | 'stockDispatches' | 'peakBytes'
  >
> {
  for (const make of [ourStep, stockStep]) await once(make({ ...size, crop: 8 })); // compiles
  const ours = ourStep(size);
  await ours.run();
  const dispatches = await countDispatches(() => ours.run());
  const peakBytes = allocatedBytes();
  const stock = stockStep(size);
  say(`our step: ${dispatches} dispatches; now ours and stock in turns`);
  let stockDispatches = 0;
  const other = async (): Promise<void> => void (stockDispatches = await countDispatches(() => stock.run()));
  const { ours: stepMs, other: stockStepMs, ratio } = await alternate(() => ours.run(), other, rounds);
  ours.dispose();
  stock.dispose();
  say(`step ${stepMs.toFixed(0)} ms, stock ${stockStepMs.toFixed(0)} ms: ${ratio.toFixed(1)} ×`);
  return {
    stepMs,
    stockStepMs,
    stepRatio: ratio,
    stepGflops: stepFlops(size) / stepMs / 1e6,
    dispatches,
    stockDispatches,
    peakBytes,
  };
}

async function once(step: Step): Promise<void> {
  await step.run();
  step.dispose();
}

async function inferenceFigures(side: number): Promise<Pick<WebgpuFigures, 'inferMs' | 'inferRatioStock'>> {
  const [ours, stock] = [inference('ours', side), inference('stock', side)];
  await ours.run();
  const { ours: inferMs, ratio } = await alternate(
    () => ours.run(),
    () => stock.run(),
    1,
  );
  ours.dispose();
  stock.dispose();
  return { inferMs, inferRatioStock: ratio };
}

/**
 * A step at paper size, recorded with empty grids on a new device, taken as fast enough not to need its work split: its
 * dispatches (small crops do; the number does not depend on them), and all that it allocates in the parts chosen for 4 GB.
 */
async function paperFigures(say: (text: string) => void): Promise<WebgpuFigures['paper']> {
  await openWebgpuDevice(navigator.gpu); // with nothing allocated yet
  if (!(await tf.setBackend('webgpu'))) throw new Error('A second WebGPU device did not start.');
  limitSubmissions(tf.backend() as WebGPUBackend, Infinity);
  registerWebgpuVariants(safeSelection);
  const step = ourStep({ ...paperSize, batch: 1, crop: 8 });
  await countDispatches(() => step.run(), false); // the first step also makes the moments
  const dispatches = await countDispatches(() => step.run(), false);
  step.dispose();
  const microBatches = microBatchCount(presets.paper);
  const whole = ourStep(paperSize, microBatches);
  for (let i = 0; i < 2; i++) await countDispatches(() => whole.run(), false);
  const bytes = allocatedBytes();
  whole.dispose();
  say(`paper size: ${dispatches} dispatches; ${(bytes / 1e9).toFixed(2)} GB in ${microBatches} parts`);
  return { dispatches, microBatches, bytes };
}

/** All buffers of the current webgpu backend, those kept for later included. */
function allocatedBytes(): number {
  return (tf.memory() as unknown as { numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU;
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
