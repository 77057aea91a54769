import type { TensorInfo } from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { AdamUpdateAttrs, AdamUpdateInputs } from '../adamUpdate.ts';
import type { AdamPart } from './adamProgram.ts';
import { ADAM_BUFFERS, ADAM_THREADS, adamProgram } from './adamProgram.ts';
import { record } from './shader.ts';

/** AdamUpdate: [w, m, v, average] in one dispatch, or in two on a device that binds fewer than nine buffers at once. */
export function adamUpdate(backend: WebGPUBackend, inputs: AdamUpdateInputs, attrs: AdamUpdateAttrs): TensorInfo[] {
  const { w, gradient, m, v, average } = inputs;
  const elements = w.size;
  const [newW, newM, newV, newAverage] = [0, 1, 2, 3].map(() => backend.makeTensorInfo(w.shape, 'float32')) as [
    TensorInfo,
    TensorInfo,
    TensorInfo,
    TensorInfo,
  ];
  const run = (part: AdamPart, read: TensorInfo[], written: TensorInfo[]): void =>
    record(backend, {
      shader: adamProgram(part),
      inputs: read,
      outputs: written,
      constants: adamConstants(attrs),
      workgroups: Math.ceil(elements / ADAM_THREADS),
      work: 16 * elements,
    });
  if (backend.device.limits.maxStorageBuffersPerShaderStage >= ADAM_BUFFERS.whole) {
    run('whole', [w, gradient, m, v, average], [newW, newM, newV, newAverage]);
  } else {
    run('moments', [gradient, m, v], [newM, newV]);
    run('weights', [w, newM, newV, average], [newW, newAverage]);
  }
  return [newW, newM, newV, newAverage];
}

function adamConstants({ learningRate, beta1, beta2, epsilon, step, averageDecay }: AdamUpdateAttrs): Float32Array {
  return Float32Array.of(
    learningRate / (1 - beta1 ** step),
    1 / Math.sqrt(1 - beta2 ** step),
    beta1,
    1 - beta1,
    beta2,
    1 - beta2,
    epsilon,
    averageDecay,
    1 - averageDecay,
  );
}
