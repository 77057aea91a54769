import { describe, expect, it, vi } from 'vitest';
import { luma } from '../images/luma.ts';
import { createPixels } from '../images/pixels.ts';
import { randomFromSeed } from '../random.ts';
import { drawTestImage } from './testImage.ts';
import { fitNiqeModel, niqe } from './niqe.ts';
import { NIQE_FEATURES, blockFeatures } from './niqeFeatures.ts';
import type { NiqeModel } from './niqeFeatures.ts';
import { niqeModel } from './niqeModel.ts';

vi.setConfig({ testTimeout: 30_000 });

/** Mean ½ everywhere, covariance identity + ½, as in reference.py. */
const plainModel: NiqeModel = {
  mean: Array.from({ length: NIQE_FEATURES }, () => 0.5),
  covariance: Array.from({ length: NIQE_FEATURES }, (_, i) =>
    Array.from({ length: i + 1 }, (_, j) => (i === j ? 1.5 : 0.5)),
  ).flat(),
};

describe('niqe', () => {
  const y = luma(drawTestImage(200, 290, 2));

  it('takes the block statistics that numpy and scipy take, at both scales', () => {
    const { rows } = blockFeatures(y);
    expect(rows).toHaveLength(6);
    const first = [
      2.922, 0.873569, 0.778, -0.009226, 0.130907, 0.124972, 0.778, -0.080566, 0.152839, 0.101013, 0.852, -0.01776,
      0.157778, 0.144092, 0.985, 0.023072, 0.165367, 0.187942, 1.286, 0.240465, 0.455, 0.037469, 0.001637, 0.005729,
      0.445, 0.039953, 0.00135, 0.005266, 0.45, 0.030348, 0.002025, 0.005167, 0.437, 0.037018, 0.00137, 0.004683,
    ];
    first.forEach((value, i) => expect(Math.abs(rows[0]![i]! - value), `feature ${i}`).toBeLessThan(0.0011));
    expect(rows[5]![0]).toBeCloseTo(2.923, 2);
    expect(rows[5]![35]).toBeCloseTo(0.003311, 5);
  });

  it('gives the distance that numpy gives for a given model', () => {
    expect(niqe(y, plainModel)).toBeCloseTo(4.71477, 3);
  });

  it('ships a model that scores a natural texture below the same texture with heavy noise', () => {
    const noisy = drawTestImage(200, 290, 12);
    expect(niqe(luma(noisy))).toBeGreaterThan(niqe(luma(cloudy(200, 290))));
    expect(niqeModel.mean).toHaveLength(NIQE_FEATURES);
    expect(niqeModel.covariance).toHaveLength((NIQE_FEATURES * (NIQE_FEATURES + 1)) / 2);
  });

  it('fits the same model again from the same photos, and scores them as near it', async () => {
    const photos = Array.from({ length: 6 }, (_, i) => luma(cloudy(300, 300, i)));
    const model = await fitNiqeModel(photos);
    expect(await fitNiqeModel(photos)).toEqual(model);
    expect(model.blocks).toBeGreaterThan(NIQE_FEATURES);
    expect(niqe(photos[0]!, model)).toBeLessThan(niqe(y, model));
  });

  it('refuses what it cannot score', async () => {
    expect(() => niqe(luma(createPixels(400, 300)))).toThrow('has 0');
    expect(() => niqe(luma(drawTestImage(120, 120, 2)))).toThrow('has 1');
    await expect(fitNiqeModel([y])).rejects.toThrow('more than 36 sharp blocks');
  });
});

/** Noise at several scales, each twice as strong as the next finer: roughly the spectrum of a photo. */
function cloudy(width: number, height: number, seed = 0): ReturnType<typeof createPixels> {
  const random = randomFromSeed(seed);
  const image = createPixels(width, height);
  const grids = [1, 2, 4, 8, 16].map((cell) => ({
    cell,
    columns: Math.ceil(width / cell) + 2,
    values: Array.from(
      { length: (Math.ceil(width / cell) + 2) * (Math.ceil(height / cell) + 2) },
      () => random.normal() * cell * 2,
    ),
  }));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let value = 120;
      for (const { cell, columns, values } of grids) {
        const [u, v] = [x / cell, y / cell];
        const at = Math.floor(v) * columns + Math.floor(u);
        const [s, t] = [u % 1, v % 1];
        value +=
          (1 - t) * ((1 - s) * values[at]! + s * values[at + 1]!) +
          t * ((1 - s) * values[at + columns]! + s * values[at + columns + 1]!);
      }
      image.data.fill(value, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return image;
}
