import { expect, it } from 'vitest';
import { parseSelection } from './selection.ts';

it('means numbers at the end of a stem, ranges of them, and names', () => {
  const selected = parseSelection('181-200, 7,street');
  expect(['181', '200', 'rain-190', '007', 'x7', 'street'].every(selected)).toBe(true);
  expect(['180', '201', '17', '7b', 'street2', ''].some(selected)).toBe(false);
});

it('refuses nonsense', () => {
  expect(() => parseSelection('1,,2')).toThrow('is no selection');
  expect(() => parseSelection('9-3')).toThrow('counts backwards');
});
