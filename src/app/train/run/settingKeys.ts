import { presets } from '../../../core/training/config.ts';
import type { LiveChange, PresetName, TrainingConfig } from '../../../core/training/config.ts';

/** Name in the address → place in the config. Numbers only; the rest are in `words`. */
export const numberPaths = {
  blocks: 'networks.blocks',
  f1: 'networks.filters.f1',
  f2: 'networks.filters.f2',
  f3: 'networks.filters.f3',
  content: 'hyperparameters.content',
  lambda: 'hyperparameters.lambda',
  kernel: 'hyperparameters.kernelSize',
  reconstruction: 'hyperparameters.reconstruction',
  tv: 'hyperparameters.tv',
  cycle: 'hyperparameters.cycle',
  distillation: 'hyperparameters.distillation',
  phi: 'hyperparameters.phi',
  rate: 'hyperparameters.learningRate',
  halveEvery: 'halveEvery',
  coolDown: 'coolDown',
  beta1: 'hyperparameters.beta1',
  beta2: 'hyperparameters.beta2',
  epsilon: 'hyperparameters.epsilon',
  ema: 'hyperparameters.ema',
  seed: 'run.seed',
  steps: 'run.steps',
  batch: 'run.batch',
  crop: 'run.crop',
  parts: 'run.parts',
  previewEvery: 'run.previewEvery',
  validateEvery: 'run.validateEvery',
  checkpointEvery: 'run.checkpointEvery',
  light: 'data.rain.light',
  heavy: 'data.rain.heavy',
  crossing: 'data.rain.crossing',
  nearDrops: 'data.rain.nearDrops',
  veil: 'data.rain.veil',
  dense: 'data.rain.dense',
  downpour: 'data.rain.downpour',
  rainScaleMin: 'data.rainScale.min',
  rainScaleMax: 'data.rainScale.max',
  rainVariety: 'data.rainVariety',
  imageScaleMin: 'data.imageScale.min',
  imageScaleMax: 'data.imageScale.max',
  pairShare: 'data.pairShare',
  dry: 'data.dry',
  photos: 'data.real.photos',
  rainyHalves: 'data.real.rainyHalves',
  generated: 'data.real.generated',
  heldOut: 'data.heldOut',
  validationCrop: 'data.validationCrop',
} as const;
export type NumberKey = keyof typeof numberPaths;

/** What is not a number: how it is written in the address, and read back (null: not understood). */
const words = {
  imageSkip: {
    path: 'networks.imageSkip',
    write: (value: unknown) => (value ? 'on' : 'off'),
    read: (text: string) => (text === 'on' ? true : text === 'off' ? false : null),
  },
  mode: { path: 'hyperparameters.mode', write: String, read: (text: string) => text },
  off: {
    path: 'hyperparameters.off',
    write: (value: unknown) => (value as readonly string[]).join('.'),
    read: (text: string) => text.split('.').filter(Boolean),
  },
  heldOutIds: {
    path: 'data.heldOutIds',
    write: (value: unknown) => ((value as readonly string[] | undefined) ?? []).join('.'),
    read: (text: string) => text.split('.').filter(Boolean),
  },
} as const;
type WordKey = keyof typeof words;

const numberKeys = Object.keys(numberPaths) as NumberKey[];
const wordKeys = Object.keys(words) as WordKey[];

/** The value at a dotted path of a config. */
export function valueAt(config: TrainingConfig, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], config);
}

/** A config with one value replaced. */
export function withValue(config: TrainingConfig, path: string, value: unknown): TrainingConfig {
  const replace = (part: unknown, [name, ...rest]: readonly string[]): unknown =>
    name === undefined
      ? value
      : { ...(part as object), [name]: replace((part as Record<string, unknown>)[name], rest) };
  return replace(config, path.split('.')) as TrainingConfig;
}

/** The address' settings of a config: its preset and what differs from it, null for what does not. */
export function settingsOfConfig(config: TrainingConfig): Record<string, string | null> {
  const base = basePreset(config);
  const settings: Record<string, string | null> = { preset: base === 'quick' ? null : base };
  for (const key of numberKeys) {
    const value = valueAt(config, numberPaths[key]);
    settings[key] = value === undefined || value === valueAt(presets[base], numberPaths[key]) ? null : String(value);
  }
  for (const key of wordKeys) {
    const { path, write } = words[key];
    const text = write(valueAt(config, path));
    settings[key] = text === write(valueAt(presets[base], path)) ? null : text;
  }
  return settings;
}

/**
 * The config that an address' settings describe. What is missing or not understood comes from the preset; numbers out of
 * range are kept, for `checkConfig` to explain. `preset` is 'custom' as soon as anything differs.
 */
export function configOfSettings(settings: Readonly<Record<string, string>>): TrainingConfig {
  const base = presetNamed(settings['preset']);
  let config = presets[base];
  for (const key of numberKeys) {
    const text = settings[key];
    if (text !== undefined && text.trim() !== '' && !Number.isNaN(Number(text)))
      config = withValue(config, numberPaths[key], Number(text));
  }
  for (const key of wordKeys) {
    const text = settings[key];
    const value = text === undefined ? null : words[key].read(text);
    if (value !== null) config = withValue(config, words[key].path, value);
  }
  const changed = Object.entries(settingsOfConfig(config)).some(([key, value]) => key !== 'preset' && value !== null);
  return changed ? { ...config, preset: 'custom' } : config;
}

function presetNamed(name: string | undefined): PresetName {
  return name !== undefined && Object.hasOwn(presets, name) ? (name as PresetName) : 'quick';
}

/** The preset a config belongs to: its own, or for 'custom' the one with the most equal network and run settings. */
export function basePreset(config: TrainingConfig): PresetName {
  if (config.preset !== 'custom') return config.preset;
  const distance = (name: PresetName): number =>
    numberKeys.filter((key) => valueAt(config, numberPaths[key]) !== valueAt(presets[name], numberPaths[key])).length;
  return (Object.keys(presets) as PresetName[]).reduce((best, name) => (distance(name) < distance(best) ? name : best));
}

const livePaths: ReadonlySet<string> = new Set(
  [
    'lambda',
    'phi',
    'content',
    'reconstruction',
    'tv',
    'cycle',
    'distillation',
    'off',
    'kernelSize',
    'learningRate',
  ].map((name) => `hyperparameters.${name}`),
);

/** Whether a setting may change while training runs. */
export function isLive(path: string): boolean {
  return livePaths.has(path);
}

/** A live setting as the change that the trainer takes. Throws for a path that is not live. */
export function liveChangeOf(path: string, value: unknown): LiveChange {
  if (!isLive(path)) throw new Error(`${path} cannot change while training runs.`);
  return { [path.slice('hyperparameters.'.length)]: value } as LiveChange;
}
