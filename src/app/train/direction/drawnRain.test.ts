import { expect, test } from 'vitest';
import { quietestDirection, responsesByDirection } from '../../../core/patch/responses.ts';
import { drawnRain } from './drawnRain.ts';

test.each([0, 4, 7, 9, 13])('the drawn patch of label %i is rain of that direction', (index) => {
  expect(quietestDirection(responsesByDirection(drawnRain(index, 96), 5))).toBe(index);
});
