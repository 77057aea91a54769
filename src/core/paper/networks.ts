import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { Images } from './notation.ts';

/**
 * Any trainable function from images to images of the same size. The paper allows F1…F3 to be any CNN, so the training
 * step knows no more than this.
 */
export interface Network {
  /** Trainable arrays by name. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** x [n,h,w,3] → [n,h,w,3]. With `weights`, those take the place of the variables (a moving average, say). */
  apply(x: Images, weights?: ReadonlyMap<string, Tensor>): Images;
}

export type NetworkName = 'f1' | 'f2' | 'f3';
export const networkNames: readonly NetworkName[] = ['f1', 'f2', 'f3'];

/** F1: rain map z (2,3). F2: derained y (6,7). F1 and F2 are the teacher, F3 the student. */
export type Networks = Readonly<Record<NetworkName, Network>>;
