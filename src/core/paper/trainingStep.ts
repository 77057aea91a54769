import * as tf from '@tensorflow/tfjs';
import type { NamedTensorMap, Scalar, Tensor, Tensor1D, Variable } from '@tensorflow/tfjs';
import type { Adam } from './adam.ts';
import type { Hyperparameters } from './hyperparameters.ts';
import * as losses from './losses.ts';
import { lossTerms, weightOf } from './lossTerms.ts';
import type { TermInputs, Update } from './lossTerms.ts';
import type { NetworkName, Networks } from './networks.ts';
import type { Batch, Images, TeacherOutput } from './notation.ts';
import { addRain, removeRain } from './rainModel.ts';

/** Unweighted values of some terms, by name. */
type Terms = Record<string, Scalar>;

export interface StepOptions {
  /** Whether a teacher trained alone is updated on the real batch too (`realEvery`). */
  readonly real?: boolean;
  /** The mean of what is computed for each part of the batch, name by name; the batch in one part by default. */
  readonly accumulateGradients?: (compute: (microBatch: Batch) => NamedTensorMap) => NamedTensorMap;
}

/** An iteration under way. */
interface Step extends Required<Pick<StepOptions, 'accumulateGradients'>> {
  readonly networks: Networks;
  readonly adam: Adam;
  readonly h: Hyperparameters;
  readonly learningRate: number;
  /** (zReal, yReal) of each micro-batch, kept for the student. */
  readonly teacherOnReal: Map<Batch, TeacherOutput>;
}

/** Eqs. (2,3) and (6,7):  z = F1(x),  y = F2(x − z).  x [n,h,w,3]. */
export function runTeacher(networks: Pick<Networks, 'f1' | 'f2'>, x: Images): TeacherOutput {
  const z = networks.f1.apply(x);
  return { z, y: networks.f2.apply(removeRain(x, z)) };
}

/** (zReal, yReal): those that came with the batch, where the teacher is fixed and they are known, else F1's and F2's. */
export function outputOnReal(networks: Pick<Networks, 'f1' | 'f2'>, { xReal, onReal }: Batch): TeacherOutput {
  return onReal ? { z: tf.clone(onReal.z), y: tf.clone(onReal.y) } : runTeacher(networks, xReal);
}

/**
 * One iteration (section 3.4). Alternating: F1 and F2 on the synthetic batch, F1 and F2 on the real batch, then F3.
 * Joint: F1 and F2 on both batches at once, then F3; as no gradient flows from F3 into the teacher, this is the gradient
 * of the whole objective. Teacher: as alternating, without F3. Student: F3 alone, of a teacher that was trained before. The
 * terms of updates that are left out are 0. Supervised: F3 on the synthetic batch alone, as networks without a teacher are trained.
 *
 * Returns the unweighted losses in the order of `lossTerms`; the caller disposes it. Nothing is read back.
 */
export function trainingStep(
  networks: Networks,
  adam: Adam,
  batch: Batch,
  h: Hyperparameters,
  learningRate: number,
  { real = true, accumulateGradients = (compute) => compute(batch) }: StepOptions = {},
): Tensor1D {
  const step: Step = { networks, adam, h, learningRate, accumulateGradients, teacherOnReal: new Map() };
  const terms: Terms = {};
  switch (h.mode) {
    case 'alternating':
      Object.assign(terms, updateTeacherOnSynthetic(step), updateTeacherOnReal(step), updateStudent(step));
      break;
    case 'joint':
      Object.assign(terms, updateTeacherJointly(step), updateStudent(step));
      break;
    case 'teacher':
      Object.assign(terms, updateTeacherOnSynthetic(step), real ? updateTeacherOnReal(step) : {});
      break;
    case 'student':
      Object.assign(terms, runTeacherOnReal(step), updateStudent(step));
      break;
    case 'supervised':
      Object.assign(terms, updateStudentOnSynthetic(step));
      break;
    default:
      h.mode satisfies never;
  }
  const values = tf.tidy(() => tf.stack(lossTerms().map(({ name }) => terms[name] ?? tf.scalar(0))) as Tensor1D);
  for (const { z, y } of step.teacherOnReal.values()) tf.dispose([z, y]);
  tf.dispose(Object.values(terms));
  return values;
}

/** F1 and F2 on the synthetic batch: content (4), direction (5) and reconstruction (8). */
function updateTeacherOnSynthetic(step: Step): Terms {
  return updateWeights(step, 'synthetic', teacherOf(step), (batch) => syntheticTerms(step, batch));
}

/** F1 and F2 on the real batch: total variation and cycle. Keeps their output for the student. */
function updateTeacherOnReal(step: Step): Terms {
  return updateWeights(step, 'real', teacherOf(step), (batch) => realTerms(step, batch));
}

function updateTeacherJointly(step: Step): Terms {
  return updateWeights(step, 'joint', teacherOf(step), (batch) => ({
    ...syntheticTerms(step, batch),
    ...realTerms(step, batch),
  }));
}

/** The teacher stays as it is; its output on the real batch is kept for the student. */
function runTeacherOnReal(step: Step): Terms {
  return step.accumulateGradients((batch) => tf.tidy(() => realTerms(step, batch) as NamedTensorMap)) as Terms;
}

/** F3: distillation (10), whatever teacher produced (zReal, yReal). */
function updateStudent(step: Step): Terms {
  const { networks, h, teacherOnReal } = step;
  return updateWeights(step, 'student', variablesOf(networks, ['f3']), (batch) =>
    distillation(networks.f3.apply, batch, teacherOnReal.get(batch)!, h),
  );
}

/** F3 alone: labelled rain. */
function updateStudentOnSynthetic(step: Step): Terms {
  return updateWeights(step, 'student', variablesOf(step.networks, ['f3']), (batch) =>
    supervision(step.networks.f3.apply, batch),
  );
}

function syntheticTerms({ networks, h }: Step, batch: Batch): Terms {
  return computeTerms('synthetic', { ...runTeacher(networks, batch.xSyn), batch }, h);
}

function realTerms({ networks, h, teacherOnReal }: Step, batch: Batch): Terms {
  const { z, y } = outputOnReal(networks, batch);
  teacherOnReal.set(batch, { z: tf.keep(z), y: tf.keep(y) });
  return computeTerms('real', { z, y, batch }, h);
}

/**
 * The terms of the student. Its images go through F3 as one batch.
 * Choice: xRef = yGt + zReal adds the rain of the real batch to the clean images of the synthetic one.
 */
export function distillation(
  f3: (x: Images) => Images,
  batch: Batch,
  { z: zReal, y: yReal }: TeacherOutput,
  h: Hyperparameters,
): Terms {
  const labelled = lossTerms().some((term) => term.needsSynthetic && weightOf(term.name, h) > 0);
  const inputs = [batch.xReal, addRain(batch.yGt, zReal), ...(labelled ? [batch.xSyn] : [])];
  const derained = f3(tf.concat(inputs)); // [2n,h,w,3], or [3n,h,w,3]
  const [ofReal, ofRef, ofSyn = null] = tf.split(derained, inputs.length) as Images[];
  return computeTerms('student', { ofReal: ofReal!, ofRef: ofRef!, ofSyn, yReal, batch }, h);
}

/** The one term of a student without a teacher. */
export function supervision(f3: (x: Images) => Images, { xSyn, yGt }: Batch): Terms {
  return { labelled: losses.labelledLoss(f3(xSyn), yGt) };
}

/** Every term of an update that has what it looks at. */
export function computeTerms<U extends Update>(update: U, inputs: TermInputs[U], h: Hyperparameters): Terms {
  const missing = 'ofSyn' in inputs && inputs.ofSyn === null;
  return Object.fromEntries(
    lossTerms()
      .filter((term) => term.update === update && !(term.needsSynthetic && missing))
      .map(({ name, compute }) => [name, compute(losses, inputs as never, h)]),
  );
}

/** Σ weight · term over the terms that are switched on; null when none is. */
export function objective(terms: Terms, h: Hyperparameters): Scalar | null {
  const weighted = Object.entries(terms)
    .filter(([term]) => weightOf(term, h) > 0)
    .map(([term, value]) => (weightOf(term, h) === 1 ? value : (tf.mul(weightOf(term, h), value) as Scalar)));
  return weighted.length ? (tf.addN(weighted) as Scalar) : null;
}

/**
 * One Adam update of `variables` down the gradient of the objective over the terms of all micro-batches. Returns the
 * terms. A variable that the objective does not depend on stays as it is.
 */
function updateWeights(
  { adam, h, learningRate, accumulateGradients }: Step,
  update: string,
  variables: ReadonlyMap<string, Variable>,
  termsOf: (batch: Batch) => Terms,
): Terms {
  const termsAndGradients = (batch: Batch): NamedTensorMap =>
    tf.tidy(() => {
      let terms: Terms = {};
      const forward = (): Scalar => {
        terms = termsOf(batch);
        for (const value of Object.values(terms)) tf.keep(value);
        return objective(terms, h) ?? tf.scalar(0);
      };
      const { grads } = tf.engine().gradients(forward, [...variables.values()], undefined as never, true);
      const gradients = [...variables.keys()].map((name, i): [string, Tensor] => [name, grads[i]!]);
      return { ...terms, ...Object.fromEntries(gradients.filter(([, gradient]) => gradient)) } as NamedTensorMap;
    });
  const means = Object.entries(accumulateGradients(termsAndGradients));
  const gradients = new Map(means.filter(([name]) => variables.has(name)));
  const moved = new Map([...variables].filter(([name]) => gradients.has(name)));
  if (moved.size) adam.update(update, moved, gradients, learningRate, h);
  tf.dispose([...gradients.values()]);
  return Object.fromEntries(means.filter(([name]) => !variables.has(name))) as Terms;
}

function teacherOf({ networks }: Step): Map<string, Variable> {
  return variablesOf(networks, ['f1', 'f2']);
}

/** Variables of some networks by the names they have everywhere: 'f1/head.weight'. */
export function variablesOf(networks: Networks, names: readonly NetworkName[]): Map<string, Variable> {
  const all = new Map<string, Variable>();
  for (const network of names) {
    for (const [name, variable] of networks[network].variables) all.set(`${network}/${name}`, variable);
  }
  return all;
}
