import { expect, it } from 'vitest';
import { readDirectionLabels } from './directionLabels.ts';

const read = (text: string, stems: string[]): Record<string, number> =>
  Object.fromEntries(readDirectionLabels(text, stems));

it('reads degrees, one a line, in the order of the images', () => {
  expect(read('90\n104\r\n7.6e+01\n', ['1', '2', '10'])).toEqual({ 1: 9, 2: 10, 10: 8 });
});

it('reads one long line, and names beside numbers', () => {
  expect(read('90, 100 110', ['1', '2', '3'])).toEqual({ 1: 9, 2: 10, 3: 11 });
  expect(read('b.png 60\na.png 175', ['a', 'b'])).toEqual({ a: 0, b: 6 });
});

it('takes small whole numbers as labels, and turns angles into half a circle', () => {
  expect(read('0\n17\n9', ['1', '2', '3'])).toEqual({ 1: 0, 2: 17, 3: 9 });
  expect(read('-10\n270\n180', ['1', '2', '3'])).toEqual({ 1: 17, 2: 9, 3: 0 });
});

it('finds the lines of a part of a numbered set, and guesses nothing', () => {
  expect(read('60\n70\n80\n90', ['0002', '0004'])).toEqual({ '0002': 7, '0004': 9 });
  expect(read('60\n70\n80', ['street'])).toEqual({});
  expect(read('', ['1'])).toEqual({});
  expect(read('sixty\n70', ['1', '2'])).toEqual({ 2: 7 });
});
