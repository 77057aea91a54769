import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { NetworkShape } from '../architectures/architecture.ts';
import { applyNetwork, architectureNamed, footprint, networkWeights } from '../architectures/registry.ts';
import type { Images } from '../paper/notation.ts';
import { removeRain } from '../paper/rainModel.ts';
import type { ModelFile, WeightArrays } from '../weights/modelFile.ts';

/** What a network makes of images x, all [n,h,w,3]. */
export interface Derained {
  readonly y: Images;
  /** z = F1(x), where a teacher estimates it; a student only implies x − y. */
  readonly z: Images | null;
}

/** Something that removes rain from images of any size, ready to run: a student, a teacher, a compared system. */
export interface Derainer {
  /** Pixels that an output pixel sees in each direction. */
  readonly radius: number;
  /** Numbers per pixel that are alive at once while it runs. */
  readonly alive: number;
  /** x [n,h,w,3] in 0..1. The caller disposes what comes back. */
  derain(x: Images): Derained;
  /** Frees the weights. */
  dispose(): void;
}

/** The derainer of a model file: y = F3(x) of a student; z = F1(x), y = F2(x − z) of a teacher (2,6). */
export function createDerainer(model: ModelFile): Derainer {
  return model.role === 'student'
    ? studentDerainer(model.shape, model.weights)
    : teacherDerainer(model.shapes, model.weights);
}

function studentDerainer(shape: NetworkShape, arrays: WeightArrays): Derainer {
  const weights = uploaded(shape, arrays);
  return {
    radius: receptiveRadius(shape),
    alive: footprint(shape).alive,
    derain: (x) => ({ y: applyNetwork(x, weights, shape), z: null }),
    dispose: () => tf.dispose([...weights.values()]),
  };
}

function teacherDerainer(
  shapes: { readonly f1: NetworkShape; readonly f2: NetworkShape },
  arrays: { readonly f1: WeightArrays; readonly f2: WeightArrays },
): Derainer {
  const f1 = uploaded(shapes.f1, arrays.f1);
  const f2 = uploaded(shapes.f2, arrays.f2);
  return {
    radius: receptiveRadius(shapes.f1) + receptiveRadius(shapes.f2),
    alive: Math.max(footprint(shapes.f1).alive, footprint(shapes.f2).alive),
    derain: (x) => {
      const z = applyNetwork(x, f1, shapes.f1);
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
  return {
    ...derainer,
    derain: (x) => {
      const sums: { y: Images | null; z: Images | null } = { y: null, z: null };
      for (const { turn, back } of symmetries) {
        const turned = turn(x);
        const { y, z } = derainer.derain(turned);
        sums.y = addInto(sums.y, y, back);
        if (z) sums.z = addInto(sums.z, z, back);
        turned.dispose();
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

function receptiveRadius(shape: NetworkShape): number {
  return architectureNamed(shape.architecture).radius(shape);
}
