import fc from 'fast-check';
import { expect, it } from 'vitest';
import { roundTicks } from './roundTicks.ts';

it('are round numbers within the range', () => {
  expect(roundTicks(24.4, 26)).toEqual([24.5, 25, 25.5, 26]);
  expect(roundTicks(0, 100)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(roundTicks(-0.003, 0.004).map((tick) => tick.toFixed(3))).toEqual(['-0.002', '0.000', '0.002', '0.004']);
  expect(roundTicks(3, 3)).toEqual([3]);
});

it('are two to six of any range, in order', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e4, max: 1e4, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e4, noNaN: true }),
      (low, span) => {
        const ticks = roundTicks(low, low + span);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(6);
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(low - span * 1e-6);
          expect(tick).toBeLessThanOrEqual(low + span * (1 + 1e-6));
        }
      },
    ),
  );
});
