import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { shortTraining } from '../training/shortTraining.ts';
import type { ShortTraining } from '../training/shortTraining.ts';
import { registerReferenceKernels } from './reference.ts';

const filters = { f1: 3, f2: 3, f3: 4 };

async function trainOn(backend: string): Promise<ShortTraining> {
  expect(await tf.setBackend(backend)).toBe(true);
  expect(tf.getBackend()).toBe(backend);
  registerReferenceKernels(backend);
  return shortTraining(6, filters);
}

it(
  'WebGL, which has no kernels of ours, trains along the same curve with the reference kernels',
  { timeout: 120_000 },
  async () => {
    const reference = await trainOn('cpu');
    const webgl = await trainOn('webgl');
    webgl.curve.forEach((loss, i) =>
      expect(Math.abs(loss / reference.curve[i]! - 1), `step ${i + 1}`).toBeLessThan(0.005),
    );
    expect(webgl.tensors[5]).toBe(webgl.tensors[1]);
  },
);
