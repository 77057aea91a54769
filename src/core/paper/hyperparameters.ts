/** Side of the direction kernels in pixels; 3 are plain image gradients (the paper's own baseline, section 5.1). */
export type KernelSize = 3 | 5 | 7;

export const trainingModes = ['alternating', 'joint', 'teacher', 'student', 'supervised'] as const;
export type TrainingMode = (typeof trainingModes)[number];

/**
 * Everything the paper leaves to choose, with its symbols. What is in here may change between two steps, except the
 * networks' shapes.
 */
export interface Hyperparameters {
  /** λ, weight of the direction regularizer (5). */
  readonly lambda: number;
  /** φ, weight of the reference pair inside the distillation (10). */
  readonly phi: number;
  /** Weights of the remaining terms. */
  readonly content: number;
  readonly reconstruction: number;
  readonly tv: number;
  readonly cycle: number;
  readonly distillation: number;
  /** Choice: weight of |F3(xSyn) − yGt|, which shows the student labelled rain directly; 0 as published: it is not computed. */
  readonly labelled: number;
  /** Names of terms that are switched off: reported, but without any gradient. */
  readonly disabledTerms: readonly string[];
  readonly kernelSize: KernelSize;
  /** Choice: the direction regularizer compares so many octaves of the rain maps, the whole, its half, its quarter …; 1 as published. */
  readonly directionOctaves: number;
  /** 'alternating' as in section 3.4; 'joint': one gradient of the whole objective; 'teacher': F1 and F2 alone, in turn; 'student': F3 alone, of a teacher that stays as it is; 'supervised': F3 alone, from labelled rain, without a teacher. */
  readonly mode: TrainingMode;
  /** Choice: the teacher's update on the real batch is made at every so many steps; 1 as published. It costs as much as the other and adds little. */
  readonly realEvery: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Choice: weight kept by the moving average of the weights that is validated and exported. */
  readonly ema: number;
}

/** The paper's constants (section 4.1); `ema` is ours. */
export const paperHyperparameters: Hyperparameters = {
  lambda: 1.2,
  phi: 10,
  content: 1,
  reconstruction: 1,
  tv: 0.001,
  cycle: 0.01,
  distillation: 1,
  labelled: 0,
  disabledTerms: [],
  kernelSize: 5,
  directionOctaves: 1,
  mode: 'alternating',
  realEvery: 1,
  learningRate: 8e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-4,
  ema: 0.999,
};

/** Choice: an epoch has at least the paper's own number of steps (2920 images / batch 12), so that a few photos do not halve the rate at once. */
export const leastStepsPerEpoch = 243;

/** The learning rate is halved every 40 epochs (section 4.1). `epoch` counts from 0. */
export function scheduledRate(baseRate: number, epoch: number, halveEvery: number): number {
  return baseRate * 0.5 ** Math.floor(epoch / halveEvery);
}

/** Choice: over the last `decaySteps` steps of a run the rate falls in a straight line towards 0; with `decaySteps` 0 it does not. */
export function decayedRate(rate: number, stepsLeft: number, decaySteps: number): number {
  return stepsLeft >= decaySteps ? rate : (rate * stepsLeft) / decaySteps;
}
