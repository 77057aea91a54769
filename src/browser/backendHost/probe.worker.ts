import * as tf from '@tensorflow/tfjs';
import { conv3x3, conv3x3FilterGrad, conv3x3InputGrad } from '../../core/ops/conv3x3.ts';
import { registerReferenceKernels } from '../../core/ops/reference.ts';
import { createBackend } from '../../core/backend/chooseBackend.ts';
import { browserHost } from './browserHost.ts';

/** What the test of `browserHost.ts` wants to know from a worker. */
export interface Probe {
  readonly backend: string;
  readonly threads: number;
  /** The largest difference from the reference kernels, over the forward pass and all gradients. */
  readonly worst: number;
}

addEventListener('message', async () => {
  const { threads } = await createBackend(browserHost).choose('wasm');
  const backend = tf.getBackend();
  const fast = await everyResult();
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
  const reference = await everyResult();
  const worst = Math.max(...fast.map((value, i) => Math.abs(value - reference[i]!)));
  const probe: Probe = { backend, threads, worst };
  postMessage(probe);
});

async function everyResult(): Promise<Float32Array> {
  const wave = (shape: number[], step: number): tf.Tensor =>
    tf.sin(tf.mul(tf.range(0, tf.util.sizeFromShape(shape)), step)).reshape(shape);
  const all = tf.tidy(() => {
    const x = wave([2, 30, 26, 16], 0.37) as tf.Tensor4D;
    const w = tf.mul(wave([3, 3, 16, 12], 0.71), 0.1) as tf.Tensor4D;
    const y = conv3x3(x, w, wave([12], 0.9) as tf.Tensor1D, { relu: true });
    const dy = wave([2, 30, 26, 12], 0.53) as tf.Tensor4D;
    const results = [y, conv3x3InputGrad(dy, w, y), ...conv3x3FilterGrad(x, tf.mul(dy, 0.1), y)];
    return tf.concat(results.map((result) => result.flatten()));
  });
  const values = (await all.data()) as Float32Array;
  all.dispose();
  return values;
}
