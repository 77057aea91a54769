import * as tf from '@tensorflow/tfjs';
import type { NetworkShape } from '../architectures/architecture.ts';
import type { EdsrShape } from '../architectures/edsr.ts';
import type { NetworkShapes } from '../architectures/networks.ts';
import { complementOf, describeNetwork, networkSize, networkWeights, sameShape } from '../architectures/registry.ts';
import type { Network, NetworkName, Networks } from '../paper/networks.ts';
import type { ModelFile, Student, Teacher, WeightArrays } from '../weights/modelFile.ts';
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

/** F2(b) = b: an EDSR without a block whose filters are all 0. */
const identityShape: EdsrShape = { architecture: 'edsr', blocks: 0, filters: 1, imageSkip: true };

/**
 * Any model as a teacher (section 3.4: it "may be replaced by another pretrained derainer"). What only derains, y = D(x),
 * estimates no rain map; it becomes
 *
 *   F1(x) = x − D(x),   F2(b) = b,   so that   zReal = xReal − D(xReal),   yReal = F2(xReal − zReal) = D(xReal).
 *
 * Throws ShapeError for an architecture that cannot say x − D(x).
 */
export function asTeacher(model: ModelFile): Pick<Teacher, 'shapes' | 'weights'> {
  if (model.role === 'teacher') return model;
  const rainMap = complementOf(model.shape, model.weights);
  const zeros = networkWeights(identityShape).map(({ name, shape }): [string, Float32Array] => [
    name,
    new Float32Array(shape.reduce((a, b) => a * b, 1)),
  ]);
  return {
    shapes: { f1: rainMap.shape, f2: identityShape },
    weights: { f1: rainMap.weights, f2: new Map(zeros) },
  };
}

/**
 * `config` with the networks of `pretrained`: a teacher stays as it is while the student learns from it ('student'
 * mode), unless the mode is changed afterwards. `name` says which teacher it is.
 */
export function withPretrained(
  config: TrainingConfig,
  { teacher, student }: Pretrained,
  name?: string,
): TrainingConfig {
  if (!teacher && !student) return config;
  let { networks } = config;
  if (student) {
    const { blocks, filters, imageSkip } = networkSize(student.shape);
    const { architecture } = student.shape;
    networks = { ...networks, architecture, blocks, filters: { ...networks.filters, f3: filters }, imageSkip };
  }
  if (!teacher) return { ...config, preset: 'custom', networks };
  return {
    ...config,
    preset: 'custom',
    ...(name !== undefined && { teacher: name }),
    networks: { ...networks, teacherShapes: teacher.shapes },
    hyperparameters: { ...config.hyperparameters, mode: 'student' },
  };
}

/**
 * The student that computes what the teacher's F1 does,  y = x − F1(x). A head start for a student of F1's shape.
 * Throws ShapeError where F1's architecture has no such student.
 */
export function studentFromTeacher({
  shapes,
  weights,
}: Pick<Teacher, 'shapes' | 'weights'>): Pick<Student, 'shape' | 'weights'> {
  return complementOf(shapes.f1, weights.f1);
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
