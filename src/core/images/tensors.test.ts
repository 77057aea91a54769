import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPixels } from './pixels.ts';
import type { Pixels } from './pixels.ts';
import { pictureOf, picturesOfTensor, rgbOf, tensorOfPictures, tensorOfSquares } from './tensors.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Every byte value occurs in every channel. */
function gradient(shift: number): Pixels {
  const picture = createPixels(32, 8);
  for (let i = 0; i < 256; i++) for (let c = 0; c < 3; c++) picture.data[i * 4 + c] = (i * (c + 1) + shift) % 256;
  return picture;
}

describe('pictures and tensors', () => {
  it('give back every byte value in every place', async () => {
    const pictures = [gradient(0), gradient(77)];
    const tensor = tensorOfPictures(pictures);
    expect(tensor.shape).toEqual([2, 8, 32, 3]);
    expect(await picturesOfTensor(tensor)).toEqual(pictures);
    expect(pictureOf(rgbOf(pictures[0]!), 32, 8)).toEqual(pictures[0]);
  });

  it('count from 0 to 1, and leave alpha out', () => {
    const picture = createPixels(1, 1);
    picture.data.set([0, 51, 255, 7]);
    expect([...rgbOf(picture)]).toEqual([0, Math.fround(0.2), 1]);
    expect([...tensorOfPictures([picture]).dataSync()]).toEqual([0, Math.fround(0.2), 1]);
  });

  it('round, and clip what is out of range', () => {
    const { data } = pictureOf(Float32Array.of(-0.5, 0.499 / 255, 1.5, 254.6 / 255, 0.5, 1), 2, 1);
    expect([...data]).toEqual([0, 0, 255, 255, 255, 128, 255, 255]);
  });

  it('keep squares in their order', () => {
    const squares = [1, 2].map((value) => new Float32Array(12).fill(value));
    const tensor = tensorOfSquares(squares, 2);
    expect(tensor.shape).toEqual([2, 2, 2, 3]);
    expect([...tensor.dataSync()]).toEqual([...squares[0]!, ...squares[1]!]);
  });

  it('refuse several sizes, wrong lengths, and nothing at all', () => {
    expect(() => tensorOfPictures([createPixels(2, 2), createPixels(2, 3)])).toThrow('2 × 3 does not join 2 × 2');
    expect(() => tensorOfPictures([])).toThrow(RangeError);
    expect(() => tensorOfSquares([new Float32Array(11)], 2)).toThrow('needs 12 numbers, not 11');
    expect(() => tensorOfSquares([], 2)).toThrow(RangeError);
    expect(() => pictureOf(new Float32Array(11), 2, 2)).toThrow('needs 12 numbers, not 11');
  });
});
