import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomFromSeed } from '../random.ts';
import { packedBytes, packResidual, unpackResidual } from './packedResidual.ts';
import type { Residual } from './residual.ts';

const residual = (values: readonly number[]): Residual => ({
  rect: { left: 3, top: 4, width: values.length / 3, height: 1 },
  data: Int16Array.from(values),
});

it('gives every value back, at the ends of its range and of its parts', () => {
  const ends = [
    -32768, -32640, -385, -384, -257, -256, -129, -128, -127, -1, 0, 1, 127, 128, 129, 255, 256, 383, 384, 32639, 32640,
    32767,
  ];
  const given = residual([...ends, ...ends, ...ends]);
  expect(unpackResidual(packResidual(given))).toEqual(given);
});

it('gives any residual back', () => {
  const value = fc.oneof(fc.integer({ min: -120, max: 120 }), fc.integer({ min: -32768, max: 32767 }));
  const values = fc
    .array(fc.tuple(value, fc.integer({ min: 1, max: 700 })), { minLength: 1, maxLength: 12 })
    .map((runs) => runs.flatMap(([value, count]) => Array<number>(count * 3).fill(value)));
  fc.assert(
    fc.property(values, (list) => {
      const given = residual(list);
      expect(unpackResidual(packResidual(given))).toEqual(given);
    }),
    { seed: 1, numRuns: 60 },
  );
});

it('takes little more than a byte a value where little changes, and never more than two', () => {
  const random = randomFromSeed(2);
  const quiet = residual(Array.from({ length: 30_000 }, () => random.below(200) - 100));
  expect(packedBytes(packResidual(quiet))).toBeLessThan(30_000 * 1.02);
  const wild = residual(Array.from({ length: 30_000 }, () => random.below(65_536) - 32_768));
  expect(packedBytes(packResidual(wild))).toBeLessThanOrEqual(60_000);
});
