import * as tf from '@tensorflow/tfjs';
import type { NetworkShape } from '../architectures/architecture.ts';
import type { NetworkShapes } from '../architectures/networks.ts';
import { architectureNamed, describeNetwork, networkSize, sameShape } from '../architectures/registry.ts';
import type { Network, NetworkName, Networks } from '../paper/networks.ts';
import type { Student, Teacher, WeightArrays } from '../weights/modelFile.ts';
import type { TrainingConfig } from './config.ts';

/** Networks trained before, which a run begins with instead of fresh weights. */
export interface Pretrained {
  readonly teacher?: Pick<Teacher, 'shapes' | 'weights'>;
  readonly student?: Pick<Student, 'shape' | 'weights'>;
}

/** Pretrained weights do not fit the networks of the config; the message says which and why. */
export class PretrainedError extends Error {
  override readonly name = 'PretrainedError';
}

/**
 * `config` with the networks of `pretrained`: a teacher stays as it is while the student learns from it ('student'
 * mode; method: "the teacher may be replaced by another pretrained derainer"), unless the mode is changed afterwards.
 * Throws PretrainedError for an F2 that the settings cannot describe.
 */
export function withPretrained(config: TrainingConfig, { teacher, student }: Pretrained): TrainingConfig {
  if (!teacher && !student) return config;
  let { networks } = config;
  if (student) {
    const { blocks, filters, imageSkip } = networkSize(student.shape);
    const { architecture } = student.shape;
    networks = { ...networks, architecture, blocks, filters: { ...networks.filters, f3: filters }, imageSkip };
  }
  if (!teacher) return { ...config, preset: 'custom', networks };
  const { f1, f2 } = teacher.shapes;
  if (f2.architecture !== 'edsr')
    throw new PretrainedError(`The teacher's F2 is ${describeNetwork(f2)}; it must be an EDSR.`);
  const [size1, size2] = [networkSize(f1), networkSize(f2)];
  networks = {
    ...networks,
    teacherArchitecture: f1.architecture,
    teacherBlocks: size1.blocks,
    f2Blocks: size2.blocks,
    filters: { ...networks.filters, f1: size1.filters, f2: size2.filters },
  };
  return { ...config, preset: 'custom', networks, hyperparameters: { ...config.hyperparameters, mode: 'student' } };
}

/**
 * The student that computes what the teacher's F1 does,  y = x − F1(x). A head start for a student of F1's shape.
 * Throws PretrainedError where F1's architecture has no such student.
 */
export function studentFromTeacher({
  shapes,
  weights,
}: Pick<Teacher, 'shapes' | 'weights'>): Pick<Student, 'shape' | 'weights'> {
  const { studentFromRainMap } = architectureNamed(shapes.f1.architecture);
  if (!studentFromRainMap) throw new PretrainedError(`No student can begin as ${describeNetwork(shapes.f1)}.`);
  return studentFromRainMap(weights.f1, shapes.f1);
}

/** Puts pretrained weights into fresh networks of `shapes`. Throws PretrainedError where shapes differ. */
export function assignPretrained(networks: Networks, shapes: NetworkShapes, { teacher, student }: Pretrained): void {
  if (teacher) {
    for (const name of ['f1', 'f2'] as const)
      assign(name, networks[name], shapes[name], teacher.shapes[name], teacher.weights[name]);
  }
  if (student) assign('f3', networks.f3, shapes.f3, student.shape, student.weights);
}

function assign(
  name: NetworkName,
  network: Network,
  wanted: NetworkShape,
  given: NetworkShape,
  weights: WeightArrays,
): void {
  if (!sameShape(wanted, given)) {
    throw new PretrainedError(
      `The weights given for ${name} are of ${describeShape(given)}; the settings ask for ${describeShape(wanted)}.`,
    );
  }
  tf.tidy(() => {
    for (const [weight, variable] of network.variables) {
      variable.assign(tf.tensor(weights.get(weight)!, variable.shape));
    }
  });
}

function describeShape(shape: NetworkShape): string {
  return `${describeNetwork(shape)} ${networkSize(shape).imageSkip ? 'with' : 'without'} the image-level skip`;
}
