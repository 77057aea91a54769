import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { conv3x3, conv3x3FilterGrad, conv3x3InputGrad } from './conv3x3.ts';

/** A clock in milliseconds, from any start. */
export type Clock = () => number;

/** Speed of our kernels on tfjs' current backend, GFLOP/s (2 per multiply-add, convolutions only). */
export interface DeviceSpeed {
  readonly forward: number;
  readonly inputGrad: number;
  readonly filterGrad: number;
  /** A training step: forward, input and filter gradient in equal shares. */
  readonly training: number;
}

/** 32 → 32 channels on 64 × 64 pixels: 75 MFLOP, the middle of what the presets compute. */
const [SIDE, CHANNELS] = [64, 32];
const FLOPS = 18 * SIDE * SIDE * CHANNELS * CHANNELS;

/** Measures the current backend in at most about `milliseconds`, by a third for each kernel. */
export async function measureDevice(clock: Clock, milliseconds = 2700): Promise<DeviceSpeed> {
  const x = tf.randomUniform([1, SIDE, SIDE, CHANNELS], -1, 1, 'float32', 1) as Tensor4D;
  const w = tf.randomUniform([3, 3, CHANNELS, CHANNELS], -0.1, 0.1, 'float32', 2) as Tensor4D;
  const b = tf.zeros([CHANNELS]) as Tensor1D;
  const share = milliseconds / 3;
  const forward = await speedOf(() => conv3x3(x, w, b, { relu: true }), FLOPS, clock, share);
  const inputGrad = await speedOf(() => conv3x3InputGrad(x, w, x), FLOPS, clock, share);
  const filterGrad = await speedOf(() => conv3x3FilterGrad(x, x, x)[0], FLOPS, clock, share);
  tf.dispose([x, w, b]);
  return { forward, inputGrad, filterGrad, training: 3 / (1 / forward + 1 / inputGrad + 1 / filterGrad) };
}

/**
 * GFLOP/s of an operation of `flops`: runs it once to warm up, then in rounds of doubling length until a round takes a
 * third of `milliseconds`, and takes the longest round.
 */
export async function speedOf(run: () => Tensor, flops: number, clock: Clock, milliseconds: number): Promise<number> {
  const start = clock();
  await finish(run, 1);
  for (let times = 1; ; times *= 2) {
    const before = clock();
    await finish(run, times);
    const took = clock() - before;
    if (took >= milliseconds / 3 || clock() - start + 2 * took > milliseconds) {
      return (flops * times) / (Math.max(took, 1e-3) * 1e6);
    }
  }
}

/** Runs an operation so many times and waits for the last result. */
async function finish(run: () => Tensor, times: number): Promise<void> {
  for (let i = 1; i < times; i++) tf.tidy(() => void run());
  const last = tf.tidy(run);
  await last.data();
  last.dispose();
}
