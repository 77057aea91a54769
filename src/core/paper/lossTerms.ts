import type { Scalar } from '@tensorflow/tfjs';
import type { Hyperparameters } from './hyperparameters.ts';
import type * as Losses from './losses.ts';
import type { Batch, Images, RealBatch, SyntheticBatch } from './notation.ts';

/** What the terms of each update look at. All images [n,h,w,3]. */
export interface TermInputs {
  /** F1 and F2 on the synthetic batch: zSyn and ySyn. */
  readonly synthetic: { readonly z: Images; readonly y: Images; readonly batch: SyntheticBatch };
  /** F1 and F2 on the real batch: zReal and yReal. */
  readonly real: { readonly z: Images; readonly y: Images; readonly batch: RealBatch };
  /** F3 on xReal, on xRef and, where a term with a weight asks for it, on xSyn; yReal of the teacher. */
  readonly student: {
    readonly ofReal: Images;
    readonly ofRef: Images;
    readonly ofSyn: Images | null;
    readonly yReal: Images;
    readonly batch: Batch;
  };
}

export type Update = keyof TermInputs;

/** One term of the objective. `losses` hands the functions of losses.ts in, so that the page can read this table without tfjs. */
export interface LossTermDefinition<U extends Update = Update> {
  readonly name: string;
  /** Its number in the paper; null where it has none, or is ours. */
  readonly equation: number | null;
  /** The update (section 3.4) that it belongs to. */
  readonly update: U;
  /** Weight in the objective, while it is switched on. */
  weight(h: Hyperparameters): number;
  compute(losses: typeof Losses, inputs: TermInputs[U], h: Hyperparameters): Scalar;
  /** A student's term that looks at F3(xSyn). */
  readonly needsSynthetic?: boolean;
}

const term = <U extends Update, Name extends string>(
  definition: LossTermDefinition<U> & { readonly name: Name },
): LossTermDefinition<U> & { readonly name: Name } => definition;

/** The objective, term by term in the paper's order. To add one: its entry here, and its row in the settings' explanations. */
const table = [
  term({
    name: 'content',
    equation: 4,
    update: 'synthetic',
    weight: (h) => h.content,
    compute: (losses, { z, batch }) => losses.contentLoss(z, batch.zGt),
  }),
  term({
    name: 'direction',
    equation: 5,
    update: 'synthetic',
    weight: (h) => h.lambda,
    compute: (losses, { z, batch }, h) =>
      losses.directionLoss(z, batch.zGt, batch.direction, h.kernelSize, h.directionOctaves),
  }),
  term({
    name: 'reconstruction',
    equation: 8,
    update: 'synthetic',
    weight: (h) => h.reconstruction,
    compute: (losses, { y, batch }) => losses.reconstructionLoss(y, batch.yGt),
  }),
  term({
    name: 'tv',
    equation: null,
    update: 'real',
    weight: (h) => h.tv,
    compute: (losses, { y }) => losses.tvLoss(y),
  }),
  term({
    name: 'cycle',
    equation: null,
    update: 'real',
    weight: (h) => h.cycle,
    compute: (losses, { z, y, batch }) => losses.cycleLoss(y, z, batch.xReal),
  }),
  term({
    name: 'distillReal',
    equation: 10,
    update: 'student',
    weight: (h) => h.distillation,
    compute: (losses, { ofReal, yReal }) => losses.distillRealLoss(ofReal, yReal),
  }),
  term({
    name: 'distillRef',
    equation: 10,
    update: 'student',
    weight: (h) => h.distillation * h.phi,
    compute: (losses, { ofRef, batch }) => losses.distillRefLoss(ofRef, batch.yGt),
  }),
  term({
    name: 'labelled',
    equation: null,
    update: 'student',
    needsSynthetic: true,
    weight: (h) => (h.mode === 'supervised' ? 1 : h.labelled),
    compute: (losses, { ofSyn, batch }) => losses.labelledLoss(ofSyn!, batch.yGt),
  }),
] as const;

export type LossTerm = (typeof table)[number]['name'];

/** Unweighted value of every term at one step. */
export type LossValues = Readonly<Record<LossTerm, number>>;

const registered: LossTermDefinition[] = [...(table as readonly LossTermDefinition[])];

/** All terms, in the order in which losses are reported. */
export function lossTerms(): readonly LossTermDefinition[] {
  return registered;
}

/** Their names. */
export function lossTermNames(): readonly LossTerm[] {
  return registered.map(({ name }) => name as LossTerm);
}

/** Adds a term behind the others; returns how to take it out again. */
export function registerLossTerm<U extends Update>(definition: LossTermDefinition<U>): () => void {
  const added = definition as unknown as LossTermDefinition;
  registered.push(added);
  return () => void registered.splice(registered.indexOf(added), 1);
}

/** Weight of a term in the objective; 0 when it is switched off. */
export function weightOf(name: string, h: Hyperparameters): number {
  if (h.disabledTerms.includes(name)) return 0;
  return registered.find((definition) => definition.name === name)?.weight(h) ?? 0;
}
