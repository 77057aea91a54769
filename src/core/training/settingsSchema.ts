/**
 * Every setting of a training run, once: where it stands in the config, what it may be, how links and `--set` name it, and what
 * people read beside it. The settings panel, the address, the command line and `checkConfig` all read this table.
 */
import { trainingModes } from '../paper/hyperparameters.ts';
import { lossTermNames } from '../paper/lossTerms.ts';
import { rainPresetNames } from '../rain/presets.ts';
import type { RainPresetName } from '../rain/presets.ts';

interface Named {
  /** Dotted place in the config. The command line also takes the end of it where that is not ambiguous. */
  readonly path: string;
  /** Name in a link; the command line takes it too. */
  readonly key: string;
  /** Earlier names, which links and the command line still take. */
  readonly aliases?: readonly string[];
  /** On screen. */
  readonly label: string;
  /** One or two sentences for someone who does not know the term. */
  readonly hint?: string;
  readonly unit?: string;
  /** Stands before the number: '×'. */
  readonly symbol?: string;
  /** May change while training runs. */
  readonly live?: true;
  /** What the charts call it when it changes: 'λ'. */
  readonly short?: string;
  /** May be absent; what then holds is for its reader to say. */
  readonly optional?: true;
}

export interface NumberSetting extends Named {
  readonly kind: 'whole' | 'number';
  /** Bounds of what training accepts. */
  readonly min: number;
  readonly max: number;
  /** Path of a setting whose value is a lower bound too. */
  readonly notBelow?: string;
  /** A slider over the part that is worth trying. */
  readonly slider?: { readonly min: number; readonly max: number; readonly step: number };
}

/** One of a few numbers or words. */
interface ChoiceSetting extends Named {
  readonly kind: 'choice';
  readonly options: readonly number[] | readonly string[];
}

interface SwitchSetting extends Named {
  readonly kind: 'switch';
}

/** One name; whether something of that name exists is known where it is used. */
interface NameSetting extends Named {
  readonly kind: 'name';
}

/** Several words; with `of`, some of these. */
interface ListSetting extends Named {
  readonly kind: 'list';
  readonly of?: readonly string[];
}

export type Setting = NumberSetting | ChoiceSetting | NameSetting | SwitchSetting | ListSetting;

export const rainPresetLabels: Readonly<Record<RainPresetName, string>> = {
  light: 'Light',
  heavy: 'Heavy',
  crossing: 'Crossing layers',
  nearDrops: 'Near drops',
  veil: 'Grey veil',
  dense: 'Dense, one direction',
  downpour: 'Downpour',
};

/** Settings of the networks by architecture. An architecture with settings of its own adds its row. */
const networkSettings: Readonly<Record<string, readonly Setting[]>> = {
  edsr: [
    { path: 'networks.architecture', key: 'architecture', label: 'Architecture', kind: 'name', optional: true },
    {
      path: 'networks.teacherArchitecture',
      key: 'teacherArchitecture',
      label: 'Architecture of F₁',
      kind: 'name',
      optional: true,
    },
    {
      path: 'networks.blocks',
      key: 'blocks',
      label: 'Residual blocks B',
      hint: 'Depth: more blocks see further and take longer.',
      kind: 'whole',
      min: 0,
      max: 64,
    },
    {
      path: 'networks.teacherBlocks',
      key: 'teacherBlocks',
      label: 'Residual blocks of the teacher',
      kind: 'whole',
      min: 0,
      max: 64,
      optional: true,
    },
    {
      path: 'networks.f2Blocks',
      key: 'f2Blocks',
      label: 'Residual blocks of F₂',
      kind: 'whole',
      min: 0,
      max: 64,
      optional: true,
    },
    ...(
      [
        ['f1', 'F₁', 'Teacher: finds the rain'],
        ['f2', 'F₂', 'Teacher: restores the image'],
        ['f3', 'F₃', 'Student: the network that is kept'],
      ] as const
    ).map(([name, symbol, hint]): Setting => ({
      path: `networks.filters.${name}`,
      key: name,
      label: `Filters of ${symbol}`,
      hint,
      kind: 'whole',
      min: 1,
      max: 256,
    })),
    {
      path: 'networks.imageSkip',
      key: 'imageSkip',
      label: 'Skip connection',
      hint: 'F₂ and F₃ add their output to the input, so they learn only the correction.',
      kind: 'switch',
    },
  ],
};

const runSettings: readonly Setting[] = [
  {
    path: 'teacher',
    key: 'teacher',
    label: 'Teacher',
    hint: 'Who shows the student real rain and what is left without it.',
    kind: 'name',
    optional: true,
  },
  {
    path: 'run.seed',
    key: 'seed',
    label: 'Seed',
    hint: 'The same seed, images and settings give the same run.',
    kind: 'whole',
    min: 0,
    max: 2 ** 32 - 1,
  },
  {
    path: 'run.steps',
    key: 'steps',
    label: 'Steps',
    hint: 'In one step the networks learn from one batch.',
    kind: 'whole',
    min: 1,
    max: 10_000_000,
  },
  {
    path: 'run.batch',
    key: 'batch',
    label: 'Batch size',
    hint: 'Images in one step. More are steadier and slower.',
    kind: 'whole',
    min: 1,
    max: 64,
  },
  {
    path: 'run.crop',
    key: 'crop',
    label: 'Crop size',
    unit: 'px',
    hint: 'Side of the square cut out of each image.',
    kind: 'whole',
    min: 16,
    max: 512,
  },
  {
    path: 'run.microBatches',
    key: 'microBatches',
    aliases: ['parts', 'run.parts'],
    label: 'Micro-batches',
    hint: 'Saves memory (gradient accumulation): a step works through its batch in so many parts, with the same result. 0 chooses.',
    kind: 'whole',
    min: 0,
    max: 64,
    optional: true,
  },
  {
    path: 'run.previewEvery',
    key: 'previewEvery',
    label: 'Preview every',
    unit: 'steps',
    kind: 'whole',
    min: 1,
    max: 1_000_000,
  },
  {
    path: 'run.validateEvery',
    key: 'validateEvery',
    label: 'Validate every',
    unit: 'steps',
    hint: 'Measures PSNR and SSIM on the held-out images.',
    kind: 'whole',
    min: 1,
    max: 1_000_000,
  },
  {
    path: 'run.checkpointEvery',
    key: 'checkpointEvery',
    label: 'Save every',
    unit: 'steps',
    hint: 'A checkpoint: what training resumes from after a reload or a crash.',
    kind: 'whole',
    min: 1,
    max: 1_000_000,
  },
];

const scheduleSettings: readonly Setting[] = [
  {
    path: 'halveEvery',
    key: 'halveEvery',
    label: 'Halve learning rate every',
    unit: 'epochs',
    hint: 'An epoch is one pass over the images.',
    kind: 'number',
    min: 1,
    max: 1_000_000,
  },
  {
    path: 'decaySteps',
    key: 'decaySteps',
    aliases: ['coolDown'],
    label: 'Linear decay over the last',
    unit: 'steps',
    hint: 'The learning rate falls to 0 in a straight line. 0: no decay, as published.',
    kind: 'whole',
    min: 0,
    max: 10_000_000,
  },
];

const weight = (name: string, label: string, more: Partial<NumberSetting> = {}): Setting => ({
  path: `hyperparameters.${name}`,
  key: name,
  label,
  short: label,
  live: true,
  kind: 'number',
  min: 0,
  max: 1000,
  ...more,
});

const hyperparameterSettings: readonly Setting[] = [
  weight('lambda', 'λ', { slider: { min: 0, max: 6, step: 0.1 } }),
  weight('phi', 'φ', { slider: { min: 0, max: 20, step: 0.5 } }),
  weight('content', 'content weight'),
  weight('reconstruction', 'reconstruction weight'),
  weight('tv', 'TV weight'),
  weight('cycle', 'cycle weight'),
  weight('distillation', 'distillation weight'),
  weight('labelled', 'labelled weight'),
  {
    path: 'hyperparameters.learningRate',
    key: 'rate',
    label: 'Learning rate',
    short: 'learning rate',
    hint: 'How far one step moves the weights. Too large: training diverges.',
    live: true,
    kind: 'number',
    min: 0,
    max: 1,
  },
  {
    path: 'hyperparameters.epsilon',
    key: 'epsilon',
    label: 'ε',
    hint: 'Keeps Adam from dividing by zero.',
    kind: 'number',
    min: 1e-12,
    max: 1,
  },
  {
    path: 'hyperparameters.beta1',
    key: 'beta1',
    label: 'β₁',
    hint: 'How long Adam remembers gradients.',
    kind: 'number',
    min: 0,
    max: 0.999999,
  },
  {
    path: 'hyperparameters.beta2',
    key: 'beta2',
    label: 'β₂',
    hint: 'How long it remembers their squares.',
    kind: 'number',
    min: 0,
    max: 0.999999,
  },
  {
    path: 'hyperparameters.ema',
    key: 'ema',
    label: 'Weight averaging (EMA)',
    hint: 'Share of the moving average kept at each step. The average is what is validated and exported.',
    kind: 'number',
    min: 0,
    max: 0.999999,
  },
  {
    path: 'hyperparameters.kernelSize',
    key: 'kernel',
    label: 'Size of the kernels k',
    short: 'kernel size',
    live: true,
    kind: 'choice',
    options: [3, 5, 7],
  },
  {
    path: 'hyperparameters.directionOctaves',
    key: 'directionOctaves',
    label: 'Octaves of the direction term',
    hint: 'Sizes of rain that the term looks at, each half the one before. 1: as published.',
    kind: 'whole',
    min: 1,
    max: 6,
  },
  {
    path: 'hyperparameters.realEvery',
    key: 'realEvery',
    label: 'Real rain every',
    unit: 'steps',
    hint: 'How often the teacher learns from real rain. 1: in every step, as published.',
    kind: 'whole',
    min: 1,
    max: 1000,
  },
  { path: 'hyperparameters.mode', key: 'mode', label: 'Update order', kind: 'choice', options: trainingModes },
  {
    path: 'hyperparameters.disabledTerms',
    key: 'disabledTerms',
    aliases: ['off', 'hyperparameters.off'],
    label: 'Loss terms switched off',
    live: true,
    kind: 'list',
    of: lossTermNames(),
  },
];

const share = (name: string, key: string, label: string): Setting => ({
  path: `data.${name}`,
  key,
  label,
  symbol: '×',
  kind: 'number',
  min: 0,
  max: 1000,
});

/** The two ends of a random factor, and how many it applies to. */
const scaleRange = (name: string, label: string, hint: string): readonly Setting[] => {
  const end = { symbol: '×', kind: 'number', min: 0.1, max: 10 } as const;
  const [low, high] = [`data.${name}.min`, `data.${name}.max`];
  return [
    { ...end, path: low, key: `${name}Min`, label: `${label}, smallest`, hint },
    { ...end, path: high, key: `${name}Max`, label: `${label}, largest`, notBelow: low },
    {
      path: `data.${name}.share`,
      key: `${name}Share`,
      label: `${label}, share`,
      hint: 'How many are scaled at all; the rest keep their size.',
      kind: 'number',
      min: 0,
      max: 1,
      optional: true,
    },
  ];
};

const dataSettings: readonly Setting[] = [
  {
    path: 'data.pairShare',
    key: 'pairShare',
    label: 'Share taken from pairs',
    hint: '0: generated rain only. 1: pairs only.',
    kind: 'number',
    min: 0,
    max: 1,
  },
  {
    path: 'data.rainFreeShare',
    key: 'rainFreeShare',
    aliases: ['dry', 'data.dry'],
    label: 'Share without rain',
    hint: 'Clean images left as they are: they teach that not every bright edge is rain.',
    kind: 'number',
    min: 0,
    max: 1,
  },
  {
    path: 'data.labelError',
    key: 'labelError',
    label: 'Label error',
    unit: '°',
    hint: 'The direction regularizer is told a direction that is wrong by this much, to the nearest 10°.',
    kind: 'whole',
    min: 0,
    max: 90,
    optional: true,
  },
  {
    path: 'data.randomLabels',
    key: 'randomLabels',
    label: 'Share of random labels',
    hint: 'Rain whose direction label is drawn at random.',
    kind: 'number',
    min: 0,
    max: 1,
    optional: true,
  },
  {
    path: 'data.heldOut',
    key: 'heldOut',
    label: 'Held out for validation',
    hint: 'Pairs, or else clean images, that are never trained on.',
    kind: 'whole',
    min: 0,
    max: 1000,
  },
  {
    path: 'data.heldOutIds',
    key: 'heldOutIds',
    label: 'Held-out pairs',
    kind: 'list',
    optional: true,
  },
  {
    path: 'data.validationCrop',
    key: 'validationCrop',
    label: 'Validation crop',
    unit: 'px',
    hint: 'Side of the central square that is measured. 0: the whole image.',
    kind: 'whole',
    min: 0,
    max: 4096,
  },
  ...rainPresetNames.map((name) => share(`rain.${name}`, name, rainPresetLabels[name])),
  ...scaleRange(
    'rainScale',
    'Rain size',
    'Each rain is drawn at a random size between the two. 1: the size of its kind.',
  ),
  {
    path: 'data.rainVariety',
    key: 'rainVariety',
    label: 'Share varied like real rain',
    hint: 'Direction that turns a little over the image, soft ends, streaks in front of and behind the focus.',
    kind: 'number',
    min: 0,
    max: 1,
  },
  ...scaleRange(
    'imageScale',
    'Image scale',
    'Each image or pair is enlarged or reduced by a random factor between the two before it is cropped.',
  ),
  share('real.photos', 'photos', 'Rainy images'),
  share('real.rainyHalves', 'rainyHalves', 'Rainy halves of pairs'),
  share('real.generated', 'generated', 'Synthetic rain'),
];

/** The architecture of configs that name none. */
const defaultArchitecture = 'edsr';

/** The settings of a config, those of its networks' architecture first. */
export function settingsOf(config: object): readonly Setting[] {
  const { networks } = config as { readonly networks?: { readonly architecture?: string } };
  const named = networks?.architecture ?? defaultArchitecture;
  return [
    ...networkSettings[Object.hasOwn(networkSettings, named) ? named : defaultArchitecture]!,
    ...runSettings,
    ...scheduleSettings,
    ...hyperparameterSettings,
    ...dataSettings,
  ];
}

/** Settings that may change while training runs. */
export const liveSettings: readonly Setting[] = hyperparameterSettings.filter(({ live }) => live);
