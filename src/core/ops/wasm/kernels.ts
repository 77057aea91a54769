import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs';
import { ADAM_UPDATE } from '../adamUpdate.ts';
import type { AdamUpdateAttrs } from '../adamUpdate.ts';
import { CONV3X3, CONV3X3_FILTER_GRAD, CONV3X3_INPUT_GRAD } from '../conv3x3.ts';
import type { Conv3x3Attrs } from '../conv3x3.ts';
import type { WasmEngine } from './engine.ts';

type Inputs = Record<string, TensorInfo>;
type Kernel = (engine: WasmEngine, inputs: Inputs, attrs: never) => TensorInfo | TensorInfo[];
type Shape4D = [n: number, height: number, width: number, channels: number];

/** Registers our kernels for tfjs' `wasm` backend; `engineOf` finds the engine of the backend that a call runs on. */
export function registerKernels(engineOf: (backend: BackendWasm) => WasmEngine): void {
  for (const [kernelName, run] of Object.entries(kernels)) {
    const kernelFunc: KernelFunc = ({ inputs, backend, attrs }) =>
      engineOf(backend as BackendWasm).run((engine) => run(engine, inputs as Inputs, attrs as never));
    replaceKernel(kernelName, kernelFunc);
  }
}

/** Registers a kernel of the `wasm` backend in place of another, without tfjs' warning. */
export function replaceKernel(kernelName: string, kernelFunc: KernelFunc): void {
  const old = tf.getKernel(kernelName, 'wasm');
  if (old) tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({ ...old, kernelName, backendName: 'wasm', kernelFunc });
}

function conv3x3(engine: WasmEngine, { x, w, b, skip }: Inputs, { relu }: Conv3x3Attrs): TensorInfo {
  const [n, height, width, cin] = x!.shape as Shape4D;
  const cout = w!.shape[3]!;
  const y = engine.output([n, height, width, cout]);
  const scratch = engine.reserve(engine.kernels.conv3x3ScratchBytes(cin, cout, engine.threads));
  engine.kernels.conv3x3(
    engine.control,
    scratch,
    engine.addressOf(x),
    engine.addressOf(w),
    engine.addressOf(b),
    engine.addressOf(skip),
    engine.addressOf(y),
    n,
    height,
    width,
    cin,
    cout,
    relu ? 1 : 0,
  );
  return y;
}

function inputGrad(engine: WasmEngine, { dy, w, y }: Inputs): TensorInfo {
  const [n, height, width, cout] = dy!.shape as Shape4D;
  const cin = w!.shape[2]!;
  const dx = engine.output([n, height, width, cin]);
  const scratch = engine.reserve(engine.kernels.conv3x3ScratchBytes(cout, cin, engine.threads));
  engine.kernels.conv3x3InputGrad(
    engine.control,
    scratch,
    engine.addressOf(dy),
    engine.addressOf(w),
    engine.addressOf(y),
    engine.addressOf(dx),
    n,
    height,
    width,
    cin,
    cout,
  );
  return dx;
}

function filterGrad(engine: WasmEngine, { x, dy, y }: Inputs): TensorInfo[] {
  const [n, height, width, cin] = x!.shape as Shape4D;
  const cout = dy!.shape[3]!;
  const dw = engine.output([3, 3, cin, cout]);
  const db = engine.output([cout]);
  const scratch = engine.reserve(
    engine.kernels.conv3x3FilterGradScratchBytes(n, height, width, cin, cout, engine.threads),
  );
  engine.kernels.conv3x3FilterGrad(
    engine.control,
    scratch,
    engine.addressOf(x),
    engine.addressOf(dy),
    engine.addressOf(y),
    engine.addressOf(dw),
    engine.addressOf(db),
    n,
    height,
    width,
    cin,
    cout,
  );
  return [dw, db];
}

function adamUpdate(engine: WasmEngine, { w, gradient, m, v, average }: Inputs, attrs: AdamUpdateAttrs): TensorInfo[] {
  const { learningRate, beta1, beta2, epsilon, step, averageDecay } = attrs;
  const outputs = [0, 1, 2, 3].map(() => engine.output(w!.shape));
  const [newW, newM, newV, newAverage] = outputs;
  engine.kernels.adamUpdate(
    engine.control,
    engine.addressOf(w),
    engine.addressOf(gradient),
    engine.addressOf(m),
    engine.addressOf(v),
    engine.addressOf(average),
    engine.addressOf(newW),
    engine.addressOf(newM),
    engine.addressOf(newV),
    engine.addressOf(newAverage),
    tf.util.sizeFromShape(w!.shape),
    beta1,
    beta2,
    learningRate,
    epsilon,
    1 - beta1 ** step,
    1 - beta2 ** step,
    averageDecay,
  );
  return outputs;
}

const kernels: Record<string, Kernel> = {
  [CONV3X3]: conv3x3,
  [CONV3X3_INPUT_GRAD]: inputGrad,
  [CONV3X3_FILTER_GRAD]: filterGrad,
  [ADAM_UPDATE]: adamUpdate,
};
