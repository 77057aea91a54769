import { describe, expect, it } from 'vitest';
import { initialWeights } from '../architectures/registry.ts';
import type { EdsrShape } from '../architectures/edsr.ts';
import { randomFromSeed } from '../random.ts';
import { meanStudent } from './meanStudent.ts';
import type { Student } from './modelFile.ts';

const shape: EdsrShape = { architecture: 'edsr', blocks: 1, filters: 2, imageSkip: true };
const zeros = [...initialWeights(shape, randomFromSeed(1))].map(([name, { length }]) => [name, length] as const);
const evenStudent = (value: number): Student => ({
  shape,
  weights: new Map(zeros.map(([name, length]) => [name, new Float32Array(length).fill(value)])),
  provenance: null,
});

describe('the mean of students', () => {
  it('is the mean of each weight', () => {
    const { weights } = meanStudent([evenStudent(1), evenStudent(2), evenStudent(6)]);
    expect([...weights.keys()]).toEqual(zeros.map(([name]) => name));
    for (const values of weights.values()) expect([...new Set(values)]).toEqual([3]);
  });

  it('has the shares that are asked for, also beyond a stage, away from one before it', () => {
    for (const values of meanStudent([evenStudent(1), evenStudent(5)], [0.75, 0.25]).weights.values())
      expect([...new Set(values)]).toEqual([2]);
    for (const values of meanStudent([evenStudent(5), evenStudent(1)], [1.25, -0.25]).weights.values())
      expect([...new Set(values)]).toEqual([6]);
  });

  it.each([[[1]], [[0.5, 0.4]], [[NaN, 1]]])('is refused where the shares %j do not fit', (shares) => {
    expect(() => meanStudent([evenStudent(1), evenStudent(2)], shares)).toThrow(/2 shares that sum to 1/);
  });

  it('of one student is that student', () => {
    const weights = initialWeights(shape, randomFromSeed(2));
    expect(meanStudent([{ shape, weights, provenance: null }]).weights).toEqual(weights);
  });

  it('is refused where the shapes differ, with both named', () => {
    const wider = { ...shape, filters: 4 };
    const other: Student = { shape: wider, weights: initialWeights(wider, randomFromSeed(1)), provenance: null };
    expect(() => meanStudent([evenStudent(1), other])).toThrow(/have no mean: all shapes must be equal/);
  });
});
