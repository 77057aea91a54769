import type { NetworkSettings } from '../architectures/networks.ts';
import type { ScaleRange } from '../data/crops.ts';
import type { Hyperparameters } from '../paper/hyperparameters.ts';
import { paperHyperparameters, trainingModes } from '../paper/hyperparameters.ts';
import { lossTerms } from '../paper/notation.ts';
import { rainPresetNames } from '../rain/presets.ts';
import type { RainPresetName } from '../rain/presets.ts';

export type PresetName = 'quick' | 'small' | 'paper';

/** Everything a run depends on besides the pictures. A checkpoint holds one; a link to an experiment encodes one. */
export interface TrainingConfig {
  readonly preset: PresetName | 'custom';
  readonly networks: NetworkSettings;
  readonly hyperparameters: Hyperparameters;
  /** The learning rate is halved after this many epochs. */
  readonly halveEvery: number;
  /** Choice: the learning rate falls to 0 over so many last steps; 0, as published: it does not. */
  readonly coolDown: number;
  readonly run: {
    readonly seed: number;
    /** Total steps of the run. */
    readonly steps: number;
    readonly batch: number;
    /** Side of the square crops, pixels. */
    readonly crop: number;
    /** Equal parts that a step's batch is cut into to save memory; 0 or absent: as many as memory asks for. */
    readonly parts?: number;
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
    /** Relative weights of what fills the real set; a source without pictures counts as 0. */
    readonly real: { readonly photos: number; readonly rainyHalves: number; readonly generated: number };
    /**
     * Choice: share of the synthetic and of the real batch that stays dry, 0…1: clean pictures with a rain map of 0. It teaches
     * that not every bright edge is rain.
     */
    readonly dry: number;
    /** Pairs, or failing these clean photos, held out for validation; never trained on. */
    readonly heldOut: number;
    /** Ids of held-out pairs, when the caller wants to choose them; else the last `heldOut`. */
    readonly heldOutIds?: readonly string[];
    /** Validation looks at the central square of this side; 0: the whole picture. */
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
    | 'off'
    | 'kernelSize'
    | 'learningRate'
  >
>;

const shared = {
  hyperparameters: paperHyperparameters,
  halveEvery: 40,
  coolDown: 0,
  data: {
    rain: { light: 4, heavy: 2, crossing: 2, nearDrops: 1, veil: 1, dense: 0, downpour: 0 },
    rainScale: { min: 1, max: 1 },
    rainVariety: 0,
    imageScale: { min: 1, max: 1 },
    pairShare: 0.5,
    real: { photos: 1, rainyHalves: 1, generated: 1 },
    dry: 0.1,
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
      parts: 0,
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
      parts: 0,
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
      parts: 0,
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
  const problems: ConfigProblem[] = [];
  const whole = (path: string, value: number, low: number, high: number): void => {
    if (!Number.isInteger(value) || value < low || value > high) {
      problems.push({ path, message: `must be a whole number from ${low} to ${high}, not ${value}` });
    }
  };
  const number = (path: string, value: number, low: number, high: number): void => {
    if (!Number.isFinite(value) || value < low || value > high) {
      problems.push({ path, message: `must be a number from ${low} to ${high}, not ${value}` });
    }
  };
  const { networks, run, data, hyperparameters: h } = config;
  whole('networks.blocks', networks.blocks, 0, 64);
  whole('networks.teacherBlocks', networks.teacherBlocks ?? networks.blocks, 0, 64);
  whole('networks.f2Blocks', networks.f2Blocks ?? networks.blocks, 0, 64);
  for (const name of ['f1', 'f2', 'f3'] as const) whole(`networks.filters.${name}`, networks.filters[name], 1, 256);
  whole('run.seed', run.seed, 0, 2 ** 32 - 1);
  whole('run.steps', run.steps, 1, 10_000_000);
  whole('run.batch', run.batch, 1, 64);
  whole('run.crop', run.crop, 16, 512);
  whole('run.parts', run.parts ?? 0, 0, 64);
  if (run.parts && run.batch % run.parts !== 0) {
    problems.push({
      path: 'run.parts',
      message: `must divide the ${run.batch} pictures of a step evenly, or be 0 to be chosen, not ${run.parts}`,
    });
  }
  for (const name of ['previewEvery', 'validateEvery', 'checkpointEvery'] as const)
    whole(`run.${name}`, run[name], 1, 1_000_000);
  number('halveEvery', config.halveEvery, 1, 1_000_000);
  whole('coolDown', config.coolDown, 0, 10_000_000);
  for (const name of ['lambda', 'phi', 'content', 'reconstruction', 'tv', 'cycle', 'distillation'] as const) {
    number(`hyperparameters.${name}`, h[name], 0, 1000);
  }
  number('hyperparameters.learningRate', h.learningRate, 0, 1);
  number('hyperparameters.epsilon', h.epsilon, 1e-12, 1);
  for (const name of ['beta1', 'beta2', 'ema'] as const) number(`hyperparameters.${name}`, h[name], 0, 0.999999);
  whole('hyperparameters.directionOctaves', h.directionOctaves, 1, 6);
  whole('hyperparameters.realEvery', h.realEvery, 1, 1000);
  if (![3, 5, 7].includes(h.kernelSize))
    problems.push({ path: 'hyperparameters.kernelSize', message: 'must be 3, 5 or 7' });
  if (!trainingModes.includes(h.mode)) {
    problems.push({ path: 'hyperparameters.mode', message: "must be 'alternating', 'joint', 'teacher' or 'student'" });
  }
  const unknown = h.off.filter((term) => !lossTerms.includes(term));
  if (unknown.length)
    problems.push({ path: 'hyperparameters.off', message: `names unknown terms: ${unknown.join(', ')}` });
  number('data.pairShare', data.pairShare, 0, 1);
  number('data.dry', data.dry, 0, 1);
  whole('data.heldOut', data.heldOut, 0, 1000);
  whole('data.validationCrop', data.validationCrop, 0, 4096);
  for (const name of rainPresetNames) number(`data.rain.${name}`, data.rain[name], 0, 1000);
  for (const name of ['rainScale', 'imageScale'] as const) {
    number(`data.${name}.min`, data[name].min, 0.1, 10);
    number(`data.${name}.max`, data[name].max, data[name].min, 10);
  }
  number('data.rainVariety', data.rainVariety, 0, 1);
  for (const name of ['photos', 'rainyHalves', 'generated'] as const)
    number(`data.real.${name}`, data.real[name], 0, 1000);
  return problems;
}
