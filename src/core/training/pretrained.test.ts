import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { createDerainer } from '../inference/derainer.ts';
import { registerReferenceKernels } from '../ops/reference.ts';
import { initialWeights, parseShape } from '../architectures/registry.ts';
import type { Images } from '../paper/notation.ts';
import { randomFromSeed } from '../random.ts';
import type { ModelFile } from '../weights/modelFile.ts';
import { asTeacher, studentFromTeacher } from './pretrained.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

it('makes a student of a teacher that takes away exactly the rain map that F1 estimates', () => {
  const shapes = {
    f1: { architecture: 'edsr', blocks: 1, filters: 4, imageSkip: false },
    f2: { architecture: 'edsr', blocks: 1, filters: 3, imageSkip: true },
  };
  const weights = {
    f1: initialWeights(shapes.f1, randomFromSeed(1)),
    f2: initialWeights(shapes.f2, randomFromSeed(2)),
  };
  const student = createDerainer({ role: 'student', ...studentFromTeacher({ shapes, weights }), provenance: null });
  const teacher = createDerainer({ role: 'teacher', shapes, weights, provenance: null });
  const x = tf.randomUniform([1, 9, 8, 3], 0, 1, 'float32', 3) as Images;
  const [y, z] = [student.derain(x).y, teacher.derain(x).z!];
  expect(tf.max(tf.abs(z)).dataSync()[0]).toBeGreaterThan(0.01);
  expect(tf.max(tf.abs(tf.sub(y, tf.sub(x, z)))).dataSync()[0]).toBeLessThan(1e-6);
});

it('makes a teacher of a derainer: F1(x) = x − D(x), F2(b) = b, worked by hand', () => {
  // D(x) = x − 0.5 · x: the middle tap of the tail takes half of what the head and the body hand on.
  const shape = { architecture: 'edsr', blocks: 0, filters: 3, imageSkip: true };
  const weights = new Map(
    [...initialWeights(shape, randomFromSeed(1)).keys()].map((name) => [
      name,
      new Float32Array(name.endsWith('bias') ? 3 : 81),
    ]),
  );
  for (let c = 0; c < 3; c++) {
    weights.get('head.weight')![4 * 9 + 4 * c] = 1;
    weights.get('tail.weight')![4 * 9 + 4 * c] = -0.5;
  }
  const teacher = createDerainer({
    role: 'teacher',
    ...asTeacher({ role: 'student', shape, weights, provenance: null }),
    provenance: null,
  });
  const { y, z } = teacher.derain(tf.fill([1, 5, 5, 3], 0.8) as Images);
  for (const images of [y, z!]) for (const value of images.dataSync()) expect(value).toBeCloseTo(0.4, 6);
});

it.each([
  ['an EDSR', { architecture: 'edsr', blocks: 1, filters: 4, imageSkip: true }],
  ['an EDSR without the image-level skip', { architecture: 'edsr', blocks: 1, filters: 4, imageSkip: false }],
  ['a pyramid', { architecture: 'pyramid', blocks: 1, filters: 4, imageSkip: true }],
  ['PReNet', { architecture: 'prenet', blocks: 1, filters: 3, imageSkip: true }],
  ['UMRL with its stored statistics', { architecture: 'umrl', blocks: 1, filters: 8, imageSkip: true }],
])('makes a teacher of %s: zReal = x − y and yReal = y', (_name, given) => {
  const shape = parseShape(given);
  const model: ModelFile = {
    role: 'student',
    shape,
    weights: initialWeights(shape, randomFromSeed(4)),
    provenance: null,
  };
  const [student, teacher] = [model, { role: 'teacher', ...asTeacher(model), provenance: null } as const].map(
    createDerainer,
  );
  const x = tf.randomUniform([1, 16, 16, 3], 0, 1, 'float32', 3) as Images;
  const [own, taught] = [student!.derain(x), teacher!.derain(x)];
  const farthest = (a: tf.Tensor, b: tf.Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
  expect(farthest(own.y, x)).toBeGreaterThan(1e-3);
  expect(farthest(taught.y, own.y)).toBeLessThan(1e-5);
  expect(farthest(taught.z!, tf.sub(x, own.y))).toBeLessThan(1e-5);
});

it('takes a teacher as it is', () => {
  const shape = { architecture: 'edsr', blocks: 0, filters: 1, imageSkip: true };
  const weights = { f1: initialWeights(shape, randomFromSeed(1)), f2: initialWeights(shape, randomFromSeed(2)) };
  expect(asTeacher({ role: 'teacher', shapes: { f1: shape, f2: shape }, weights, provenance: null })).toMatchObject({
    shapes: { f1: shape, f2: shape },
    weights,
  });
});
