import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { applyNetwork, initialWeights, networkWeights } from '../../src/core/architectures/registry.ts';
import type { EdsrShape } from '../../src/core/architectures/edsr.ts';
import type { Images } from '../../src/core/paper/notation.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { stockEdsr } from './steps.ts';

/** The network whose inference is compared. */
export const inferenceShape: EdsrShape = { architecture: 'edsr', blocks: 4, filters: 32, imageSkip: true };

export const inferenceWeights = (): Map<string, Float32Array> => initialWeights(inferenceShape, randomFromSeed(3));

/** A random image [1,side,side,3], row by row. */
export function randomImage(side: number): Float32Array {
  const random = randomFromSeed(4);
  return Float32Array.from({ length: side * side * 3 }, () => random.uniform());
}

/** One network over one image on tfjs' current backend; results are read back. */
export interface Inference {
  run(): Promise<Float32Array>;
  dispose(): void;
}

export function inference(kind: 'ours' | 'stock', side: number): Inference {
  const values = inferenceWeights();
  const weights = new Map<string, Tensor>();
  for (const { name, shape } of networkWeights(inferenceShape))
    weights.set(name, tf.tensor(values.get(name)!, [...shape]));
  const x = tf.tensor(randomImage(side), [1, side, side, 3]) as Images;
  return {
    async run() {
      const y = tf.tidy(() =>
        kind === 'ours' ? applyNetwork(x, weights, inferenceShape) : stockEdsr(x, weights, inferenceShape),
      );
      const result = (await y.data()) as Float32Array;
      y.dispose();
      return result;
    },
    dispose: () => tf.dispose([x, ...weights.values()]),
  };
}
