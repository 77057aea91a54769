import * as tf from '@tensorflow/tfjs';
import type { KernelFunc } from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { ADAM_UPDATE } from '../adamUpdate.ts';
import { CONV3X3, CONV3X3_FILTER_GRAD, CONV3X3_INPUT_GRAD } from '../conv3x3.ts';
import type { Clock } from '../measure.ts';
import { MEAN_ABSOLUTE, MEAN_ABSOLUTE_DIFFERENCE, MEAN_ABSOLUTE_DIFFERENCE_GRAD } from '../meanAbsoluteDifference.ts';
import { adamUpdate } from './adamKernel.ts';
import { adapterKey, selectionOf, measureVariants, loadCached } from './autotune.ts';
import type { Measured, StringStore } from './autotune.ts';
import { filterGrad, forward, inputGrad } from './conv3x3Kernels.ts';
import { meanAbsoluteDifference, meanAbsoluteDifferenceGrad } from './meanAbsoluteDifferenceKernels.ts';
import { limitSubmissions } from './shader.ts';
import type { KernelSelection } from './variants.ts';
import { availableVariants, safeSelection } from './variants.ts';

/** Registers our kernels for tfjs' webgpu backend in the variants given, in place of any registered before. */
export function registerWebgpuVariants(selection: KernelSelection): void {
  register(CONV3X3, ({ inputs, attrs, backend }) =>
    forward(backend as WebGPUBackend, inputs as never, attrs as never, selection.forward),
  );
  register(CONV3X3_INPUT_GRAD, ({ inputs, backend }) =>
    inputGrad(backend as WebGPUBackend, inputs as never, selection.inputGrad),
  );
  register(CONV3X3_FILTER_GRAD, ({ inputs, backend }) =>
    filterGrad(backend as WebGPUBackend, inputs as never, selection.filterGrad),
  );
  register(ADAM_UPDATE, ({ inputs, attrs, backend }) =>
    adamUpdate(backend as WebGPUBackend, inputs as never, attrs as never),
  );
  for (const name of [MEAN_ABSOLUTE_DIFFERENCE, MEAN_ABSOLUTE]) {
    register(name, ({ inputs, attrs, backend }) =>
      meanAbsoluteDifference(backend as WebGPUBackend, inputs as never, attrs as never),
    );
  }
  register(MEAN_ABSOLUTE_DIFFERENCE_GRAD, ({ inputs, attrs, backend }) =>
    meanAbsoluteDifferenceGrad(backend as WebGPUBackend, inputs as never, attrs as never),
  );
}

function register(kernelName: string, kernelFunc: KernelFunc): void {
  if (tf.getKernel(kernelName, 'webgpu')) tf.unregisterKernel(kernelName, 'webgpu');
  tf.registerKernel({ kernelName, backendName: 'webgpu', kernelFunc });
}

/** What `registerWebgpuKernels` may be given; without anything, it measures every time. */
export interface WebgpuKernelOptions {
  /** Where the fastest variants are remembered, by adapter. */
  readonly memory?: StringStore;
  /** Milliseconds from any start; default `Date.now`. */
  readonly clock?: Clock;
  /** Longest time for the measurement at the first start, milliseconds; 0 takes the variants that run everywhere. */
  readonly milliseconds?: number;
  /** Also variants whose tiles have half precision, where the device has 'shader-f16'; default false. They win only if they are faster. */
  readonly half?: boolean;
}

/** Which variants were registered. `measured` is null when there was no time to measure. */
export interface WebgpuKernelReport {
  readonly variants: Readonly<Record<keyof KernelSelection, string>>;
  readonly measured: Measured | null;
  /** The measurement was remembered from an earlier start. */
  readonly isCached: boolean;
}

/**
 * Registers our kernels for tfjs' webgpu backend, which must be the current one, in the variants that are fastest on its
 * adapter: remembered from an earlier start, or measured now in at most about two seconds.
 * Throws Error when another backend is current.
 */
export async function registerWebgpuKernels(options: WebgpuKernelOptions = {}): Promise<WebgpuKernelReport> {
  const { memory, clock = Date.now, milliseconds = 2000, half = false } = options;
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw new Error(`The current backend is ${tf.getBackend()}, not webgpu.`);
  const { device } = backend;
  registerWebgpuVariants(safeSelection);
  const variants = availableVariants(device, half);
  const key = adapterKey(device.adapterInfo, half);
  const known = memory && (await loadCached(variants, memory, key));
  const measured =
    known ??
    (milliseconds > 0 ? await measureVariants(device, variants, registerWebgpuVariants, clock, milliseconds) : null);
  const selection = measured ? selectionOf(variants, measured) : safeSelection;
  registerWebgpuVariants(selection);
  if (measured) {
    limitSubmissions(
      backend,
      SUBMISSION_SECONDS * 1e9 * Math.min(...Object.values(measured).map(({ gigaflops }) => gigaflops)),
    );
    if (!known) await memory?.set(key, JSON.stringify(measured));
  }
  const { forward, inputGrad, filterGrad } = selection;
  return {
    variants: { forward: forward.name, inputGrad: inputGrad.name, filterGrad: filterGrad.name },
    measured,
    isCached: known !== undefined,
  };
}

/** What a submission may take: far below the seconds after which a system takes the device for hung. */
const SUBMISSION_SECONDS = 0.5;
