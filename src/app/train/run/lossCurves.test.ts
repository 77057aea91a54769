import { expect, test } from 'vitest';
import type { LossPoint } from '../../../core/training/events.ts';
import { createLossCurves } from './lossCurves.ts';

const point = (step: number, objective = step): LossPoint => ({
  step,
  objective,
  losses: { content: 1, direction: 2, reconstruction: 3, tv: 4, cycle: 5, distillReal: 6, distillRef: 7, labelled: 0 },
  learningRate: 8e-4,
  stepMs: 50,
});
const points = (from: number, to: number): LossPoint[] =>
  Array.from({ length: to - from + 1 }, (_, i) => point(from + i));

test('every curve of a point lands in its own column', () => {
  const curves = createLossCurves();
  curves.append([point(1, 9)]);
  expect([...curves.steps()]).toEqual([1]);
  expect([...curves.column('objective')]).toEqual([9]);
  expect([...curves.column('distillRef')]).toEqual([7]);
  expect([...curves.column('learningRate')]).toEqual([8e-4]);
  expect([...curves.column('stepMs')]).toEqual([50]);
});

test('grows past its first capacity without losing a point', () => {
  const curves = createLossCurves();
  curves.append(points(1, 5000));
  expect(curves.length).toBe(5000);
  expect(curves.column('objective')[4321]).toBe(4322);
});

test('stays within its limit by merging neighbours, and still ends at the newest step', () => {
  const curves = createLossCurves(64);
  curves.append(points(1, 1000));
  expect(curves.length).toBeLessThanOrEqual(64);
  const steps = [...curves.steps()];
  expect(steps.at(-1)).toBe(1000);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(new Set(steps).size).toBe(steps.length);
});

test('merging keeps the mean of what it merged', () => {
  const curves = createLossCurves(4);
  curves.append(points(1, 5));
  expect([...curves.column('objective')]).toEqual([1.5, 3.5, 5]);
  expect([...curves.steps()]).toEqual([2, 4, 5]);
});

test('a step that comes again replaces the future that was dropped', () => {
  const curves = createLossCurves();
  curves.append(points(1, 10));
  curves.append([point(6, 60), point(7, 70)]);
  expect([...curves.steps()]).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(curves.column('objective')[5]).toBe(60);
});

test('truncating forgets only later points, and tells its listeners', () => {
  const curves = createLossCurves();
  curves.append(points(1, 10));
  let told = 0;
  const end = curves.subscribe(() => told++);
  curves.truncateAfter(4);
  expect([...curves.steps()]).toEqual([1, 2, 3, 4]);
  end();
  curves.clear();
  expect(curves.length).toBe(0);
  expect(told).toBe(1);
});
