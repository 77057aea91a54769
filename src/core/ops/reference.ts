import * as tf from '@tensorflow/tfjs';
import type { KernelFunc, Tensor, Tensor4D } from '@tensorflow/tfjs';
import { ADAM_UPDATE } from './adamUpdate.ts';
import type { AdamUpdateAttrs, AdamUpdateInputs } from './adamUpdate.ts';
import { CONV3X3, CONV3X3_FILTER_GRAD, CONV3X3_INPUT_GRAD } from './conv3x3.ts';
import type { Conv3x3Attrs, Conv3x3FilterGradInputs, Conv3x3InputGradInputs, Conv3x3Inputs } from './conv3x3.ts';

/**
 * Reference kernels: every operation of ours, composed from stock forward operations only, so that they run on any
 * backend that has `conv2d`. (tfjs' WASM backend has no `Conv2DBackpropFilter`, and its `Conv2DBackpropInput` is a
 * scalar loop; a convolution can express both.) They are what each fast kernel must equal.
 */
export function registerReferenceKernels(backendName: string): void {
  for (const [kernelName, compute] of Object.entries(compositions)) {
    if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ kernelName, backendName, kernelFunc: composed(compute) });
  }
}

type Composition = (inputs: never, attrs: never) => Tensor | Tensor[];

/** Inside a kernel the engine records nothing on the tape, so stock operations may be used freely. */
function composed(compute: Composition): KernelFunc {
  return ({ inputs, attrs }) => tf.tidy(() => compute(inputs as never, attrs as never));
}

function forward({ x, w, b, skip }: Conv3x3Inputs, { relu }: Conv3x3Attrs): Tensor {
  const convolved = tf.add(tf.conv2d(x, w, 1, 'same'), b);
  const summed = skip ? tf.add(convolved, skip) : convolved;
  return relu ? tf.relu(summed) : summed;
}

/** A convolution with the filter rotated by 180° and its channel axes swapped. */
function inputGrad({ dy, w, y }: Conv3x3InputGradInputs): Tensor {
  const rotated = tf.transpose(tf.reverse(w, [0, 1]), [0, 1, 3, 2]); // [3,3,cout,cin]
  return tf.conv2d(masked(dy, y), rotated as Tensor4D, 1, 'same');
}

/** dw as a convolution: channels of x take the batch's place, and dy is an h×w filter. */
function filterGrad({ x, dy, y }: Conv3x3FilterGradInputs): Tensor[] {
  const out = masked(dy, y);
  const image = tf.transpose(
    tf.pad(x, [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]),
    [3, 1, 2, 0],
  ) as Tensor4D; // [cin,h+2,w+2,n]
  const filter = tf.transpose(out, [1, 2, 0, 3]) as Tensor4D; // [h,w,n,cout]
  const dw = tf.transpose(tf.conv2d(image, filter, 1, 'valid'), [1, 2, 0, 3]); // [3,3,cin,cout]
  return [dw, tf.sum(out, [0, 1, 2])];
}

function masked(dy: Tensor4D, y: Tensor4D | undefined): Tensor4D {
  return y ? tf.mul(dy, tf.step(y)) : dy;
}

function adam({ w, gradient, m, v, average }: AdamUpdateInputs, attrs: AdamUpdateAttrs): Tensor[] {
  const { learningRate, beta1, beta2, epsilon, step, averageDecay } = attrs;
  const newM = tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1));
  const newV = tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2));
  const mHat = tf.div(newM, 1 - beta1 ** step);
  const vHat = tf.div(newV, 1 - beta2 ** step);
  const newW = tf.sub(w, tf.mul(learningRate, tf.div(mHat, tf.add(tf.sqrt(vHat), epsilon))));
  const newAverage = tf.add(tf.mul(average, averageDecay), tf.mul(newW, 1 - averageDecay));
  return [newW, newM, newV, newAverage];
}

const compositions: Record<string, Composition> = {
  [CONV3X3]: forward,
  [CONV3X3_INPUT_GRAD]: inputGrad,
  [CONV3X3_FILTER_GRAD]: filterGrad,
  [ADAM_UPDATE]: adam,
};
