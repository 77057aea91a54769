import { describe, expect, it } from 'vitest';
import { effectTitle, placesOf } from './sensitivity.ts';

describe('the plot of an effect', () => {
  it('places variants by their values, and by name where one has none', () => {
    expect(placesOf([0, 0.4, 2])).toEqual({ isNumeric: true, places: [0, 0.4, 2] });
    expect(placesOf([null, 3, 5, 7])).toEqual({ isNumeric: false, places: [0, 1, 2, 3] });
    expect(placesOf([null, null])).toEqual({ isNumeric: false, places: [0, 1] });
    expect(placesOf([1.2])).toEqual({ isNumeric: false, places: [0] });
  });

  it('is named as a sentence would name the setting', () => {
    expect(effectTitle('λ')).toBe('Effect of λ');
    expect(effectTitle('Size of the kernels k')).toBe('Effect of the size of the kernels k');
    expect(effectTitle(null)).toBe('Effect of the variants');
  });
});
