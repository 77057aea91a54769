import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newPhotoId } from './queueDatabase.ts';

it('names photos so that they sort in the order in which they came', () => {
  const moment = fc.tuple(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 999_999 }));
  const id = ([time, serial]: [number, number]): string => newPhotoId(time, '0f3a', serial);
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      const order = Math.sign(a[0] - b[0] || a[1] - b[1]);
      expect(Math.sign(Number(id(a) > id(b)) - Number(id(a) < id(b)))).toBe(order);
    }),
    { seed: 5 },
  );
});
