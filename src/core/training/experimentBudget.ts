import type { TrainingConfig } from './config.ts';
import { configOfVariant } from './experiment.ts';
import type { Experiment } from './experiment.ts';
import { expectedStepMs } from './pace.ts';
import { stepOperations } from './stepTime.ts';

/** Sizes to choose from, the largest first. */
const sizes = [
  { blocks: 4, filters: 16, batch: 4, crop: 48 },
  { blocks: 3, filters: 12, batch: 4, crop: 40 },
  { blocks: 2, filters: 8, batch: 4, crop: 32 },
] as const;

/** Fewer steps show nothing; a smaller network comes before them. */
const FEWEST_STEPS = 300;
/** Turns that a run takes to its end. */
const TURNS = 12;
/** Validations, previews and checkpoints, beside the steps themselves. */
const OVERHEAD = 1.5;

/** The longest turn, in steps: what a crash may cost. */
const LONGEST_TURN = 100;

/** Steps that a run of an experiment trains in one turn. */
export function turnStepsOf({ run }: TrainingConfig): number {
  return Math.min(LONGEST_TURN, Math.max(1, Math.ceil(run.steps / TURNS)));
}

/** A size's config, for the first measurement and for an experiment. */
function sized(
  base: TrainingConfig,
  { blocks, filters, batch, crop }: (typeof sizes)[number],
  steps: number,
): TrainingConfig {
  const turn = Math.max(1, Math.ceil(steps / TURNS));
  return {
    ...base,
    preset: 'custom',
    networks: { architecture: 'edsr', blocks, filters: { f1: filters, f2: filters, f3: filters }, imageSkip: true },
    run: {
      ...base.run,
      steps: turn * TURNS,
      batch,
      crop,
      microBatches: 0,
      previewEvery: turn * 3,
      validateEvery: turn,
      checkpointEvery: turn * TURNS,
    },
    data: { ...base.data, heldOut: Math.min(base.data.heldOut, 2), validationCrop: 96 },
  };
}

/** What is timed before an experiment: the smallest size, a few steps. */
export function calibrationConfig(base: TrainingConfig): TrainingConfig {
  return sized(base, sizes.at(-1)!, 12);
}

/**
 * The experiment at the size and with the steps that fill `minutes`: the largest networks that still get some hundred steps.
 * `stepMs`: duration of a step of `calibrationConfig` on this machine.
 */
export function withinBudget(experiment: Experiment, minutes: number, stepMs: number): Experiment {
  const runs = experiment.variants.length * experiment.seeds.length;
  const stepsOf = (size: (typeof sizes)[number]): number =>
    (minutes * 60e3) /
    (runs * OVERHEAD * meanStepMs({ ...experiment, base: sized(experiment.base, size, 12) }, stepMs));
  const size = sizes.find((candidate) => stepsOf(candidate) >= FEWEST_STEPS) ?? sizes.at(-1)!;
  const steps = Math.max(TURNS, Math.floor(stepsOf(size) / TURNS) * TURNS);
  return { ...experiment, base: sized(experiment.base, size, steps) };
}

/** Duration of a whole experiment, milliseconds, by the same measurement. */
export function estimatedMs(experiment: Experiment, stepMs: number): number {
  const { base, variants, seeds } = experiment;
  return variants.length * seeds.length * base.run.steps * meanStepMs(experiment, stepMs) * OVERHEAD;
}

/** Over the variants, which may have networks of their own. */
function meanStepMs({ base, variants }: Experiment, stepMs: number): number {
  const each = variants.map((variant) => estimatedStepMs(configOfVariant(base, variant), stepMs));
  return each.reduce((sum, ms) => sum + ms, 0) / Math.max(1, each.length);
}

function estimatedStepMs(config: TrainingConfig, stepMs: number): number {
  return expectedStepMs(stepOperations(config), { operations: stepOperations(calibrationConfig(config)), stepMs });
}
