import { networkShapes } from '../architectures/networks.ts';
import { parameterCount } from '../architectures/registry.ts';
import type { TrainingConfig } from './config.ts';
import { configOfVariant } from './experiment.ts';
import type { Experiment } from './experiment.ts';

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
/** Time of a step that does not shrink with the networks, milliseconds. */
const FIXED_MS = 12;

/** The longest turn, in steps: what a crash may cost. */
const LONGEST_TURN = 100;

/** Steps that a run of an experiment trains in one turn. */
export function turnStepsOf({ run }: TrainingConfig): number {
  return Math.min(LONGEST_TURN, Math.max(1, Math.ceil(run.steps / TURNS)));
}

/** Floating-point operations of one training step: three passes over F1 and F2 for each of two batches, and over F3 for two. */
export function stepOperations({ networks, run }: TrainingConfig): number {
  const shapes = networkShapes(networks);
  const weights = 2 * (parameterCount(shapes.f1) + parameterCount(shapes.f2)) + 2 * parameterCount(shapes.f3);
  return 2 * 3 * weights * run.batch * run.crop ** 2;
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
  const reference = stepOperations(calibrationConfig(config));
  const fixed = Math.min(FIXED_MS, stepMs / 2);
  return fixed + ((stepMs - fixed) * stepOperations(config)) / reference;
}
