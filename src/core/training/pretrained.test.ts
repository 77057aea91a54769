import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { createDerainer } from '../inference/derainer.ts';
import { registerReferenceKernels } from '../ops/reference.ts';
import { initialWeights } from '../architectures/registry.ts';
import type { Images } from '../paper/notation.ts';
import { randomFromSeed } from '../random.ts';
import { studentFromTeacher } from './pretrained.ts';

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
