import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { edsr, edsrWeights, receptiveRadius } from '../paper/edsr.ts';
import type { EdsrShape } from '../paper/edsr.ts';
import type { Images } from '../paper/notation.ts';
import { removeRain } from '../paper/rainModel.ts';
import type { ModelFile, WeightArrays } from '../weights/studentFile.ts';

/** What a network makes of pictures x, all [n,h,w,3]. */
export interface Cleared {
  readonly derained: Images;
  /** z = F1(x), where a teacher estimates it; a student only implies x − y. */
  readonly rainMap: Images | null;
}

/** Something that takes rain off pictures of any size, ready to run. */
export interface PhotoNetwork {
  /** Pixels that an output pixel sees in each direction. */
  readonly radius: number;
  /** x [n,h,w,3] in 0..1. The caller disposes what comes back. */
  apply(x: Images): Cleared;
  /** Frees the weights. */
  dispose(): void;
}

/** The network of a model file: y = F3(x) of a student; z = F1(x), y = F2(x − z) of a teacher (2,6). */
export function photoNetwork(model: ModelFile): PhotoNetwork {
  return model.role === 'student'
    ? studentNetwork(model.shape, model.weights)
    : teacherNetwork(model.shapes, model.weights);
}

function studentNetwork(shape: EdsrShape, arrays: WeightArrays): PhotoNetwork {
  const weights = uploaded(shape, arrays);
  return {
    radius: receptiveRadius(shape),
    apply: (x) => ({ derained: edsr(x, weights, shape), rainMap: null }),
    dispose: () => tf.dispose([...weights.values()]),
  };
}

function teacherNetwork(
  shapes: { readonly f1: EdsrShape; readonly f2: EdsrShape },
  arrays: { readonly f1: WeightArrays; readonly f2: WeightArrays },
): PhotoNetwork {
  const f1 = uploaded(shapes.f1, arrays.f1);
  const f2 = uploaded(shapes.f2, arrays.f2);
  return {
    radius: receptiveRadius(shapes.f1) + receptiveRadius(shapes.f2),
    apply: (x) => {
      const rainMap = edsr(x, f1, shapes.f1);
      return { derained: tf.tidy(() => edsr(removeRain(x, rainMap), f2, shapes.f2)), rainMap };
    },
    dispose: () => tf.dispose([...f1.values(), ...f2.values()]),
  };
}

/**
 * Choice: the mean answer over the eight turns and mirrorings of a picture, each turned back ("self-ensemble"). Eight times
 * the work. Disposing it disposes the network.
 */
export function selfEnsemble(network: PhotoNetwork): PhotoNetwork {
  return {
    radius: network.radius,
    apply: (x) => {
      const sums: { derained: Images | null; rainMap: Images | null } = { derained: null, rainMap: null };
      for (const { turn, back } of symmetries) {
        const turned = turn(x);
        const { derained, rainMap } = network.apply(turned);
        sums.derained = addInto(sums.derained, derained, back);
        if (rainMap) sums.rainMap = addInto(sums.rainMap, rainMap, back);
        turned.dispose();
      }
      return { derained: eighth(sums.derained!), rainMap: sums.rainMap && eighth(sums.rainMap) };
    },
    dispose: () => network.dispose(),
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

function uploaded(shape: EdsrShape, arrays: WeightArrays): Map<string, Tensor> {
  return new Map(edsrWeights(shape).map(({ name, shape: dims }) => [name, tf.tensor(arrays.get(name)!, [...dims])]));
}
