import type { TensorInfo } from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { Conv3x3Attrs, Conv3x3FilterGradInputs, Conv3x3InputGradInputs, Conv3x3Inputs } from '../conv3x3.ts';
import type { ConvolutionSpec } from './convolutionProgram.ts';
import type { FilterGradSpec } from './filterGradProgram.ts';
import { FILTER_GRAD_THREADS, partialRows, reduceSlabs } from './filterGradProgram.ts';
import { mostWork, record } from './shader.ts';
import { isSoftwareAdapter } from './softwareAdapter.ts';
import type { ConvolutionVariant, FilterGradVariant } from './variants.ts';
import { quadsOf } from './wgsl.ts';

type Shape4D = [n: number, h: number, w: number, channels: number];

/** Conv3x3: y = act(x ∗ w + b [+ skip]). */
export function forward(
  backend: WebGPUBackend,
  inputs: Conv3x3Inputs,
  { relu }: Conv3x3Attrs,
  variant: ConvolutionVariant,
): TensorInfo {
  const { x, w, b, skip } = inputs;
  const spec = {
    cin: w.shape[2],
    cout: w.shape[3],
    rotated: false,
    masked: false,
    bias: true,
    skip: skip !== undefined,
    relu,
  };
  return convolve(backend, spec, skip ? [x, w, b, skip] : [x, w, b], variant);
}

/** Conv3x3InputGrad: dx = masked dy ∗ the filter rotated by 180°. */
export function inputGrad(
  backend: WebGPUBackend,
  { dy, w, y }: Conv3x3InputGradInputs,
  variant: ConvolutionVariant,
): TensorInfo {
  const spec = {
    cin: w.shape[3],
    cout: w.shape[2],
    rotated: true,
    masked: y !== undefined,
    bias: false,
    skip: false,
    relu: false,
  };
  return convolve(backend, spec, y ? [dy, w, y] : [dy, w], variant);
}

/** Runs a convolution in bands of image rows, none of which keeps the device busy for long. */
function convolve(
  backend: WebGPUBackend,
  spec: ConvolutionSpec,
  inputs: TensorInfo[],
  variant: ConvolutionVariant,
): TensorInfo {
  const [n, h, w] = inputs[0]!.shape as Shape4D;
  const out = backend.makeTensorInfo([n, h, w, spec.cout], 'float32');
  const shader = variant.shader(spec, w);
  const rowWork = 18 * w * spec.cin * spec.cout;
  const band = Math.max(1, Math.floor(mostWork(backend) / rowWork));
  for (let begin = 0; begin < n * h; begin += band) {
    const end = Math.min(n * h, begin + band);
    record(backend, {
      shader,
      inputs,
      outputs: [out],
      constants: Int32Array.of(begin, end, h, w),
      workgroups: variant.workgroups(spec, end - begin, w),
      work: (end - begin) * rowWork,
    });
  }
  return out;
}

/** Conv3x3FilterGrad: [dw, db], as partial sums over slabs of image rows and then their sum in a fixed order. */
export function filterGrad(
  backend: WebGPUBackend,
  { x, dy, y }: Conv3x3FilterGradInputs,
  variant: FilterGradVariant,
): TensorInfo[] {
  const [n, h, w, cin] = x.shape;
  const cout = dy.shape[3];
  const spec: FilterGradSpec = { cin, cout, masked: y !== undefined };
  const rows = n * h;
  const { slabs, slabRows } = slabsFor(
    spec,
    rows,
    isSoftwareAdapter(backend.device.adapterInfo) ? FEW_THREADS : MANY_THREADS,
  );
  const partial = backend.makeTensorInfo([slabs, partialRows(cin), 4 * quadsOf(cout)], 'float32');
  const shader = variant.shader(spec);
  const slabWork = 18 * slabRows * w * cin * cout;
  const band = Math.max(1, Math.floor(mostWork(backend) / slabWork));
  for (let begin = 0; begin < slabs; begin += band) {
    const end = Math.min(slabs, begin + band);
    record(backend, {
      shader,
      inputs: y ? [x, dy, y] : [x, dy],
      outputs: [partial],
      constants: Int32Array.of(Math.min(rows, end * slabRows), h, w, slabRows, begin),
      workgroups: variant.workgroups(spec, end - begin),
      work: (end - begin) * slabWork,
    });
  }
  const dw = backend.makeTensorInfo([3, 3, cin, cout], 'float32');
  const db = backend.makeTensorInfo([cout], 'float32');
  record(backend, {
    shader: reduceSlabs(spec),
    inputs: [partial],
    outputs: [dw, db],
    constants: Int32Array.of(slabs, 0, 0, 0),
    workgroups: Math.ceil((partialRows(cin) * quadsOf(cout)) / FILTER_GRAD_THREADS),
    work: partialRows(cin) * cout * slabs,
  });
  backend.disposeData(partial.dataId);
  return [dw, db];
}

/** Threads that a graphics card needs to be busy, at one quad of channels in and out each; a software adapter has a few cores, and every slab costs it a sum. */
const [MANY_THREADS, FEW_THREADS] = [16384, 1024];

/** Enough slabs that the first pass has work for so many threads, few enough that their sums stay small beside the image. */
function slabsFor({ cin, cout }: FilterGradSpec, rows: number, threads: number): { slabs: number; slabRows: number } {
  const wanted = Math.max(1, Math.min(rows, Math.ceil(threads / (quadsOf(cin) * quadsOf(cout)))));
  const slabRows = Math.ceil(rows / wanted);
  return { slabs: Math.ceil(rows / slabRows), slabRows };
}
