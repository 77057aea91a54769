import { describe, expect, it } from 'vitest';
import { greyCentre, greyMean } from '../images/grey.ts';
import { estimateDirection } from '../rain/direction.ts';
import { drawnPatch } from './drawnPatch.ts';
import { blurredBy, makeEstimate, patchSide, sourceSide, unchanged } from './estimate.ts';

const source = drawnPatch('dense', 70, 1, sourceSide);
const truth = makeEstimate(source, unchanged);
const degreesOf = (values: Float32Array): number => estimateDirection(values, patchSide, patchSide, 1).degrees;

describe('an estimate', () => {
  it('without changes is the middle of its source', () => {
    expect(truth).toEqual(greyCentre(source, patchSide));
    expect(degreesOf(truth.values)).toBeCloseTo(70, -1);
  });

  it.each([-40, -15, 20, 60])('rotated by %i° is rain at that much more, counter-clockwise', (rotation) => {
    const rotated = makeEstimate(source, { ...unchanged, rotation });
    const off = degreesOf(rotated.values) - degreesOf(truth.values) - rotation;
    expect(Math.abs(((off + 270) % 180) - 90)).toBeLessThan(6);
  });

  it('shifted by whole pixels is the source further left', () => {
    const { values } = makeEstimate(source, { ...unchanged, shift: 3 });
    const left = (sourceSide - patchSide) / 2;
    for (const [x, y] of [
      [0, 0],
      [40, 12],
      [63, 63],
    ] as const) {
      expect(values[y * patchSide + x]).toBeCloseTo(source.values[(y + left) * sourceSide + x + left - 3]!, 6);
    }
  });

  it('keeps its mean under contrast and texture, and moves by an offset', () => {
    const mean = greyMean(truth);
    expect(greyMean(makeEstimate(source, { ...unchanged, contrast: 0.5 }))).toBeCloseTo(mean, 5);
    expect(greyMean(makeEstimate(source, { ...unchanged, offset: 0.1 }))).toBeCloseTo(mean + 0.1, 5);
    const { values } = makeEstimate(source, { ...unchanged, texture: 0.05 });
    const spread = Math.hypot(...values.map((value, i) => value - truth.values[i]!)) / patchSide;
    expect(spread).toBeCloseTo(0.05, 4);
  });

  it.each([0.1, 0.4, 0.8])('without a share of %f of the light holds the rest, nowhere brighter', (missing) => {
    const { values } = makeEstimate(greyCentre(source, patchSide), { ...unchanged, missing });
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(
      (1 - missing) * truth.values.reduce((sum, value) => sum + value, 0),
      1,
    );
    values.forEach((value, i) => expect(value).toBeLessThanOrEqual(truth.values[i]! + 1e-6));
  });

  it('is never made of less light when less is missing', () => {
    const lights = [0.5, 0.3, 0.1, 0].map((missing) => greyMean(makeEstimate(source, { ...unchanged, missing })));
    expect([...lights].sort((a, b) => a - b)).toEqual(lights);
  });
});

it('a blur spreads one bright pixel into a Gaussian and keeps the light', () => {
  const values = new Float32Array(21 * 21);
  values[10 * 21 + 10] = 1;
  const { values: blurred } = blurredBy({ width: 21, height: 21, values }, 1.5);
  expect(blurred.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  expect(blurred[10 * 21 + 12]! / blurred[10 * 21 + 10]!).toBeCloseTo(Math.exp(-4 / (2 * 1.5 ** 2)), 4);
  expect(blurred[12 * 21 + 10]).toBeCloseTo(blurred[10 * 21 + 12]!, 6);
});
