import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPixels } from '../images/pixels.ts';
import type { Pixels } from '../images/pixels.ts';
import { batchOf } from './batchSquares.ts';
import type { ImageSource } from './imageSource.ts';
import { NoImagesError, Sampler } from './sampler.ts';
import type { SamplerOptions } from './sampler.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Even grey images: rain is all that differs from a known level. */
function grey(level: number): Pixels {
  const image = createPixels(40, 30);
  image.data.fill(level);
  return image;
}

const levels = { clean: 51, rainy: 102, pairRainy: 204, pairClean: 153 } as const;
const source: ImageSource = {
  clean: ['a', 'b'],
  rainy: ['r'],
  pairs: [{ id: 'p', direction: 9 }],
  readClean: async () => grey(levels.clean),
  readRainy: async () => grey(levels.rainy),
  readPair: async () => ({ rainy: grey(levels.pairRainy), clean: grey(levels.pairClean) }),
};
const options: SamplerOptions = {
  seed: 3,
  batch: 8,
  crop: 24,
  rain: { light: 0, heavy: 1 },
  pairShare: 0.5,
  real: { photos: 1, rainyHalves: 1, generated: 1 },
  rainFreeShare: 0,
};

async function draw(change: Partial<SamplerOptions>, images: Partial<ImageSource> = {}, index = 0) {
  const from = { ...source, ...images };
  const sampler = new Sampler(from, from, { ...options, ...change });
  const { direction, ...tensors } = batchOf(await sampler.squares(index), change.crop ?? options.crop);
  const squares = (name: keyof typeof tensors): number[][] => {
    const values = tensors[name].dataSync();
    const size = values.length / tensors[name].shape[0];
    return Array.from({ length: tensors[name].shape[0] }, (_, i) => [...values.subarray(i * size, (i + 1) * size)]);
  };
  const drawn = { direction, xSyn: squares('xSyn'), yGt: squares('yGt'), zGt: squares('zGt'), xReal: squares('xReal') };
  tf.dispose(Object.values(tensors));
  return drawn;
}

const even = (square: readonly number[], level: number): boolean =>
  square.every((value) => Math.abs(value - level / 255) < 1e-6);
const share = (squares: readonly number[][], level: number): number =>
  squares.filter((square) => even(square, level)).length / squares.length;

describe('a batch', () => {
  it('is the rain over the clean image, exactly', async () => {
    const { xSyn, yGt, zGt } = await draw({});
    xSyn.forEach((square, i) =>
      square.forEach((value, at) => expect(value).toBeCloseTo(yGt[i]![at]! + zGt[i]![at]!, 6)),
    );
    expect(zGt.some((square) => Math.max(...square) > 0.1)).toBe(true);
  });

  it('depends on the seed and its number alone', async () => {
    expect(await draw({}, {}, 5)).toEqual(await draw({}, {}, 5));
    expect(await draw({}, {}, 5)).not.toEqual(await draw({}, {}, 6));
    expect(await draw({ seed: 4 }, {}, 5)).not.toEqual(await draw({}, {}, 5));
  });

  it('shows a limited number of real squares again and again, in new orders', async () => {
    const unlimited = await draw({});
    const limited = [await draw({ realSquares: 8 }), await draw({ realSquares: 8 }, {}, 1)];
    const sampler = new Sampler(source, source, { ...options, realSquares: 8 });
    const numbers = [0, 1, 2].map((index) => sampler.realSquaresOf(index));
    expect(numbers.map((of) => of.toSorted())).toEqual(Array(3).fill([0, 1, 2, 3, 4, 5, 6, 7]));
    expect(numbers[1]).not.toEqual(numbers[2]);
    for (const [index, { xReal }] of limited.entries())
      expect(xReal).toEqual(numbers[index]!.map((square) => unlimited.xReal[square]));
    expect(limited[1]!.xSyn).toEqual((await draw({}, {}, 1)).xSyn);
  });

  it('tells wrong labels of the same rain when it is asked to', async () => {
    const right = await draw({});
    const off = await draw({ labelError: 30 });
    expect(off).toEqual({ ...right, direction: right.direction.map((label) => (label + 3) % 18) });
    const random = await draw({ randomLabels: 1 });
    expect(random.zGt).toEqual(right.zGt);
    expect(random.direction).not.toEqual(right.direction);
    expect(await draw({ randomLabels: 1 })).toEqual(random);
  });

  it('takes the labelled half from pairs or from clean photos, as it is told', async () => {
    expect(share((await draw({ pairShare: 1 })).yGt, levels.pairClean)).toBe(1);
    expect(share((await draw({ pairShare: 0 })).yGt, levels.clean)).toBe(1);
    expect((await draw({ pairShare: 1 })).direction.every((label) => label === 9)).toBe(true);
  });

  it('fills the real set from the sources that have a weight', async () => {
    expect(share((await draw({ real: { photos: 1, rainyHalves: 0, generated: 0 } })).xReal, levels.rainy)).toBe(1);
    expect(share((await draw({ real: { photos: 0, rainyHalves: 1, generated: 0 } })).xReal, levels.pairRainy)).toBe(1);
    const generated = await draw({ real: { photos: 0, rainyHalves: 0, generated: 1 } });
    expect(share(generated.xReal, levels.clean)).toBeLessThan(0.5);
  });

  it('leaves the requested share without rain, in both sets', async () => {
    const rainFree = await draw({ rainFreeShare: 1 });
    expect(rainFree.xSyn).toEqual(rainFree.yGt);
    expect(rainFree.zGt.flat().every((value) => value === 0)).toBe(true);
    expect([share(rainFree.xReal, levels.clean), share(rainFree.yGt, levels.clean)]).toEqual([1, 1]);
    expect(share((await draw({ rainFreeShare: 1 }, { clean: [] })).xReal, levels.pairClean)).toBe(1);
    const some = await draw({ rainFreeShare: 0.25, batch: 64 });
    const part = some.zGt.filter((square) => square.every((value) => value === 0)).length / 64;
    expect(part).toBeGreaterThan(0.1);
    expect(part).toBeLessThan(0.45);
  });

  it('scales pairs by one factor, both halves alike, and keeps xSyn = yGt + zGt', async () => {
    const ramp = (offset: number): Pixels => {
      const image = createPixels(40, 30);
      for (let i = 0; i < image.data.length; i++)
        if (i % 4 !== 3) image.data[i] = offset + 2 * (Math.floor(i / 4) % 40);
      return image;
    };
    const readPair = async () => ({ rainy: ramp(60), clean: ramp(20) });
    const { xSyn, yGt, zGt } = await draw({ pairShare: 1, imageScale: { min: 0.6, max: 4 } }, { readPair });
    const slopes = yGt.map((square) => Math.abs(square[36 * 24 + 13 * 3]! - square[36 * 24 + 10 * 3]!) * 255);
    expect(Math.max(...slopes) / Math.min(...slopes)).toBeGreaterThan(1.5); // 2 levels a pixel, stretched differently
    zGt.forEach((square, i) =>
      square.forEach((value, at) => {
        expect(value).toBe(Math.fround(xSyn[i]![at]! - yGt[i]![at]!));
        expect(value).toBeCloseTo(40 / 255, 4);
      }),
    );
  });

  it('scales rain, not what it falls on, by its own factor', async () => {
    const spots = async (scale: number): Promise<number> => {
      const rain = { light: 1 };
      const { zGt } = await draw({ rain, pairShare: 0, batch: 48, rainScale: { min: scale, max: scale } });
      let [changes, light] = [0, 0];
      for (const square of zGt) {
        for (let i = 3; i < square.length; i += 3) {
          changes += Math.abs(square[i]! - square[i - 3]!);
          light += square[i]!;
        }
      }
      return changes / light; // edges per light: less for wider streaks
    };
    const [fine, plain, wide] = [await spots(0.5), await spots(1), await spots(3)];
    expect(fine / plain).toBeGreaterThan(1.4);
    expect(plain / wide).toBeGreaterThan(1.8);
  });

  it('varies the share of generated rain that is asked for', async () => {
    const [none, all] = [await draw({ pairShare: 0 }), await draw({ pairShare: 0, rainVariety: 1 })];
    const same = none.zGt.filter((square, i) => square.every((value, at) => value === all.zGt[i]![at])).length;
    expect(same).toBe(0);
    expect(all.direction).toEqual(none.direction);
  });

  it('says what is missing', async () => {
    expect(() => new Sampler(source, { clean: [], rainy: ['r'], pairs: [] }, options)).toThrow(NoImagesError);
    await expect(draw({ real: { photos: 1, rainyHalves: 0, generated: 0 } }, { rainy: [] })).rejects.toThrow(
      'Nothing is chosen',
    );
    await expect(
      draw({ pairShare: 1 }, { readPair: async () => ({ rainy: grey(9), clean: createPixels(8, 8) }) }),
    ).rejects.toThrow('40 × 30');
  });
});
