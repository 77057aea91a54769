import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-web/wasm';
import ortModuleUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import ortBinaryUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { browserHost } from '../../src/browser/backendHost/browserHost.ts';
import { createBackend } from '../../src/core/backend/chooseBackend.ts';
import { inference, inferenceShape, inferenceWeights, randomImage } from './inference.ts';
import { edsrOnnx } from './onnxModel.ts';
import type { SuiteRequest, WasmFigures } from './protocol.ts';
import { scalingFigures } from './scaling.ts';
import { edsrMacs, ourStep, stepFlops, stockStep } from './steps.ts';
import { alternate } from './timing.ts';

/** Our WASM kernels against stock WebGL (a step) and against onnxruntime-web (inference). */
export async function wasmSuite(
  { size, rounds, image, scaling: wantsScaling }: SuiteRequest,
  say: (text: string) => void,
): Promise<WasmFigures> {
  const { threads, description } = await createBackend(browserHost).choose('wasm');
  say(description);
  const infer = await inferenceFigures(image, threads, say);
  const scaling = wantsScaling ? await scalingFigures(say) : [];
  const ours = ourStep(size);
  await ours.run();
  await use('webgl');
  const warmUp = stockStep({ ...size, crop: 8 });
  await warmUp.run();
  warmUp.dispose();
  const stock = stockStep(size);
  const {
    ours: stepMs,
    other: stockWebglStepMs,
    ratio,
  } = await alternate(
    async () => (await use('wasm'), ours.run()),
    async () => (await use('webgl'), stock.run()),
    rounds,
  );
  say(`step ${stepMs.toFixed(0)} ms, stock WebGL ${stockWebglStepMs.toFixed(0)} ms`);
  const stepGflops = stepFlops(size) / stepMs / 1e6;
  return { threads, stepMs, stockWebglStepMs, stepRatio: ratio, stepGflops, scaling, ...infer };
}

async function use(backend: string): Promise<void> {
  if (!(await tf.setBackend(backend)) || tf.getBackend() !== backend) throw new Error(`${backend} did not start.`);
}

type InferenceFigures = Pick<
  WasmFigures,
  'inferMs' | 'inferGflops' | 'stockInferMs' | 'ortInferMs' | 'inferRatioOrt' | 'inferDifference'
>;

async function inferenceFigures(side: number, threads: number, say: (text: string) => void): Promise<InferenceFigures> {
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = { mjs: ortModuleUrl, wasm: ortBinaryUrl };
  const session = await ort.InferenceSession.create(edsrOnnx(inferenceShape, inferenceWeights(), side, side), {
    executionProviders: ['wasm'],
  });
  const planes = toPlanes(randomImage(side));
  const runOrt = async (): Promise<Float32Array> => {
    const { y } = await session.run({ x: new ort.Tensor('float32', planes, [1, 3, side, side]) });
    return y!.data as Float32Array;
  };
  const [ours, stock] = [inference('ours', side), inference('stock', side)];
  const [mine, theirs] = [toPlanes(await ours.run()), await runOrt()];
  const inferDifference = mine.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0);
  await stock.run();
  const againstOrt = await alternate(() => ours.run(), runOrt, 5);
  const againstStock = await alternate(
    () => ours.run(),
    () => stock.run(),
    3,
  );
  ours.dispose();
  stock.dispose();
  await session.release();
  const inferGflops = (2 * side * side * edsrMacs(inferenceShape)) / againstOrt.ours / 1e6;
  say(
    `inference ${againstOrt.ours.toFixed(0)} ms, onnxruntime ${againstOrt.other.toFixed(0)} ms, differ by ${inferDifference.toExponential(1)}`,
  );
  return {
    inferMs: againstOrt.ours,
    inferGflops,
    stockInferMs: againstStock.other,
    ortInferMs: againstOrt.other,
    inferRatioOrt: againstOrt.ratio,
    inferDifference,
  };
}

/** [h,w,3] → [3,h,w]. */
function toPlanes(pixels: Float32Array): Float32Array {
  const size = pixels.length / 3;
  return Float32Array.from(pixels, (_, i) => pixels[(i % size) * 3 + Math.floor(i / size)]!);
}
