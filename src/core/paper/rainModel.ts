import * as tf from '@tensorflow/tfjs';
import type { Images } from './notation.ts';

/** Eq. (1) solved for the background:  B = O − R.  Both [n,h,w,3]; the result may leave 0..1. */
export function removeRain(x: Images, z: Images): Images {
  return tf.sub(x, z);
}

/** Eq. (9):  xRef = yGt + zReal, a clean image with the real rain that F1 found.  All [n,h,w,3]; not clipped. */
export function addRain(yGt: Images, zReal: Images): Images {
  return tf.add(yGt, zReal);
}
