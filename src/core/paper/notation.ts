import type { Tensor4D } from '@tensorflow/tfjs';

/** A batch of images or rain maps, [n,h,w,3], RGB in 0..1 (a rain map of a network may leave that range). */
export type Images = Tensor4D;

/** Index of a rain direction, 0…17: ten degrees each, 0 to the right, counter-clockwise as seen on screen, 9 = vertical. */
export type DirectionIndex = number;

/** Synthetic, labelled: xSyn = yGt + zGt holds exactly. */
export interface SyntheticBatch {
  readonly xSyn: Images;
  readonly yGt: Images;
  readonly zGt: Images;
  /** θ of each image, length n. */
  readonly direction: readonly DirectionIndex[];
}

/** Real rainy photos; nothing else is known of them. Same n, h, w as the synthetic batch. */
export interface RealBatch {
  readonly xReal: Images;
}

/** The rain map and the derained image that a teacher gives; constants to the student. */
export interface TeacherOutput {
  readonly z: Images;
  readonly y: Images;
}

export interface Batch extends SyntheticBatch, RealBatch {
  /** (zReal, yReal), where they are known already: of a teacher that stays as it is. */
  readonly onReal?: TeacherOutput;
}
