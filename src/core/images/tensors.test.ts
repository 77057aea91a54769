import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPixels } from './pixels.ts';
import type { Pixels } from './pixels.ts';
import { imageOf, imagesOfTensor, rgbOf, tensorOfImages, tensorOfSquares } from './tensors.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Every byte value occurs in every channel. */
function gradient(shift: number): Pixels {
  const image = createPixels(32, 8);
  for (let i = 0; i < 256; i++) for (let c = 0; c < 3; c++) image.data[i * 4 + c] = (i * (c + 1) + shift) % 256;
  return image;
}

describe('images and tensors', () => {
  it('give back every byte value in every place', async () => {
    const images = [gradient(0), gradient(77)];
    const tensor = tensorOfImages(images);
    expect(tensor.shape).toEqual([2, 8, 32, 3]);
    expect(await imagesOfTensor(tensor)).toEqual(images);
    expect(imageOf(rgbOf(images[0]!), 32, 8)).toEqual(images[0]);
  });

  it('count from 0 to 1, and leave alpha out', () => {
    const image = createPixels(1, 1);
    image.data.set([0, 51, 255, 7]);
    expect([...rgbOf(image)]).toEqual([0, Math.fround(0.2), 1]);
    expect([...tensorOfImages([image]).dataSync()]).toEqual([0, Math.fround(0.2), 1]);
  });

  it('round, and clip what is out of range', () => {
    const { data } = imageOf(Float32Array.of(-0.5, 0.499 / 255, 1.5, 254.6 / 255, 0.5, 1), 2, 1);
    expect([...data]).toEqual([0, 0, 255, 255, 255, 128, 255, 255]);
  });

  it('keep squares in their order', () => {
    const squares = [1, 2].map((value) => new Float32Array(12).fill(value));
    const tensor = tensorOfSquares(squares, 2);
    expect(tensor.shape).toEqual([2, 2, 2, 3]);
    expect([...tensor.dataSync()]).toEqual([...squares[0]!, ...squares[1]!]);
  });

  it('refuse several sizes, wrong lengths, and nothing at all', () => {
    expect(() => tensorOfImages([createPixels(2, 2), createPixels(2, 3)])).toThrow('2 × 3 does not join 2 × 2');
    expect(() => tensorOfImages([])).toThrow(RangeError);
    expect(() => tensorOfSquares([new Float32Array(11)], 2)).toThrow('needs 12 numbers, not 11');
    expect(() => tensorOfSquares([], 2)).toThrow(RangeError);
    expect(() => imageOf(new Float32Array(11), 2, 2)).toThrow('needs 12 numbers, not 11');
  });
});
