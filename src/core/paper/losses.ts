import * as tf from '@tensorflow/tfjs';
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { filterEachImage } from '../ops/filterEachImage.ts';
import { halve } from '../ops/halve.ts';
import { meanAbsoluteDifference } from '../ops/meanAbsoluteDifference.ts';
import { kernelPair } from './directionKernels.ts';
import type { KernelSize } from './hyperparameters.ts';
import type { DirectionIndex, Images } from './notation.ts';

/** |a − b|: the mean of absolute differences. Same shape; a scalar. Every loss of the paper is made of it. */
export function l1(a: Tensor, b: Tensor): Scalar {
  return meanAbsoluteDifference(a, b);
}

/** Rain-map content, Eq. (4):  |zSyn − zGt|.  Both [n,h,w,3]. */
export function contentLoss(zSyn: Images, zGt: Images): Scalar {
  return l1(zSyn, zGt);
}

/**
 * Rain direction regularizer, Eq. (5):  Σ_k |k ⊗ zSyn − k ⊗ zGt|,  k ∈ {k∥, k⊥} of each image.
 * zSyn, zGt [n,h,w,3]; direction: n labels 0…17. Convolution is linear, so the difference is filtered once.
 * Choice: no padding, so that the image's border makes no false edge.
 * Choice: with `octaves` > 1 the mean over so many octaves, each the 2×2 means of the one before: rain of every size is held
 * to its direction, not only as much of it as a kernel of l pixels sees. h, w are multiples of 2^(octaves − 1).
 */
export function directionLoss(
  zSyn: Images,
  zGt: Images,
  direction: readonly DirectionIndex[],
  size: KernelSize,
  octaves = 1,
): Scalar {
  const kernels = direction.map((index) => {
    const { parallel, perpendicular } = kernelPair(index, size);
    return [parallel, perpendicular];
  });
  return tf.tidy(() => {
    let difference: Images = tf.sub(zSyn, zGt);
    const losses: Scalar[] = [];
    for (let octave = 0; octave < octaves; octave++) {
      if (octave > 0) difference = halve(difference);
      const responses = filterEachImage(difference, kernels, size);
      losses.push(meanAbsoluteDifference(responses, undefined, 2)); // equally many responses of both kernels: sum = 2 · mean
    }
    return octaves === 1 ? losses[0]! : (tf.div(tf.addN(losses), octaves) as Scalar);
  });
}

/** Reconstruction, Eq. (8):  |ySyn − yGt|.  Both [n,h,w,3]. */
export function reconstructionLoss(ySyn: Images, yGt: Images): Scalar {
  return l1(ySyn, yGt);
}

/** Total variation:  |∂x yReal| + |∂y yReal|,  each the mean of absolute first differences. yReal [n,h,w,3], h, w ≥ 2. */
export function tvLoss(yReal: Images): Scalar {
  const [n, h, w, c] = yReal.shape;
  return tf.tidy(() => {
    const right = yReal.slice([0, 0, 1, 0], [n, h, w - 1, c]);
    const left = yReal.slice([0, 0, 0, 0], [n, h, w - 1, c]);
    const below = yReal.slice([0, 1, 0, 0], [n, h - 1, w, c]);
    const above = yReal.slice([0, 0, 0, 0], [n, h - 1, w, c]);
    return tf.add(l1(right, left), l1(below, above)) as Scalar;
  });
}

/** Cycle:  |yReal + zReal − xReal|.  All [n,h,w,3]. */
export function cycleLoss(yReal: Images, zReal: Images, xReal: Images): Scalar {
  return tf.tidy(() => l1(tf.add(yReal, zReal), xReal));
}

/** Distillation, first part of Eq. (10):  |F3(xReal) − yReal|.  Both [n,h,w,3]. */
export function distillRealLoss(f3OfReal: Images, yReal: Images): Scalar {
  return l1(f3OfReal, yReal);
}

/** Distillation, second part of Eq. (10), before its weight φ:  |F3(xRef) − yGt|.  Both [n,h,w,3]. */
export function distillRefLoss(f3OfRef: Images, yGt: Images): Scalar {
  return l1(f3OfRef, yGt);
}

/** Labelled rain, shown to the student:  |F3(xSyn) − yGt|.  Both [n,h,w,3]. Choice: not in the paper; its weight is 0 there. */
export function labelledLoss(f3OfSyn: Images, yGt: Images): Scalar {
  return l1(f3OfSyn, yGt);
}
