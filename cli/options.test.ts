import { expect, it } from 'vitest';
import { UsageError } from './command.ts';
import { choiceOption, numberOption, readOptions, wholeOption } from './options.ts';

const kinds = { clean: 'list', out: 'text', resume: 'flag' } as const;

it('gives a list option every word up to the next option, as often as it is named', () => {
  const { values, rest } = readOptions(
    ['first', '--clean', 'a', 'b', '--out', 'o', 'last', '--clean=c', 'd', '--resume', 'end'],
    kinds,
  );
  expect(values).toEqual({ clean: ['a', 'b', 'c', 'd'], out: 'o', resume: true });
  expect(rest).toEqual(['first', 'last', 'end']);
  expect(readOptions([], kinds).values).toEqual({ clean: [], out: undefined, resume: false });
});

it('refuses unknown options and missing or impossible values, in words', () => {
  expect(() => readOptions(['--claen', 'a'], kinds)).toThrow(UsageError);
  expect(() => readOptions(['--out'], kinds)).toThrow('--out');
  expect(() => numberOption('strength', 'a lot', 0, 1.5)).toThrow(
    "--strength must be a number from 0 to 1.5, not 'a lot'.",
  );
  expect(() => wholeOption('steps', '1.5', 1, 9)).toThrow('--steps must be a whole number');
  expect(() => choiceOption('format', 'bmp', ['png', 'jpg'])).toThrow("--format must be one of png, jpg, not 'bmp'.");
});
