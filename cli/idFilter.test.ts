import { expect, it } from 'vitest';
import { parseIdFilter } from './idFilter.ts';

it('means numbers at the end of a stem, ranges of them, and names', () => {
  const selected = parseIdFilter('181-200, 7,street');
  expect(['181', '200', 'rain-190', '007', 'x7', 'street'].every(selected)).toBe(true);
  expect(['180', '201', '17', '7b', 'street2', ''].some(selected)).toBe(false);
});

it('refuses nonsense', () => {
  expect(() => parseIdFilter('1,,2')).toThrow('is no list of images');
  expect(() => parseIdFilter('9-3')).toThrow('counts backwards');
});
