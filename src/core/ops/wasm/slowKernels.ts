import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs';
import type { WasmEngine } from './engine.ts';
import { replaceKernel } from './kernels.ts';

/** tfjs' own slice, from before it was replaced. */
let stockSlice: KernelFunc | undefined;

/**
 * Replaces two kernels of tfjs' WASM backend that a training step spends a noticeable time in: Identity, which copies
 * (the tape clones every tensor that a gradient saves), and Slice, which copies pixel by pixel in JavaScript.
 */
export function replaceSlowKernels(engineOf: (backend: BackendWasm) => WasmEngine): void {
  replaceKernel(tf.Identity, ({ inputs, backend }) => identity(backend as BackendWasm, inputs['x'] as TensorInfo));
  stockSlice ??= tf.getKernel(tf.Slice, 'wasm').kernelFunc;
  replaceKernel(tf.Slice, (call) => slice(engineOf(call.backend as BackendWasm), call));
}

/** The same numbers under another tensor; like tfjs' cpu backend, which counts who uses them. */
function identity(backend: BackendWasm, x: TensorInfo): TensorInfo {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}

function slice(engine: WasmEngine, call: Parameters<KernelFunc>[0]): TensorInfo | TensorInfo[] {
  const x = call.inputs['x'] as TensorInfo;
  const { begin, size } = call.attrs as unknown as { begin: number | number[]; size: number | number[] };
  if (x.dtype !== 'float32' || x.shape.length > 4) return stockSlice!(call);
  const [start, lengths] = tf.slice_util.parseSliceParams(x as tf.Tensor, begin, size) as [number[], number[]];
  const y = engine.output(lengths);
  const [, height, width, channels] = to4D(x.shape, 1);
  engine.kernels.copySlice(
    engine.addressOf(x),
    engine.addressOf(y),
    height,
    width,
    channels,
    ...to4D(start, 0),
    ...to4D(lengths, 1),
  );
  return y;
}

function to4D(values: number[], fill: number): [number, number, number, number] {
  return [...Array<number>(4 - values.length).fill(fill), ...values] as [number, number, number, number];
}
