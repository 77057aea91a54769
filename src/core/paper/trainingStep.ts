import * as tf from '@tensorflow/tfjs';
import type { NamedTensorMap, Scalar, Tensor, Tensor1D, Variable } from '@tensorflow/tfjs';
import type { Adam } from './adam.ts';
import type { Hyperparameters } from './hyperparameters.ts';
import { weightOf } from './hyperparameters.ts';
import {
  contentLoss,
  cycleLoss,
  directionLoss,
  distillRealLoss,
  distillRefLoss,
  reconstructionLoss,
  tvLoss,
} from './losses.ts';
import type { NetworkName, Networks } from './networks.ts';
import { lossTerms } from './notation.ts';
import type { Batch, Images, LossTerm, RealBatch, SyntheticBatch } from './notation.ts';
import { cutBatch, meanOver } from './parts.ts';
import { removeRain, wearRain } from './rainModel.ts';

/** Unweighted values of some terms. */
type Terms = Partial<Record<LossTerm, Scalar>>;

/** The rain map and the derained picture that a teacher gives; constants to the student. */
export interface TeacherOutput {
  readonly z: Images;
  readonly y: Images;
}

export interface StepOptions {
  /** Equal parts of the batch, computed one after another. */
  readonly parts?: number;
  /** Whether a teacher trained alone is updated on the real batch too. */
  readonly real?: boolean;
}

/** Eqs. (2,3) and (6,7):  z = F1(x),  y = F2(x − z).  x [n,h,w,3]. */
export function teach(networks: Pick<Networks, 'f1' | 'f2'>, x: Images): TeacherOutput {
  const z = networks.f1.apply(x);
  return { z, y: networks.f2.apply(removeRain(x, z)) };
}

/**
 * One iteration (section 3.4). Alternating: F1 and F2 on the synthetic batch, F1 and F2 on the real batch, then F3.
 * Joint: F1 and F2 on both batches at once, then F3; as no gradient flows from F3 into the teacher, this is the gradient
 * of the whole objective. Teacher: as alternating, without F3. Student: F3 alone, of a teacher that was trained before. The
 * terms of updates that are left out are 0.
 *
 * Without `real`, a teacher that is trained alone skips the update on the real batch (`realEvery`). With `parts` > 1, each gradient is the mean over so many equal parts of the batch: the same step within rounding, in the
 * memory of one part. Throws Error when the batch cannot be divided so.
 *
 * Returns the seven unweighted losses in the order of `lossTerms`, [7]; the caller disposes it. Nothing is read back.
 */
export function trainingStep(
  networks: Networks,
  adam: Adam,
  batch: Batch,
  h: Hyperparameters,
  learningRate: number,
  { parts = 1, real: withReal = true }: StepOptions = {},
): Tensor1D {
  const teacherVariables = variablesOf(networks, ['f1', 'f2']);
  const pieces = cutBatch(batch, parts);
  const real = new Map<Batch, TeacherOutput>();
  const realTerms = (piece: Batch): Terms => {
    const output = keepOutput(teach(networks, piece.xReal));
    real.set(piece, output);
    return teacherOnReal(output, piece);
  };
  const descent = { adam, h, learningRate, pieces };
  const terms: Terms = {};
  if (h.mode === 'joint') {
    Object.assign(
      terms,
      descend(descent, 'joint', teacherVariables, (piece) => ({
        ...teacherOnSynthetic(networks, piece, h),
        ...realTerms(piece),
      })),
    );
  } else if (h.mode === 'student') {
    Object.assign(
      terms,
      meanOver(pieces, (piece) => tf.tidy(() => realTerms(piece) as NamedTensorMap)),
    );
  } else {
    Object.assign(
      terms,
      descend(descent, 'synthetic', teacherVariables, (piece) => teacherOnSynthetic(networks, piece, h)),
    );
    if (withReal || h.mode !== 'teacher') Object.assign(terms, descend(descent, 'real', teacherVariables, realTerms));
  }
  if (h.mode !== 'teacher') {
    Object.assign(
      terms,
      descend(descent, 'student', variablesOf(networks, ['f3']), (piece) =>
        distillation(networks.f3.apply, piece, real.get(piece)!),
      ),
    );
  }
  const losses = tf.tidy(() => tf.stack(lossTerms.map((term) => terms[term] ?? tf.scalar(0))) as Tensor1D);
  for (const { z, y } of real.values()) tf.dispose([z, y]);
  tf.dispose(Object.values(terms));
  if (parts > 1) for (const { xSyn, yGt, zGt, xReal } of pieces) tf.dispose([xSyn, yGt, zGt, xReal]);
  return losses;
}

/** Step 1: content (4), direction (5) and reconstruction (8). */
export function teacherOnSynthetic(
  networks: Pick<Networks, 'f1' | 'f2'>,
  batch: SyntheticBatch,
  h: Hyperparameters,
): Terms {
  const { z: zSyn, y: ySyn } = teach(networks, batch.xSyn);
  return {
    content: contentLoss(zSyn, batch.zGt),
    direction: directionLoss(zSyn, batch.zGt, batch.direction, h.kernelSize, h.directionOctaves),
    reconstruction: reconstructionLoss(ySyn, batch.yGt),
  };
}

/** Step 2: total variation and cycle, of the teacher's output on the real batch. */
export function teacherOnReal({ z: zReal, y: yReal }: TeacherOutput, { xReal }: RealBatch): Terms {
  return { tv: tvLoss(yReal), cycle: cycleLoss(yReal, zReal, xReal) };
}

/**
 * Step 3: distillation (10), whatever teacher produced (zReal, yReal). Both of its pairs go through F3 as one batch.
 * Choice: xRef = yGt + zReal wears the rain of the real batch on the clean pictures of the synthetic one.
 */
export function distillation(
  f3: (x: Images) => Images,
  { xReal, yGt }: RealBatch & Pick<SyntheticBatch, 'yGt'>,
  { z: zReal, y: yReal }: TeacherOutput,
): Terms {
  const derained = f3(tf.concat([xReal, wearRain(yGt, zReal)])); // [2n,h,w,3]
  const [ofReal, ofRef] = tf.split(derained, 2) as [Images, Images];
  return { distillReal: distillRealLoss(ofReal, yReal), distillRef: distillRefLoss(ofRef, yGt) };
}

/** Σ weight · term over the terms that are switched on; null when none is. */
export function objective(terms: Terms, h: Hyperparameters): Scalar | null {
  const weighted = (Object.entries(terms) as [LossTerm, Scalar][])
    .filter(([term]) => weightOf(term, h) > 0)
    .map(([term, value]) => (weightOf(term, h) === 1 ? value : (tf.mul(weightOf(term, h), value) as Scalar)));
  return weighted.length ? (tf.addN(weighted) as Scalar) : null;
}

/**
 * One Adam update of `variables` down the gradient of the objective over the terms of all pieces. Returns the terms. A
 * variable that the objective does not depend on stays as it is.
 */
function descend(
  { adam, h, learningRate, pieces }: { adam: Adam; h: Hyperparameters; learningRate: number; pieces: readonly Batch[] },
  update: string,
  variables: ReadonlyMap<string, Variable>,
  computeTerms: (piece: Batch) => Terms,
): Terms {
  const termsAndGradients = (piece: Batch): NamedTensorMap =>
    tf.tidy(() => {
      let terms: Terms = {};
      const forward = (): Scalar => {
        terms = keepTerms(computeTerms(piece));
        return objective(terms, h) ?? tf.scalar(0);
      };
      const { grads } = tf.engine().gradients(forward, [...variables.values()], undefined as never, true);
      const gradients = [...variables.keys()].map((name, i): [string, Tensor] => [name, grads[i]!]);
      return { ...terms, ...Object.fromEntries(gradients.filter(([, gradient]) => gradient)) } as NamedTensorMap;
    });
  const means = Object.entries(meanOver(pieces, termsAndGradients));
  const gradients = new Map(means.filter(([name]) => variables.has(name)));
  const moved = new Map([...variables].filter(([name]) => gradients.has(name)));
  if (moved.size) adam.update(update, moved, gradients, learningRate, h);
  tf.dispose([...gradients.values()]);
  return Object.fromEntries(means.filter(([name]) => !variables.has(name)));
}

/** Variables of some networks by the names they have everywhere: 'f1/head.weight'. */
export function variablesOf(networks: Networks, names: readonly NetworkName[]): Map<string, Variable> {
  const all = new Map<string, Variable>();
  for (const network of names) {
    for (const [name, variable] of networks[network].variables) all.set(`${network}/${name}`, variable);
  }
  return all;
}

function keepTerms(terms: Terms): Terms {
  for (const value of Object.values(terms)) tf.keep(value);
  return terms;
}

function keepOutput({ z, y }: TeacherOutput): TeacherOutput {
  return { z: tf.keep(z), y: tf.keep(y) };
}
