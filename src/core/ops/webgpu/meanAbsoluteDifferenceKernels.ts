import type { TensorInfo } from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { MeanAbsoluteDifferenceInputs } from '../meanAbsoluteDifference.ts';
import type { Shader } from './shader.ts';
import { record } from './shader.ts';
import { bindings, entryPoint, threadIndex } from './wgsl.ts';

const THREADS = 256;

/** MeanAbsoluteDifference: a single workgroup, every thread adding up its share in order. */
export function meanAbsoluteDifference(backend: WebGPUBackend, { a, b }: MeanAbsoluteDifferenceInputs): TensorInfo {
  const out = backend.makeTensorInfo([], 'float32');
  record(backend, {
    shader: forwardShader,
    inputs: [a, b],
    outputs: [out],
    constants: Int32Array.of(a.size, 0, 0, 0),
    workgroups: 1,
    work: 3 * a.size,
  });
  return out;
}

/** MeanAbsoluteDifferenceGrad: da. */
export function meanAbsoluteDifferenceGrad(backend: WebGPUBackend, { a, b, dy }: MeanAbsoluteDifferenceInputs): TensorInfo {
  const out = backend.makeTensorInfo(a.shape, 'float32');
  record(backend, {
    shader: gradShader,
    inputs: [a, b, dy!],
    outputs: [out],
    constants: Int32Array.of(a.size, 0, 0, 0),
    workgroups: Math.ceil(a.size / THREADS),
    work: 3 * a.size,
  });
  return out;
}

const forwardShader: Shader = {
  key: 'meanAbsoluteDifference',
  wgsl: `
${bindings([['a', 1], ['b', 1]], [['out', 1]], 'size: i32')}
var<workgroup> sums: array<f32, ${THREADS}>;
${entryPoint(THREADS)} {
  let lane = ${threadIndex(THREADS)};
  var sum = 0.0;
  for (var i = lane; i < p.size; i += ${THREADS}) { sum += abs(a[i] - b[i]); }
  sums[local] = sum;
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (local < half) { sums[local] += sums[local + half]; }
  }
  if (local == 0u) { out[0] = sums[0] / f32(p.size); }
}`,
};

const gradShader: Shader = {
  key: 'meanAbsoluteDifferenceGrad',
  wgsl: `
${bindings([['a', 1], ['b', 1], ['dy', 1]], [['out', 1]], 'size: i32')}
${entryPoint(THREADS)} {
  let i = ${threadIndex(THREADS)};
  if (i >= p.size) { return; }
  let slope = dy[0] / f32(p.size);
  out[i] = select(-slope, slope, a[i] > b[i]);
}`,
};
