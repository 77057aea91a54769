import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { conv3x3 } from './conv3x3.ts';
import { registerReferenceKernels } from './reference.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

describe('conv3x3', () => {
  it('adds up the neighbourhood, the bias and the skip, and clips at zero', () => {
    const x = tf.ones([1, 3, 3, 1]) as tf.Tensor4D;
    const w = tf.ones([3, 3, 1, 2]) as tf.Tensor4D;
    const skip = tf.fill([1, 3, 3, 2], 0.5) as tf.Tensor4D;
    const y = conv3x3(x, w, tf.tensor1d([1, -7]), { relu: true, skip });
    // Nine neighbours in the middle, six at an edge, four at a corner.
    expect([...y.slice([0, 0, 0, 0], [1, 3, 3, 1]).dataSync()]).toEqual([5.5, 7.5, 5.5, 7.5, 10.5, 7.5, 5.5, 7.5, 5.5]);
    expect([...y.slice([0, 0, 0, 1], [1, 3, 3, 1]).dataSync()]).toEqual([0, 0, 0, 0, 2.5, 0, 0, 0, 0]);
  });

  it('has the gradient that tfjs derives for the same expression of stock operations', () => {
    const x = tf.randomNormal([2, 5, 4, 3], 0, 1, 'float32', 1) as tf.Tensor4D;
    const w = tf.randomNormal([3, 3, 3, 4], 0, 1, 'float32', 2) as tf.Tensor4D;
    const b = tf.randomNormal([4], 0, 1, 'float32', 3) as tf.Tensor1D;
    const skip = tf.randomNormal([2, 5, 4, 4], 0, 1, 'float32', 4) as tf.Tensor4D;
    const probe = tf.randomNormal([2, 5, 4, 4], 0, 1, 'float32', 5);
    const ours = tf.grads((...args) => {
      const [px, pw, pb, ps] = args as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D, tf.Tensor4D];
      return tf.sum(tf.mul(probe, conv3x3(px, pw, pb, { relu: true, skip: ps })));
    })([x, w, b, skip]);
    const stock = tf.grads((...args) => {
      const [px, pw, pb, ps] = args as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D, tf.Tensor4D];
      return tf.sum(tf.mul(probe, tf.relu(tf.add(tf.add(tf.conv2d(px, pw, 1, 'same'), pb), ps))));
    })([x, w, b, skip]);
    for (let i = 0; i < 4; i++) {
      expect(ours[i]!.shape).toEqual(stock[i]!.shape);
      expect(tf.max(tf.abs(tf.sub(ours[i]!, stock[i]!))).dataSync()[0]).toBeLessThan(1e-4);
    }
  });

  it('leaves no tensor behind', () => {
    const x = tf.ones([1, 4, 4, 3]) as tf.Tensor4D;
    const w = tf.ones([3, 3, 3, 3]) as tf.Tensor4D;
    const b = tf.zeros([3]) as tf.Tensor1D;
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) {
      tf.tidy(() => {
        tf.grads((px, pw, pb) =>
          tf.sum(conv3x3(px as tf.Tensor4D, pw as tf.Tensor4D, pb as tf.Tensor1D, { relu: true })),
        )([x, w, b]);
      });
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses shapes that do not fit, and names them', () => {
    const x = tf.ones([1, 4, 4, 3]) as tf.Tensor4D;
    expect(() => conv3x3(x, tf.ones([3, 3, 4, 3]), tf.zeros([3]))).toThrow(
      'the filter [3,3,4,3] does not fit the input [1,4,4,3]',
    );
    expect(() => conv3x3(x, tf.ones([3, 3, 3, 5]), tf.zeros([3]))).toThrow('the bias [3] must be [5]');
  });
});
