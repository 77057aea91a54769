import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { photoNetwork } from '../inference/photoNetwork.ts';
import { registerReferenceKernels } from '../ops/reference.ts';
import { initialWeights } from '../paper/edsr.ts';
import type { Images } from '../paper/notation.ts';
import { randomFromSeed } from '../random.ts';
import { studentOfTeacher } from './startWeights.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

it('makes a student of a teacher that takes away exactly the rain map that F1 estimates', () => {
  const shapes = { f1: { blocks: 1, filters: 4, imageSkip: false }, f2: { blocks: 1, filters: 3, imageSkip: true } };
  const weights = {
    f1: initialWeights(shapes.f1, randomFromSeed(1)),
    f2: initialWeights(shapes.f2, randomFromSeed(2)),
  };
  const student = photoNetwork({ role: 'student', ...studentOfTeacher({ shapes, weights }), provenance: null });
  const teacher = photoNetwork({ role: 'teacher', shapes, weights, provenance: null });
  const x = tf.randomUniform([1, 9, 8, 3], 0, 1, 'float32', 3) as Images;
  const [y, z] = [student.apply(x).derained, teacher.apply(x).rainMap!];
  expect(tf.max(tf.abs(z)).dataSync()[0]).toBeGreaterThan(0.01);
  expect(tf.max(tf.abs(tf.sub(y, tf.sub(x, z)))).dataSync()[0]).toBeLessThan(1e-6);
});
