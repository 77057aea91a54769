/** What the threads work on. A field that a kind of task does not use is not set. */

/** The kinds of task; see `chunks.ts`. */
export const TRANSFORM_FILTER: i32 = 1;
export const CONVOLVE: i32 = 2;
export const GATHER_FILTER_GRADIENT: i32 = 3;
export const REDUCE_FILTER_GRADIENT: i32 = 4;
export const UPDATE_ADAM: i32 = 5;

/**
 * One pass of a convolution of `n` images of h × w pixels, from `cin` to `cout` channels. Addresses are bytes; 0 = absent.
 * The input gradient is a convolution too: of dy, with the filter rotated by 180° and its channels swapped.
 */
// @ts-ignore: decorator
@unmanaged
export class Convolution {
  kind: i32;
  n: i32;
  h: i32;
  w: i32;
  cin: i32;
  cout: i32;
  relu: i32;
  /** 1: `filter` is [3,3,cout,cin] and to be rotated by 180°. */
  rotated: i32;
  /** [n,h,w,cin] */
  input: usize;
  /** [n,h,w,cin]: the input counts only where this is positive. In a filter gradient: [n,h,w,cout], and dy counts only there. */
  mask: usize;
  /** [3,3,cin,cout], or its gradient */
  filter: usize;
  /** [cout], or its gradient */
  bias: usize;
  /** [n,h,w,cout] */
  skip: usize;
  /** [n,h,w,cout]: the result; in a filter gradient: dy */
  output: usize;
  /** The transformed filter (see `packedAddress`); in a filter gradient: partial sums of it. */
  packed: usize;
  /** Partial sums of a filter gradient. */
  partials: i32;
  /** Scratch of thread 0; each following thread has the next `threadBytes`. */
  scratch: usize;
  threadBytes: usize;
}

/** One Adam update over `size` numbers. Addresses of float32 arrays. */
// @ts-ignore: decorator
@unmanaged
export class Adam {
  kind: i32;
  size: i32;
  w: usize;
  gradient: usize;
  m: usize;
  v: usize;
  average: usize;
  newW: usize;
  newM: usize;
  newV: usize;
  newAverage: usize;
  beta1: f32;
  beta2: f32;
  rate: f32;
  epsilon: f32;
  /** 1 − β₁ᵗ and 1 − β₂ᵗ */
  correction1: f32;
  correction2: f32;
  averageDecay: f32;
}
