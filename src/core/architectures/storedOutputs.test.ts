import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerReferenceKernels } from '../ops/reference.ts';
import { randomFromSeed } from '../random.ts';
import type { NetworkShape } from './architecture.ts';
import { applyNetwork, initialWeights, networkWeights, parseShape } from './registry.ts';

/**
 * Outputs of small networks of every published architecture, each with weights from a seed: eight values of one image, kept from when
 * the same code gave what its authors' own code gives with its authors' weights (`petrichor peers --check`). Those without
 * published weights are kept as they were counted and read.
 */
interface StoredOutput {
  readonly shape: object;
  readonly values: readonly number[];
}

const stored = JSON.parse(
  readFileSync(new URL('storedOutputs.json', import.meta.url), 'utf8'),
) as readonly StoredOutput[];

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

/** Every 49th value of the output for an image of 16 × 12 pixels. */
function sampleOf(shape: NetworkShape): number[] {
  const random = randomFromSeed(6);
  const initial = initialWeights(shape, random);
  return tf.tidy(() => {
    const weights = networkWeights(shape).map(({ name, shape: dims }): [string, tf.Tensor] => {
      const shift = dims.length === 1 ? 0.2 : 0;
      const stream = random.split(`shift of ${name}`);
      return [
        name,
        tf.tensor(
          initial.get(name)!.map((value) => value + shift * stream.uniform()),
          [...dims],
        ),
      ];
    });
    const pixels = Float32Array.from({ length: 12 * 16 * 3 }, (_, i) => 0.5 + 0.4 * Math.sin(i * i * 0.37));
    const y = applyNetwork(tf.tensor4d(pixels, [1, 12, 16, 3]), new Map(weights), shape).dataSync();
    return Array.from({ length: 8 }, (_, i) => y[i * 49 + 20]!);
  });
}

describe('a published network', () => {
  it.each(stored.map(({ shape, values }) => [JSON.stringify(shape), shape, values] as const))(
    'gives what it gave: %s',
    (_name, shape, values) => {
      const sample = sampleOf(parseShape(shape));
      const scale = Math.max(1, ...values.map(Math.abs));
      sample.forEach((value, i) => expect(Math.abs(value - values[i]!) / scale).toBeLessThan(1e-5));
    },
  );
});
