import type { Experiment, Variant } from './experiment.ts';
import { variantsOf } from './experiment.ts';
import type { TrainingConfig } from './config.ts';
import type { MeasureId } from './experimentResults.ts';

/** A question of the paper's, or of ours, with the variants that answer it. */
export interface ReadyExperiment {
  readonly kind: string;
  readonly title: string;
  /** What is asked, in a sentence. */
  readonly question: string;
  /** What the paper found; null where the question is ours. */
  readonly paper: string | null;
  /** The measure that shows the effect after a few hundred steps, and is looked at first. */
  readonly measure: MeasureId;
  readonly variants: readonly Variant[];
}

export const readyExperiments: readonly ReadyExperiment[] = [
  {
    kind: 'lambda',
    title: 'Weight λ of the direction regularizer',
    question: 'How much weight should (5) have?',
    paper: 'Figure 7, left: best near 1.2 and flat around it; about 1.6 dB less at 0.',
    measure: 'rainMapPsnr',
    variants: variantsOf('lambda', [0, 0.4, 0.8, 1.2, 1.6, 2], 'λ'),
  },
  {
    kind: 'kernel',
    title: 'Kernel size',
    question: 'How large should the 18 kernels be?',
    paper: 'Figure 7, right: 5 and 7 are better than 3, the image gradients.',
    measure: 'rainMapPsnr',
    variants: [
      { name: 'content only', set: 'disabledTerms=direction' },
      ...variantsOf('kernel', [3, 5, 7]).map(({ set }, i) => ({ name: `l = ${[3, 5, 7][i]}`, set })),
    ],
  },
  {
    kind: 'regularizer',
    title: 'With and without (5)',
    question: 'What does the direction regularizer gain?',
    paper: 'Table 4: 30.34 dB without, 31.35 dB with.',
    measure: 'rainMapPsnr',
    variants: [
      { name: 'without (5)', set: 'disabledTerms=direction' },
      { name: 'with (5)', set: '' },
    ],
  },
  {
    kind: 'distillation',
    title: 'With and without (10)',
    question: 'What does the student gain from its teacher?',
    paper: 'Table 5: 39.15 dB without, 40.54 dB with. Without it, our student learns from labelled rain.',
    measure: 'studentPsnr',
    variants: [
      { name: 'without (10)', set: 'disabledTerms=distillReal,distillRef+labelled=1' },
      { name: 'with (10)', set: '' },
    ],
  },
  {
    kind: 'phi',
    title: 'Weight φ inside the distillation',
    question: 'How much weight should the reference pairs have?',
    paper: null,
    measure: 'studentPsnr',
    variants: variantsOf('phi', [0, 1, 5, 10, 20], 'φ'),
  },
  {
    kind: 'real',
    title: 'What fills the real set',
    question: 'What rain does the student need to see?',
    paper: null,
    measure: 'studentPsnr',
    variants: [
      { name: 'rainy photos', set: 'photos=1+rainyHalves=0+generated=0' },
      { name: 'synthetic rain', set: 'photos=0+rainyHalves=0+generated=1' },
      { name: 'both', set: 'photos=1+rainyHalves=0+generated=1' },
    ],
  },
  {
    kind: 'labelError',
    title: 'Wrong direction labels',
    question: 'How much do the labels of (5) matter?',
    paper: null,
    measure: 'rainMapPsnr',
    variants: [
      { name: 'right', set: 'labelError=0' },
      { name: '30° off', set: 'labelError=30' },
      { name: '90° off', set: 'labelError=90' },
      { name: 'random', set: 'randomLabels=1' },
    ],
  },
  {
    kind: 'rainFree',
    title: 'Share without rain',
    question: 'Do rain-free images keep the network from mistaking edges for rain?',
    paper: null,
    measure: 'studentPsnr',
    variants: variantsOf('rainFreeShare', [0, 0.1, 0.3, 0.5], 'rain-free'),
  },
];

/** A ready-made experiment on a base. */
export function experimentOf(
  { kind, title, variants }: ReadyExperiment,
  base: TrainingConfig,
  seeds: readonly number[],
): Experiment {
  return { kind, title, base, variants, seeds };
}

/** What is looked at first of an experiment of this kind; of one's own, the student. */
export function firstMeasure(kind: string): MeasureId {
  return readyExperiments.find((ready) => ready.kind === kind)?.measure ?? 'studentPsnr';
}
