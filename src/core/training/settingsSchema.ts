/**
 * Every setting of a training run, once: where it stands in the config, what it may be, how links and `--set` name it, and what
 * people read beside it. The settings panel, the address, the command line and `checkConfig` all read this table. Those of the networks and
 * of the run stand here; those of the objective and of the images in files of their own.
 */
import { leastStepsPerEpoch } from '../paper/hyperparameters.ts';
import { dataSettings } from './dataSettings.ts';
import { hyperparameterSettings } from './hyperparameterSettings.ts';
import type { Setting } from './settingKinds.ts';

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
    hint: `An epoch is one pass over the images, but at least ${leastStepsPerEpoch} steps.`,
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
