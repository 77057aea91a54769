/**
 * An experiment: one base configuration × variants × seeds. Runs of one seed begin with the same weights and see the same
 * batches, as far as their settings allow. Plain data: the page, the worker, the command line and a file hold the same.
 */
import { checkConfig } from './config.ts';
import type { ConfigProblem, TrainingConfig } from './config.ts';
import { configOfLink, linkOfConfig } from './settingsLink.ts';
import { formatSetting, parseSetting, valueAt, withValue } from './settingValues.ts';
import { changeAt, plannedChangeOf } from './plannedChanges.ts';
import type { PlannedChange } from './plannedChanges.ts';
import { settingsOf } from './settingsSchema.ts';
import { ExperimentError, wordsOf } from './settingWords.ts';

export interface Variant {
  readonly name: string;
  /** What differs from the base, as `train --set` says it: 'lambda=0', several joined by '+'; '' for nothing. */
  readonly set: string;
  /** Id of the kept run whose weights it begins with; absent: fresh ones. Its `set` names the networks of that run. */
  readonly start?: string;
}

export interface Experiment {
  /** Of a ready-made experiment, or 'own'. */
  readonly kind: string;
  readonly title: string;
  readonly base: TrainingConfig;
  readonly variants: readonly Variant[];
  readonly seeds: readonly number[];
  /** What is changed in each of its runs on the way; absent: nothing. */
  readonly changes?: readonly PlannedChange[];
  /** The images that it runs on, in this order; absent: those that are there. */
  readonly images?: ImageHashes;
}

/** First hexadecimal digits of the SHA-256 of image files; of a pair, of its rainy one. */
export interface ImageHashes {
  readonly clean: readonly string[];
  readonly rainy: readonly string[];
  readonly pairs: readonly string[];
}

/** One training of an experiment. */
export interface PlannedRun {
  /** Unique within the experiment. */
  readonly key: string;
  readonly variant: Variant;
  readonly seed: number;
  readonly config: TrainingConfig;
}

const FORMAT = 'petrichor-experiment';
/** More runs than this are a mistyped list. */
const MOST_RUNS = 200;

/** Every run, seed by seed. Throws ExperimentError for a variant that the settings do not know. */
export function plannedRuns({ base, variants, seeds }: Experiment): PlannedRun[] {
  return seeds.flatMap((seed) =>
    variants.map((variant) => ({
      key: `${variant.name}, seed ${seed}`,
      variant,
      seed,
      config: withValue(configOfVariant(base, variant), 'run.seed', seed),
    })),
  );
}

/** The base with a variant's settings. Throws ExperimentError for an unknown setting or value. */
export function configOfVariant(base: TrainingConfig, { set }: Variant): TrainingConfig {
  const changes = wordsOf(set);
  const changed = changes.reduce((config, { name, text }) => {
    const setting = settingsOf(config).find(({ key, path }) => key === name || path === name);
    if (!setting) throw new ExperimentError(`There is no setting '${name}'.`);
    const value = parseSetting(setting, text, ',');
    if (value === undefined) throw new ExperimentError(`'${text}' is no value of ${name}.`);
    return withValue(config, setting.path, value);
  }, base);
  return changes.length ? { ...changed, preset: 'custom' } : changed;
}

/** Why an experiment cannot be run, in words; null when it can. */
export function problemOfExperiment(experiment: Experiment): string | null {
  const { variants, seeds } = experiment;
  if (variants.length === 0) return 'An experiment needs a variant.';
  if (seeds.length === 0 || seeds.some((seed) => !Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32))
    return 'Seeds are whole numbers from 0 to 4294967295.';
  if (new Set(seeds).size < seeds.length) return 'A seed is there twice.';
  const names = variants.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) return `There are two variants '${twice}'.`;
  if (names.includes('')) return 'A variant has no name.';
  if (variants.length * seeds.length > MOST_RUNS) return `These are more than ${MOST_RUNS} runs.`;
  try {
    for (const { step } of experiment.changes ?? []) {
      const [problem] = checkConfig(changedAt(experiment.base, experiment.changes!, step));
      if (problem) return problemWords(`Step ${step}`, problem);
    }
    for (const { config, key } of plannedRuns(experiment)) {
      const [problem] = checkConfig(config);
      if (problem) return problemWords(key, problem);
    }
    return null;
  } catch (error) {
    if (error instanceof ExperimentError) return error.message;
    throw error;
  }
}

function changedAt(config: TrainingConfig, changes: readonly PlannedChange[], step: number): TrainingConfig {
  return { ...config, hyperparameters: { ...config.hyperparameters, ...changeAt(changes, step) } };
}

const problemWords = (key: string, { path, message }: ConfigProblem): string => `${key}: ${path} ${message}.`;

/** The one number that the variants differ in, with each variant's value; null when there is no such setting. */
export function axisOf({ base, variants }: Pick<Experiment, 'base' | 'variants'>): {
  readonly label: string;
  readonly unit: string;
  readonly values: readonly (number | null)[];
} | null {
  const names = new Set(variants.flatMap(({ set }) => wordsOf(set).map(({ name }) => name)));
  const numeric = settingsOf(base).filter(
    ({ key, path, kind, ...rest }) =>
      (names.has(key) || names.has(path)) &&
      (kind === 'whole' ||
        kind === 'number' ||
        (kind === 'choice' && typeof (rest as { options: readonly unknown[] }).options[0] === 'number')),
  );
  const [setting] = numeric;
  if (!setting || numeric.length > 1) return null;
  const values = variants.map((variant) => {
    const words = wordsOf(variant.set);
    const only = words.every(({ name }) => name === setting.key || name === setting.path);
    return only ? (valueAt(configOfVariant(base, variant), setting.path) as number) : null;
  });
  return values.filter((value) => value !== null).length < 2
    ? null
    : { label: setting.label, unit: setting.unit ?? '', values };
}

/** As JSON, for a file. */
export function encodeExperiment(experiment: Experiment): string {
  return JSON.stringify({ format: FORMAT, version: 1, ...experiment }, null, 1);
}

/** Throws ExperimentError when the text is no experiment that can be run. */
export function decodeExperiment(text: string): Experiment {
  let read: Partial<Experiment> & { format?: string; version?: number };
  try {
    read = JSON.parse(text) as typeof read;
  } catch (error) {
    throw new ExperimentError('This is no experiment: it is not JSON.', { cause: error });
  }
  if (read?.format !== FORMAT) throw new ExperimentError('This JSON is no experiment.');
  if (read.version !== 1) throw new ExperimentError(`This experiment has version ${read.version}; 1 is needed.`);
  const { kind, title, base, variants, seeds, changes, images } = read;
  const isList =
    Array.isArray(variants) &&
    variants.every(
      (v) =>
        typeof v?.name === 'string' &&
        typeof v.set === 'string' &&
        (v.start === undefined || typeof v.start === 'string'),
    );
  if (typeof kind !== 'string' || typeof title !== 'string' || !isList || !Array.isArray(seeds) || !base?.run)
    throw new ExperimentError('This experiment lacks its title, base, variants or seeds.');
  return sound({ kind, title, base, variants, seeds, ...(changes && { changes }), ...(images && { images }) });
}

/** As names and values of a link. */
export function linkOfExperiment(experiment: Experiment): Record<string, string> {
  const { kind, title, base, variants, seeds, changes = [], images } = experiment;
  const changed = Object.entries(linkOfConfig(base)).filter(([, value]) => value !== null) as [string, string][];
  return {
    kind,
    title,
    seeds: seeds.join('.'),
    variants: variants.map(({ name, set, start }) => [name, set, ...(start ? [start] : [])].join(':')).join(';'),
    ...Object.fromEntries(changed.map(([key, value]) => [`base.${key}`, value])),
    ...(changes.length > 0 && { changes: changes.map(({ step, set }) => `${step}:${set}`).join(';') }),
    ...(images && Object.fromEntries(collections.map((name) => [name, images[name].join('.')]))),
  };
}

const collections = ['clean', 'rainy', 'pairs'] as const;

/** The inverse of `linkOfExperiment`; null when the link names no variants. Throws ExperimentError when it cannot be run. */
export function experimentOfLink(link: Readonly<Record<string, string>>): Experiment | null {
  const { variants, seeds, kind = 'own', title = 'Experiment from a link' } = link;
  if (!variants) return null;
  const base = Object.entries(link).filter(([key]) => key.startsWith('base.'));
  return sound({
    kind,
    title,
    base: configOfLink(Object.fromEntries(base.map(([key, value]) => [key.slice(5), value]))),
    variants: variants.split(';').map((text) => {
      const [name = '', set = name, start] = text.split(':');
      return { name, set, ...(start && { start }) };
    }),
    seeds: (seeds ?? '1').split('.').map(Number),
    ...(link['changes'] && { changes: link['changes'].split(';').map(plannedChangeOf) }),
    ...(collections.some((name) => link[name]) && { images: imagesOfLink(link) }),
  });
}

function imagesOfLink(link: Readonly<Record<string, string>>): ImageHashes {
  const of = (name: (typeof collections)[number]): string[] =>
    (link[name] ?? '').split('.').filter((hash) => /^[0-9a-f]+$/.test(hash));
  return { clean: of('clean'), rainy: of('rainy'), pairs: of('pairs') };
}

function sound(experiment: Experiment): Experiment {
  const problem = problemOfExperiment(experiment);
  if (problem !== null) throw new ExperimentError(problem);
  return experiment;
}

/** The networks of a config as words of a variant: 'blocks=4+f1=16+…'. */
export function networksInWords(config: TrainingConfig): string {
  return settingsOf(config)
    .filter(({ path }) => path.startsWith('networks.') && valueAt(config, path) !== undefined)
    .map((setting) => `${setting.key}=${formatSetting(setting, valueAt(config, setting.path), ',')}`)
    .join('+');
}

/** Every variant begun with the weights of a kept run, whose config this is. */
export function begunWith(variants: readonly Variant[], run: string, config: TrainingConfig): Variant[] {
  const networks = networksInWords(config);
  return variants.map(({ name, set }) => ({ name, set: [set, networks].filter(Boolean).join('+'), start: run }));
}

/** 'λ' values 0, 1 of one setting as variants: `lambda=0`, `lambda=1`. */
export function variantsOf(key: string, values: readonly (number | string)[], symbol = key): Variant[] {
  return values.map((value) => ({ name: `${symbol} ${value}`, set: `${key}=${value}` }));
}
