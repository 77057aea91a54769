import { describe, expect, it } from 'vitest';
import { gridCells, minusOf } from './cells.ts';
import type { GridModel } from './cells.ts';

const swift: GridModel = { id: 'swift', role: 'student' };
const fine: GridModel = { id: 'fine', role: 'student' };
const teacher: GridModel = { id: 'teacher', role: 'teacher' };

const words = (...given: Parameters<typeof gridCells>): string[] =>
  gridCells(...given).map(({ kind, model }) => (model ? `${kind} ${model}` : kind));

describe('the images of the grid', () => {
  it('are the photo, what each derainer makes of it, and the truth where it is known', () => {
    expect(words('results', [swift, fine], true)).toEqual(['original', 'output swift', 'output fine', 'truth']);
    expect(words('results', [swift], false)).toEqual(['original', 'output swift']);
    expect(words('results', [], true)).toEqual(['original', 'truth']);
  });

  it('are rain maps, alone or beside the results', () => {
    expect(words('rainMaps', [swift, fine], true)).toEqual([
      'original',
      'rainMap swift',
      'rainMap fine',
      'trueRainMap',
    ]);
    expect(words('both', [swift], true)).toEqual(['original', 'output swift', 'truth', 'rainMap swift', 'trueRainMap']);
  });

  it('are the way from the photo over the teacher’s rain map to the student and the truth', () => {
    expect(words('path', [swift, teacher, fine], true)).toEqual([
      'original',
      'rainMap teacher',
      'output teacher',
      'output swift',
      'truth',
    ]);
    expect(words('path', [fine], false)).toEqual(['original', 'rainMap fine', 'output fine']);
    expect(words('path', [], false)).toEqual(['original']);
  });
});

it('takes the reference away from images, never from itself or from a rain map', () => {
  const output = { kind: 'output', model: 'swift' } as const;
  expect(minusOf(output, 'truth', true)).toBe('truth');
  expect(minusOf(output, 'truth', false)).toBeNull();
  expect(minusOf(output, 'none', true)).toBeNull();
  expect(minusOf({ kind: 'original', model: null }, 'original', true)).toBeNull();
  expect(minusOf({ kind: 'truth', model: null }, 'original', true)).toBe('original');
  expect(minusOf({ kind: 'rainMap', model: 'swift' }, 'truth', true)).toBeNull();
});
