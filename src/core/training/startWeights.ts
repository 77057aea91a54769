import * as tf from '@tensorflow/tfjs';
import type { EdsrShape } from '../paper/edsr.ts';
import type { Network, NetworkName, NetworkShapes, Networks } from '../paper/networks.ts';
import type { Student, Teacher, WeightArrays } from '../weights/studentFile.ts';
import type { TrainingConfig } from './config.ts';

/** Networks trained before, which a run begins with instead of fresh weights. */
export interface StartWeights {
  readonly teacher?: Pick<Teacher, 'shapes' | 'weights'>;
  readonly student?: Pick<Student, 'shape' | 'weights'>;
}

/** The start weights do not fit the networks of the config; the message says which and why. */
export class StartWeightsError extends Error {
  override readonly name = 'StartWeightsError';
}

/**
 * `config` with the networks that `start` brings: a teacher stays as it is while the student learns from it ('student'
 * mode; method: "the teacher may be replaced by another pretrained derainer"), unless the mode is changed afterwards.
 * Throws StartWeightsError for a teacher whose F1 and F2 differ in depth.
 */
export function withStartWeights(config: TrainingConfig, { teacher, student }: StartWeights): TrainingConfig {
  if (!teacher && !student) return config;
  let { networks } = config;
  if (student) {
    const { blocks, filters, imageSkip } = student.shape;
    networks = { ...networks, blocks, filters: { ...networks.filters, f3: filters }, imageSkip };
  }
  if (!teacher) return { ...config, preset: 'custom', networks };
  const { f1, f2 } = teacher.shapes;
  if (f1.blocks !== f2.blocks)
    throw new StartWeightsError(
      `The teacher's F1 has ${f1.blocks} blocks and its F2 ${f2.blocks}; they must be as deep as each other.`,
    );
  networks = {
    ...networks,
    teacherBlocks: f1.blocks,
    filters: { ...networks.filters, f1: f1.filters, f2: f2.filters },
  };
  return { ...config, preset: 'custom', networks, hyperparameters: { ...config.hyperparameters, mode: 'student' } };
}

/**
 * The student that says what the teacher's F1 says,  y = x − F1(x): its weights with the last layer's sign turned, under an
 * image-level skip. A head start for a student of F1's size.
 */
export function studentOfTeacher({
  shapes,
  weights,
}: Pick<Teacher, 'shapes' | 'weights'>): Pick<Student, 'shape' | 'weights'> {
  const turned = (name: string, values: Float32Array): Float32Array =>
    name.startsWith('tail.') ? values.map((value) => -value) : values;
  return {
    shape: { ...shapes.f1, imageSkip: true },
    weights: new Map([...weights.f1].map(([name, values]) => [name, turned(name, values)])),
  };
}

/** Puts the start weights into fresh networks of `shapes`. Throws StartWeightsError where shapes differ. */
export function applyStartWeights(networks: Networks, shapes: NetworkShapes, { teacher, student }: StartWeights): void {
  if (teacher) {
    for (const name of ['f1', 'f2'] as const)
      assign(name, networks[name], shapes[name], teacher.shapes[name], teacher.weights[name]);
  }
  if (student) assign('f3', networks.f3, shapes.f3, student.shape, student.weights);
}

function assign(name: NetworkName, network: Network, wanted: EdsrShape, given: EdsrShape, weights: WeightArrays): void {
  const same =
    wanted.blocks === given.blocks && wanted.filters === given.filters && wanted.imageSkip === given.imageSkip;
  if (!same)
    throw new StartWeightsError(
      `The weights given for ${name} are of ${inWords(given)}; the settings ask for ${inWords(wanted)}.`,
    );
  tf.tidy(() => {
    for (const [weight, variable] of network.variables)
      variable.assign(tf.tensor(weights.get(weight)!, variable.shape));
  });
}

function inWords({ blocks, filters, imageSkip }: EdsrShape): string {
  return `${blocks} blocks × ${filters} filters ${imageSkip ? 'with' : 'without'} the image-level skip`;
}
