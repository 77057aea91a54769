import type { Tensor } from '@tensorflow/tfjs';
import type { Images } from '../paper/notation.ts';
import type { Random } from '../random.ts';

/** Name and shape of one array of weights; filters are [3,3,cin,cout], biases [cout]. */
export interface WeightShape {
  readonly name: string;
  readonly shape: readonly number[];
  /** A statistic that training leaves as it is, and that counts as no parameter. */
  readonly stored?: boolean;
}

/** Weights by name, as tensors (or variables). */
export type Weights = ReadonlyMap<string, Tensor>;

/** What the settings choose of a network, whatever its architecture; each architecture says what it makes of them. */
export interface NetworkSize {
  /** Residual blocks, ≥ 0. */
  readonly blocks: number;
  /** Filters of a layer, ≥ 1. */
  readonly filters: number;
  /** Choice: the output is the input image plus what the network computes (F2 and F3; no parameters), not that alone (F1). */
  readonly imageSkip: boolean;
}

/** One network of some architecture: plain data, as a model file stores it. The other fields belong to the architecture. */
export interface NetworkShape {
  /** Id of a registered architecture. */
  readonly architecture: string;
}

/** Numbers that a network holds per pixel of its image. */
export interface Footprint {
  /** While it is applied, at most: the layers alive at once, input and output. */
  readonly alive: number;
  /** Outputs of all layers, which training keeps for the gradient. */
  readonly kept: number;
  /** Its largest layer. */
  readonly widest: number;
}

/** A model file or a setting describes a network that cannot be built; the message says why. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** Arrays of a file by the names that its authors gave them; filters [out,in,k,k] (of transposed convolutions [in,out,k,k]). */
export type PublishedArrays = ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

/** A network that arrays of a file fit, and its weights by our names. */
export interface Recognized {
  readonly shape: NetworkShape;
  readonly weights: Map<string, Float32Array>;
}

/** A kind of network, and everything that files, training, tiling, memory estimates and lists need to know of it. */
export interface Architecture<Shape extends NetworkShape = NetworkShape> {
  /** As stored in files and settings. */
  readonly id: string;
  /** As people read it. */
  readonly title: string;
  /** The size that it was published in, as it is listed. */
  readonly usual: Omit<NetworkSize, 'imageSkip'>;
  /** Its weights are fitted by a command of its own: no gradient trains it, and the settings of a run cannot ask for it. */
  readonly isFitted?: true;
  /** Its size in words, where that is not blocks and filters. */
  describe?(shape: Shape): string;
  /** The shape in a stored JSON value. Throws ShapeError for anything that cannot be built. */
  parse(json: Readonly<Record<string, unknown>>): Shape;
  /** The shape of a size. Throws ShapeError where there is none. */
  ofSize(size: NetworkSize): Shape;
  /** The size that gives this shape. */
  sizeOf(shape: Shape): NetworkSize;
  /** Its weights in the order in which the network uses them. */
  weights(shape: Shape): WeightShape[];
  /** Fresh weights by name. */
  init(shape: Shape, random: Random): Map<string, Float32Array>;
  /** x [n,h,w,3] → [n,h,w,3], any h and w. Throws Error when a weight is missing. */
  apply(x: Images, weights: Weights, shape: Shape): Images;
  /** What `layers` gives adds up to x, so that z is the rain map that is shown and measured; otherwise that is x − y. */
  readonly isRainAdditive?: true;
  /** Of a network with the image-level skip that estimates the rain too: the derained image y and its rain map z, all [n,h,w,3]. */
  layers?(x: Images, weights: Weights, shape: Shape): { readonly y: Images; readonly z: Images };
  /**
   * Pixels that an output pixel sees in each direction (of its own octave, where there are several); Infinity where each sees the
   * whole image, so that no tiling is exact.
   */
  radius(shape: Shape): number;
  /** Sides and places of tiles are multiples of this many pixels. */
  multiple(shape: Shape): number;
  footprint(shape: Shape): Footprint;
  /** Multiply-adds of its convolutions per pixel of a large image. */
  multiplyAdds(shape: Shape): number;
  /**
   * Of a published network: its shapes and weights that a file's arrays fit, the usual one first; none where they are of
   * something else. Not for files of our own, which say what they hold.
   */
  recognize?(arrays: PublishedArrays): readonly Recognized[];
  /** Present where the network works octave by octave, coarse to fine. */
  readonly octaves?: Octaves<Shape>;
  /**
   * Weights with which the network that has the opposite image-level skip computes x − apply(x); absent where they are the same, as
   * the skip chooses between the derained image y and the rain map x − y.
   */
  complement?(weights: ReadonlyMap<string, Float32Array>): Map<string, Float32Array>;
}

/** The steps of a network that is applied to an image at several octaves (the image, its half, its quarter …). */
export interface Octaves<Shape extends NetworkShape = NetworkShape> {
  /** How many an image is worked on at, itself included; ≥ 1. */
  count(height: number, width: number): number;
  /**
   * What one octave adds up to, y − x: x [n,h,w,3] with sides that are multiples of `multiple`; `coarse` [n,h/2,w/2,3] is
   * y − x of the next coarser octave, null at the coarsest. Returns [n,h,w,3].
   */
  residual(x: Images, coarse: Images | null, weights: Weights, shape: Shape): Images;
  /** Doubles a residual, as the network itself does before it adds to it: [n,h,w,3] → [n,2h,2w,3]. */
  enlarge(residual: Images): Images;
}
