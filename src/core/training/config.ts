import type { NetworkSettings } from '../architectures/networks.ts';
import type { ScaleRange } from '../data/crops.ts';
import type { Hyperparameters } from '../paper/hyperparameters.ts';
import { paperHyperparameters } from '../paper/hyperparameters.ts';
import type { RainPresetName } from '../rain/presets.ts';
import { boundedBy, problemOf, valueAt } from './settingValues.ts';
import { settingsOf } from './settingsSchema.ts';

export type PresetName = 'quick' | 'small' | 'paper';

/** Everything a run depends on besides the images. A checkpoint holds one; a link to an experiment encodes one. */
export interface TrainingConfig {
  readonly preset: PresetName | 'custom';
  /** Name of a teacher that was trained before; absent: F1 and F2 are trained in the run. */
  readonly teacher?: string;
  readonly networks: NetworkSettings;
  readonly hyperparameters: Hyperparameters;
  /** The learning rate is halved after this many epochs. */
  readonly halveEvery: number;
  /** Choice: the learning rate falls to 0 over so many last steps; 0, as published: it does not. */
  readonly decaySteps: number;
  readonly run: {
    readonly seed: number;
    /** Total steps of the run. */
    readonly steps: number;
    readonly batch: number;
    /** Side of the square crops, pixels. */
    readonly crop: number;
    /** Micro-batches that a step's batch is split into to save memory; 0 or absent: as many as memory asks for. */
    readonly microBatches?: number;
    readonly previewEvery: number;
    readonly validateEvery: number;
    readonly checkpointEvery: number;
  };
  readonly data: {
    /** Relative weights of the rain presets laid over clean photos. */
    readonly rain: Readonly<Record<RainPresetName, number>>;
    /** Size of generated rain: a factor for each image, log-uniform from min to max; 1 is as the preset says. */
    readonly rainScale: ScaleRange;
    /** Choice: share of generated rain that is varied as real rain is (bent, soft, in front of and behind the focus), 0…1. */
    readonly rainVariety: number;
    /** Choice: photos and pairs are scaled by a factor, log-uniform from min to max, before they are cut. */
    readonly imageScale: ScaleRange;
    /** Share of the synthetic batch taken from pairs rather than from generated rain, 0…1 (used when both exist). */
    readonly pairShare: number;
    /** Relative weights of what fills the real set; a source without images counts as 0. */
    readonly real: { readonly photos: number; readonly rainyHalves: number; readonly generated: number };
    /**
     * Choice: share of the synthetic and of the real batch that stays rain-free, 0…1: clean images with a rain map of 0. It teaches
     * that not every bright edge is rain.
     */
    readonly rainFreeShare: number;
    /** What (5) is told of the direction of synthetic rain is wrong by so many degrees, to the nearest 10; absent: 0. */
    readonly labelError?: number;
    /** Share of synthetic rain whose label is drawn at random, 0…1; absent: 0. */
    readonly randomLabels?: number;
    /** Pairs, or failing these clean photos, held out for validation; never trained on. */
    readonly heldOut: number;
    /** Ids of held-out pairs, when the caller wants to choose them; else the last `heldOut`. */
    readonly heldOutIds?: readonly string[];
    /** Validation uses the central square of this side; 0: the whole image. */
    readonly validationCrop: number;
  };
}

/** What may change while training runs, at the next step. */
export type LiveChange = Partial<
  Pick<
    Hyperparameters,
    | 'lambda'
    | 'phi'
    | 'content'
    | 'reconstruction'
    | 'tv'
    | 'cycle'
    | 'distillation'
    | 'labelled'
    | 'disabledTerms'
    | 'kernelSize'
    | 'learningRate'
  >
>;

const shared = {
  hyperparameters: paperHyperparameters,
  halveEvery: 40,
  decaySteps: 0,
  data: {
    rain: { light: 4, heavy: 2, crossing: 2, nearDrops: 1, veil: 1, dense: 0, downpour: 0, driving: 0 },
    rainScale: { min: 1, max: 1, share: 1 },
    rainVariety: 0,
    imageScale: { min: 1, max: 1, share: 1 },
    pairShare: 0.5,
    real: { photos: 1, rainyHalves: 1, generated: 1 },
    rainFreeShare: 0.1,
    heldOut: 4,
    validationCrop: 160,
  },
} as const;

/** `quick` shows the method in minutes on any machine; `paper` is the size of the publication. */
export const presets: Readonly<Record<PresetName, TrainingConfig>> = {
  quick: {
    ...shared,
    preset: 'quick',
    networks: { architecture: 'edsr', blocks: 4, filters: { f1: 16, f2: 16, f3: 16 }, imageSkip: true },
    run: {
      seed: 1,
      steps: 3000,
      batch: 4,
      crop: 48,
      microBatches: 0,
      previewEvery: 25,
      validateEvery: 100,
      checkpointEvery: 100,
    },
  },
  small: {
    ...shared,
    preset: 'small',
    networks: { architecture: 'edsr', blocks: 8, filters: { f1: 24, f2: 24, f3: 32 }, imageSkip: true },
    run: {
      seed: 1,
      steps: 12000,
      batch: 8,
      crop: 64,
      microBatches: 0,
      previewEvery: 25,
      validateEvery: 200,
      checkpointEvery: 100,
    },
  },
  paper: {
    ...shared,
    preset: 'paper',
    networks: { architecture: 'edsr', blocks: 16, filters: { f1: 64, f2: 64, f3: 128 }, imageSkip: true },
    run: {
      seed: 1,
      steps: 48600,
      batch: 12,
      crop: 64,
      microBatches: 0,
      previewEvery: 50,
      validateEvery: 250,
      checkpointEvery: 100,
    },
  },
};

/** A setting that cannot be used: where it stands in the config, and why, in words for the person who set it. */
export interface ConfigProblem {
  readonly path: string;
  readonly message: string;
}

/** Every problem of a config; empty when it can be trained with. */
export function checkConfig(config: TrainingConfig): ConfigProblem[] {
  const problems = settingsOf(config).flatMap((setting): ConfigProblem[] => {
    const message = problemOf(boundedBy(config, setting), valueAt(config, setting.path));
    return message === null ? [] : [{ path: setting.path, message }];
  });
  const { batch, microBatches } = config.run;
  if (microBatches && batch % microBatches !== 0) {
    problems.push({
      path: 'run.microBatches',
      message: `must divide the ${batch} images of a step evenly, or be 0 to be chosen, not ${microBatches}`,
    });
  }
  return problems;
}
