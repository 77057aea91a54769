import * as tf from '@tensorflow/tfjs';
import type { KernelFunc } from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { ADAM_UPDATE } from '../adamUpdate.ts';
import { CONV3X3, CONV3X3_FILTER_GRAD, CONV3X3_INPUT_GRAD } from '../conv3x3.ts';
import { adamUpdate } from './adamKernel.ts';
import { filterGrad, forward, inputGrad } from './conv3x3Kernels.ts';
import type { Choice } from './variants.ts';
import { safeChoice } from './variants.ts';

/** Registers our kernels for tfjs' webgpu backend in the variants given, in place of any registered before. */
export function registerWebgpuVariants(choice: Choice): void {
  register(CONV3X3, ({ inputs, attrs, backend }) =>
    forward(backend as WebGPUBackend, inputs as never, attrs as never, choice.forward));
  register(CONV3X3_INPUT_GRAD, ({ inputs, backend }) => inputGrad(backend as WebGPUBackend, inputs as never, choice.inputGrad));
  register(CONV3X3_FILTER_GRAD, ({ inputs, backend }) => filterGrad(backend as WebGPUBackend, inputs as never, choice.filterGrad));
  register(ADAM_UPDATE, ({ inputs, attrs, backend }) => adamUpdate(backend as WebGPUBackend, inputs as never, attrs as never));
}

function register(kernelName: string, kernelFunc: KernelFunc): void {
  if (tf.getKernel(kernelName, 'webgpu')) tf.unregisterKernel(kernelName, 'webgpu');
  tf.registerKernel({ kernelName, backendName: 'webgpu', kernelFunc });
}

/** Registers our kernels for the current webgpu backend. */
export async function registerWebgpuKernels(): Promise<void> {
  registerWebgpuVariants(safeChoice);
}
