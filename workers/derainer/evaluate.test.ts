import { describe, expect, it } from 'vitest';
import { createPixels } from '../../src/core/images/pixels.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import { squeezeWeights } from '../../src/core/metrics/sampleLpips.ts';
import { encodeSafetensors } from '../../src/core/weights/safetensors.ts';
import type { Evaluation } from '../../src/protocol/derainer.ts';
import { fileOf, nodeImaging } from '../testing/nodeImaging.ts';
import { Evaluator } from './evaluate.ts';

const evaluator = new Evaluator(nodeImaging, async () => undefined);

function grey(level: number, side = 16): Pixels {
  const image = createPixels(side, side);
  for (let i = 0; i < image.data.length; i++) if (i % 4 < 3) image.data[i] = level;
  return image;
}

const valuesOf = ({ rows }: Evaluation): Record<string, number | null> =>
  Object.fromEntries(rows.map(({ name, value }) => [name, value]));

describe('figures of an image file', () => {
  it('are of the derained image and of its rain map, on Y and on RGB', async () => {
    const [rainy, output, truth] = await Promise.all([grey(120), grey(105), grey(100)].map((image) => fileOf(image)));
    const evaluation = await evaluator.evaluate({ rainy: rainy!, output: output!, rainMap: null, truth: truth! });
    expect(evaluation).toMatchObject({ refused: false });
    const { psnrRgb, mapPsnrRgb, ssimY, niqe } = valuesOf(evaluation as Evaluation);
    expect(psnrRgb).toBeCloseTo(20 * Math.log10(255 / 5), 6);
    expect(mapPsnrRgb).toBeCloseTo(20 * Math.log10(255 / 5), 6); // 15 of 20 levels of rain were found.
    expect(ssimY).toBeGreaterThan(0.9);
    expect(niqe).toBeNull(); // Too small for it.
  });

  it('take the rain map that a teacher found itself', async () => {
    const files = await Promise.all([grey(120), grey(105), grey(19), grey(100)].map((image) => fileOf(image)));
    const [rainy, output, rainMap, truth] = files as [Blob, Blob, Blob, Blob];
    const evaluation = await evaluator.evaluate({ rainy, output, rainMap, truth });
    expect(valuesOf(evaluation as Evaluation)['mapPsnrRgb']).toBeCloseTo(20 * Math.log10(255), 6);
  });

  it('are none against a truth that there is not, and of the photo itself without an output', async () => {
    const rainy = await fileOf(grey(120));
    const alone = (await evaluator.evaluate({ rainy, output: null, rainMap: null, truth: null })) as Evaluation;
    expect(alone.rows.map(({ value }) => value)).toEqual(alone.rows.map(() => null));
    const truth = await fileOf(grey(110));
    const input = (await evaluator.evaluate({ rainy, output: null, rainMap: null, truth })) as Evaluation;
    expect(valuesOf(input)['psnrRgb']).toBeCloseTo(20 * Math.log10(255 / 10), 6);
  });

  it('are refused against a truth of another size, and of a file that is no image', async () => {
    const rainy = await fileOf(grey(120));
    const other = await fileOf(grey(110, 20));
    expect(await evaluator.evaluate({ rainy, output: null, rainMap: null, truth: other })).toMatchObject({
      refused: true,
      reason: 'The rain-free image is 20 × 20, the photo 16 × 16.',
    });
    expect(
      await evaluator.evaluate({ rainy: new Blob(['no']), output: null, rainMap: null, truth: null }),
    ).toMatchObject({ refused: true });
  });

  it('say of a file without weights for LPIPS what they are', async () => {
    expect(await evaluator.loadLpips(new Blob(['no']))).toMatchObject({ refused: true });
    const other = encodeSafetensors(new Map([['a', { shape: [1], data: Float32Array.of(1) }]]), {});
    expect(await evaluator.loadLpips(new Blob([other]))).toMatchObject({
      refused: true,
      reason: expect.stringContaining('features.0.weight'),
    });
  });

  it('hold LPIPS once its weights were given', async () => {
    const own = new Evaluator(nodeImaging, async () => undefined);
    const ask = async (output: Pixels, truth: Pixels): Promise<Record<string, number | null>> => {
      const files = { rainy: await fileOf(truth), output: await fileOf(output), truth: await fileOf(truth) };
      return valuesOf((await own.evaluate({ ...files, rainMap: null })) as Evaluation);
    };
    expect(await ask(grey(105, 24), grey(100, 24))).not.toHaveProperty('lpips');
    expect(await own.loadLpips(new Blob([encodeSafetensors(squeezeWeights(), {})]))).toBeNull();
    const [same, other] = [await ask(grey(100, 24), grey(100, 24)), await ask(grey(180, 24), grey(100, 24))];
    expect(same['lpips']).toBe(0);
    expect(other['lpips']).toBeGreaterThan(0);
  });

  it('of an image too small for one metric are those of the others', async () => {
    const [rainy, output, truth] = await Promise.all([120, 105, 100].map((level) => fileOf(grey(level, 8))));
    const request = { rainy: rainy!, output: output!, rainMap: null, truth: truth! };
    const { psnrRgb, ssimY } = valuesOf((await evaluator.evaluate(request)) as Evaluation);
    expect([psnrRgb, ssimY]).toEqual([expect.closeTo(20 * Math.log10(255 / 5), 6), null]);
  });

  it('are refused with the reason when a file vanishes on the way', async () => {
    const gone = { arrayBuffer: () => Promise.reject(new Error('The disk went away.')) } as unknown as Blob;
    const rainy = await fileOf(grey(120));
    for (const request of [
      { rainy: gone, output: null, rainMap: null, truth: null },
      { rainy, output: gone, rainMap: null, truth: null },
      { rainy, output: rainy, rainMap: gone, truth: rainy },
    ])
      expect(await evaluator.evaluate(request)).toMatchObject({ refused: true, reason: 'The disk went away.' });
    expect(await evaluator.loadLpips(gone)).toMatchObject({ refused: true, reason: 'The disk went away.' });
  });
});
