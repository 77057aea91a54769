import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs';
import type { WasmEngine } from './engine.ts';
import { replaceKernel } from './kernels.ts';

/** tfjs' own slice and concatenation, from before they were replaced. */
let stockSlice: KernelFunc | undefined;
let stockConcat: KernelFunc | undefined;

/**
 * Replaces three kernels of tfjs' WASM backend that a network spends a noticeable time in: Identity, which copies (the tape
 * clones every tensor that a gradient saves), and Slice and Concat, which copy pixel by pixel in JavaScript.
 */
export function replaceSlowKernels(engineOf: (backend: BackendWasm) => WasmEngine): void {
  replaceKernel(tf.Identity, ({ inputs, backend }) => identity(backend as BackendWasm, inputs['x'] as TensorInfo));
  stockSlice ??= tf.getKernel(tf.Slice, 'wasm').kernelFunc;
  replaceKernel(tf.Slice, (call) => slice(engineOf(call.backend as BackendWasm), call));
  stockConcat ??= tf.getKernel(tf.Concat, 'wasm').kernelFunc;
  replaceKernel(tf.Concat, (call) => concat(engineOf(call.backend as BackendWasm), call));
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

/** Along the last axis; along others tfjs itself copies large pieces. */
function concat(engine: WasmEngine, call: Parameters<KernelFunc>[0]): TensorInfo | TensorInfo[] {
  const parts = Object.values(call.inputs) as TensorInfo[];
  const { axis } = call.attrs as unknown as { axis: number };
  const last = parts[0]!.shape.length - 1;
  const rows = tf.util.sizeFromShape(parts[0]!.shape.slice(0, last));
  if (tf.util.parseAxisParam(axis, parts[0]!.shape)[0] !== last || parts.some(({ dtype }) => dtype !== 'float32')) {
    return stockConcat!(call);
  }
  const width = parts.reduce((sum, { shape }) => sum + shape[last]!, 0);
  const y = engine.output([...parts[0]!.shape.slice(0, last), width]);
  let to = engine.addressOf(y);
  for (const part of parts) {
    const count = part.shape[last]!;
    engine.kernels.copyColumns(engine.addressOf(part), to, rows, count, width);
    to += count * 4;
  }
  return y;
}

function to4D(values: number[], fill: number): [number, number, number, number] {
  return [...Array<number>(4 - values.length).fill(fill), ...values] as [number, number, number, number];
}
