import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { NetworkShape } from '../architectures/architecture.ts';
import type { GmmShape } from '../architectures/gmm.ts';
import { applyNetwork, architectureNamed, footprint, networkSize, networkWeights } from '../architectures/registry.ts';
import type { Images } from '../paper/notation.ts';
import { removeRain } from '../paper/rainModel.ts';
import type { Pixels } from '../images/pixels.ts';
import type { ModelFile, WeightArrays } from '../weights/modelFile.ts';
import { createGmmDerainer } from './gmmDerainer.ts';
import type { Rect, Size } from './tiles.ts';

/** What a network makes of images x, all [n,h,w,3]. */
export interface Derained {
  readonly y: Images;
  /** The rain map, where it is estimated: F1(x) of a teacher, or a published network's own. A student only implies x − y. */
  readonly z: Images | null;
}

/** What was found one octave coarser, all [n,h/2,w/2,3]. */
export interface CoarseResult {
  /** y − x. */
  readonly residual: Images;
  /** z, of a teacher. */
  readonly rainMap: Images | null;
}

/** An image that is read where it is needed. */
export interface WholeImage extends Size {
  /** A rectangle inside the image. */
  read(rect: Rect): Pixels | Promise<Pixels>;
}

/**
 * Something that removes rain from images of any size, ready to run: a student, a teacher, a compared system. An image is worked
 * on at one or more octaves, coarse to fine (`derain.ts`); most networks know one only.
 */
export interface Derainer {
  /** Pixels that an output pixel sees in each direction, of its octave; Infinity: the whole image, which is then one tile. */
  readonly radius: number;
  /** Sides and places of what it is given are multiples of this. */
  readonly multiple: number;
  /** Numbers per pixel that are alive at once while it runs. */
  readonly alive: number;
  /** Looks at the whole image before its tiles come, where that is needed. */
  prepare?(image: WholeImage): Promise<void>;
  /** Octaves that an image of that size is worked on at, itself included. */
  octaves(height: number, width: number): number;
  /**
   * One octave: x [n,h,w,3] in 0..1, and what the next coarser one found (null at the coarsest). The caller disposes what
   * comes back.
   */
  derain(x: Images, coarse?: CoarseResult | null): Derained;
  /** Frees the weights. */
  dispose(): void;
}

/** A derainer whose result takes its time, as it is computed outside tfjs. */
export interface AsyncDerainer extends Omit<Derainer, 'derain'> {
  derain(x: Images): Promise<Derained>;
}

/** The derainer of a model file: y = F3(x) of a student; z = F1(x), y = F2(x − z) of a teacher (2,6). */
export function createDerainer(model: ModelFile): Derainer {
  if (model.role === 'student' && model.shape.architecture === 'gmm')
    return createGmmDerainer(model.shape as GmmShape, model.weights);
  return model.role === 'student'
    ? studentDerainer(model.shape, model.weights)
    : teacherDerainer(model.shapes, model.weights);
}

function studentDerainer(shape: NetworkShape, arrays: WeightArrays): Derainer {
  const { radius, multiple, octaves, layers, isRainAdditive } = architectureNamed(shape.architecture);
  const { imageSkip } = networkSize(shape);
  const weights = uploaded(shape, arrays);
  return {
    radius: radius(shape),
    multiple: multiple(shape),
    alive: footprint(shape).alive,
    octaves: (height, width) => octaves?.count(height, width) ?? 1,
    derain: (x, coarse = null) => {
      if (layers && isRainAdditive && imageSkip) return layers(x, weights, shape);
      const y: Images = octaves
        ? tf.tidy(() => tf.add(x, octaves.residual(x, coarse && coarse.residual, weights, shape)))
        : applyNetwork(x, weights, shape);
      return { y, z: null };
    },
    dispose: () => tf.dispose([...weights.values()]),
  };
}

/** F2 is applied at each octave to what F1 left there; where F1 works octave by octave it hands its map on, not F2's image. */
function teacherDerainer(
  shapes: { readonly f1: NetworkShape; readonly f2: NetworkShape },
  arrays: { readonly f1: WeightArrays; readonly f2: WeightArrays },
): Derainer {
  const [a1, a2] = [architectureNamed(shapes.f1.architecture), architectureNamed(shapes.f2.architecture)];
  const f1 = uploaded(shapes.f1, arrays.f1);
  const f2 = uploaded(shapes.f2, arrays.f2);
  const rainMap = (x: Images, coarse: CoarseResult | null): Images => {
    if (!a1.octaves) return applyNetwork(x, f1, shapes.f1);
    const found = coarse && (tf.neg(coarse.rainMap!) as Images);
    return tf.neg(a1.octaves.residual(x, found, f1, shapes.f1));
  };
  return {
    radius: a1.radius(shapes.f1) + a2.radius(shapes.f2),
    multiple: Math.max(a1.multiple(shapes.f1), a2.multiple(shapes.f2)),
    alive: Math.max(footprint(shapes.f1).alive, footprint(shapes.f2).alive),
    octaves: (height, width) => a1.octaves?.count(height, width) ?? 1,
    derain: (x, coarse = null) => {
      const z = tf.tidy(() => rainMap(x, coarse));
      return { y: tf.tidy(() => applyNetwork(removeRain(x, z), f2, shapes.f2)), z };
    },
    dispose: () => tf.dispose([...f1.values(), ...f2.values()]),
  };
}

/**
 * Choice: the mean result over the eight rotations and reflections of an image, each undone ("self-ensemble"). Eight times
 * the work. Disposing it disposes the network.
 */
export function selfEnsemble(derainer: Derainer): Derainer {
  const { prepare: _, ...turnable } = derainer; // what it saw would not be turned
  return {
    ...turnable,
    derain: (x, coarse = null) => {
      const sums: { y: Images | null; z: Images | null } = { y: null, z: null };
      for (const { turn, back } of symmetries) {
        const rotated = turn(x);
        const rotatedCoarse = coarse && {
          residual: turn(coarse.residual),
          rainMap: coarse.rainMap && turn(coarse.rainMap),
        };
        const { y, z } = derainer.derain(rotated, rotatedCoarse);
        sums.y = addInto(sums.y, y, back);
        if (z) sums.z = addInto(sums.z, z, back);
        tf.dispose(rotatedCoarse ? [rotated, rotatedCoarse.residual, rotatedCoarse.rainMap!] : rotated);
      }
      return { y: eighth(sums.y!), z: sums.z && eighth(sums.z) };
    },
    dispose: () => derainer.dispose(),
  };
}

type Turn = (x: Images) => Images;

const symmetries: readonly { readonly turn: Turn; readonly back: Turn }[] = [[], [1], [2], [1, 2]].flatMap((flips) => {
  const flip: Turn = (x) => (flips.length ? tf.reverse(x, flips) : tf.clone(x));
  const transpose: Turn = (x) => tf.transpose(x, [0, 2, 1, 3]);
  return [
    { turn: flip, back: flip },
    { turn: (x) => tf.tidy(() => transpose(flip(x))), back: (x) => tf.tidy(() => flip(transpose(x))) },
  ];
});

/** sum + back(term); the two given tensors are disposed. */
function addInto(sum: Images | null, term: Images, back: Turn): Images {
  const next = tf.tidy(() => (sum ? tf.add(sum, back(term)) : back(term)));
  tf.dispose(sum ? [sum, term] : [term]);
  return next as Images;
}

function eighth(sum: Images): Images {
  const mean = tf.div(sum, 8) as Images;
  sum.dispose();
  return mean;
}

function uploaded(shape: NetworkShape, arrays: WeightArrays): Map<string, Tensor> {
  return new Map(networkWeights(shape).map(({ name, shape: dims }) => [name, tf.tensor(arrays.get(name)!, [...dims])]));
}
