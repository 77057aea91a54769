import type { Tensor, TensorInfo } from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { MeanAbsoluteDifferenceAttrs, MeanAbsoluteDifferenceInputs } from '../meanAbsoluteDifference.ts';
import type { Shader } from './shader.ts';
import { record } from './shader.ts';
import { bindings, entryPoint, threadIndex } from './wgsl.ts';

const THREADS = 256;

/** MeanAbsoluteDifference: a single workgroup, every thread adding up its share in order. */
export function meanAbsoluteDifference(
  backend: WebGPUBackend,
  { a, b }: MeanAbsoluteDifferenceInputs,
  { scale }: MeanAbsoluteDifferenceAttrs,
): TensorInfo {
  const out = backend.makeTensorInfo([], 'float32');
  record(backend, {
    shader: forwardShader(b !== undefined),
    inputs: present(a, b),
    outputs: [out],
    constants: Float32Array.of(scale / a.size),
    workgroups: 1,
    work: 3 * a.size,
  });
  return out;
}

/** MeanAbsoluteDifferenceGrad: da. */
export function meanAbsoluteDifferenceGrad(
  backend: WebGPUBackend,
  { a, b, dy }: MeanAbsoluteDifferenceInputs,
  { scale }: MeanAbsoluteDifferenceAttrs,
): TensorInfo {
  const out = backend.makeTensorInfo(a.shape, 'float32');
  record(backend, {
    shader: gradShader(b !== undefined),
    inputs: present(a, b, dy),
    outputs: [out],
    constants: Float32Array.of(scale / a.size),
    workgroups: Math.ceil(a.size / THREADS),
    work: 3 * a.size,
  });
  return out;
}

function present(...tensors: (Tensor | undefined)[]): Tensor[] {
  return tensors.filter((tensor) => tensor !== undefined);
}

const read = (hasB: boolean): (readonly [string, number])[] =>
  hasB
    ? [
        ['a', 1],
        ['b', 1],
      ]
    : [['a', 1]];

const forwardShader = (hasB: boolean): Shader => ({
  key: `meanAbsoluteDifference ${hasB}`,
  wgsl: () => `
${bindings(read(hasB), [['out', 1]], 'scale: f32')}
var<workgroup> sums: array<f32, ${THREADS}>;
${entryPoint(THREADS)} {
  let lane = ${threadIndex(THREADS)};
  var sum = 0.0;
  for (var i = lane; i < i32(arrayLength(&a)); i += ${THREADS}) { sum += abs(a[i]${hasB ? ' - b[i]' : ''}); }
  sums[local] = sum;
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (local < half) { sums[local] += sums[local + half]; }
  }
  if (local == 0u) { out[0] = sums[0] * p.scale; }
}`,
});

const gradShader = (hasB: boolean): Shader => ({
  key: `meanAbsoluteDifferenceGrad ${hasB}`,
  wgsl: () => `
${bindings([...read(hasB), ['dy', 1]], [['out', 1]], 'scale: f32')}
${entryPoint(THREADS)} {
  let i = ${threadIndex(THREADS)};
  if (i >= i32(arrayLength(&a))) { return; }
  let slope = dy[0] * p.scale;
  out[i] = select(-slope, slope, a[i] > ${hasB ? 'b[i]' : '0.0'});
}`,
});
