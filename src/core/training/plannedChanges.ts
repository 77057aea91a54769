/** Live changes that an experiment makes in each of its runs, so that a run whose λ was dragged can be done again. */
import type { LiveChange, TrainingConfig } from './config.ts';
import type { RunNote } from './events.ts';
import { formatSetting, parseSetting } from './settingValues.ts';
import { liveSettings } from './settingsSchema.ts';
import { ExperimentError, wordsOf } from './settingWords.ts';

export interface PlannedChange {
  /** It takes effect in this step, from 1. */
  readonly step: number;
  /** In words: 'lambda=2+kernel=7'. */
  readonly set: string;
}

/** 'STEP:SET' as a change: '500:lambda=2+kernel=7'. The step is NaN where none is written. */
export function plannedChangeOf(text: string): PlannedChange {
  const colon = text.indexOf(':');
  return { step: colon < 1 ? Number.NaN : Number(text.slice(0, colon)), set: text.slice(colon + 1) };
}

/** What changes in a step; null for nothing. Throws ExperimentError for what is no live setting. */
export function changeAt(changes: readonly PlannedChange[], step: number): LiveChange | null {
  const now = changes.filter((change) => change.step === step).map(({ set }) => changeOf(set));
  return now.length > 0 ? Object.assign({}, ...now) : null;
}

function changeOf(set: string): LiveChange {
  return Object.fromEntries(
    wordsOf(set).map(({ name, text }) => {
      const setting = liveSettings.find(({ key, path }) => key === name || path === name);
      if (!setting) throw new ExperimentError(`'${name}' cannot be changed while training runs.`);
      const value = parseSetting(setting, text, ',');
      if (value === undefined) throw new ExperimentError(`'${text}' is no value of ${name}.`);
      return [setting.path.split('.').at(-1)!, value];
    }),
  );
}

/** The settings that a run began with, and what was changed on the way, from what it came to. Learning rates halved by going back come again by themselves. */
export function courseOfRun(
  config: TrainingConfig,
  notes: readonly RunNote[],
): { readonly base: TrainingConfig; readonly changes: readonly PlannedChange[] } {
  const hyperparameters = notes.reduceRight((later, note) => {
    if (note.type === 'deviceLost') return later;
    return note.type === 'adjusted' ? { ...later, ...note.before } : { ...later, learningRate: 2 * note.learningRate };
  }, config.hyperparameters);
  const changes = notes.flatMap((note) =>
    note.type === 'adjusted' ? [{ step: note.step, set: inWords(note.change) }] : [],
  );
  return { base: { ...config, hyperparameters }, changes };
}

function inWords(change: LiveChange): string {
  return liveSettings
    .flatMap((setting) => {
      const value = change[setting.path.split('.').at(-1) as keyof LiveChange];
      return value === undefined ? [] : [`${setting.key}=${formatSetting(setting, value, ',')}`];
    })
    .join('+');
}
