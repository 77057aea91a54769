/**
 * Reads what earlier versions stored under other names: each function takes one format as any version wrote it and returns
 * today's. A setting that a stored config does not know gets the value of what training did without it.
 */
import { unscaled } from '../data/crops.ts';
import { paperHyperparameters } from '../paper/hyperparameters.ts';
import { rainPresetNames } from '../rain/presets.ts';
import type { LiveChange, TrainingConfig } from './config.ts';
import type { RunNote, Validated } from './events.ts';

/** Earlier name → today's. */
const configNames = { coolDown: 'decaySteps' };
const hyperparameterNames = { off: 'disabledTerms' };
const runNames = { parts: 'microBatches' };
const dataNames = { dry: 'rainFreeShare' };
const validationNames = { pictures: 'images' };

/** Kinds of rain that a config does not know are not drawn. */
const noRain = Object.fromEntries(rainPresetNames.map((name) => [name, 0])) as TrainingConfig['data']['rain'];

/** A config as a checkpoint, a log or a provenance holds it. */
export function migrateConfig(stored: TrainingConfig): TrainingConfig {
  const config = renamed(stored, configNames);
  const data = renamed(config.data, dataNames);
  return {
    ...config,
    hyperparameters: { ...paperHyperparameters, ...renamed(config.hyperparameters, hyperparameterNames) },
    decaySteps: config.decaySteps ?? 0,
    run: renamed(config.run, runNames),
    data: {
      ...data,
      rain: { ...noRain, ...data.rain },
      rainScale: { ...unscaled, ...data.rainScale },
      rainVariety: data.rainVariety ?? 0,
      imageScale: { ...unscaled, ...data.imageScale },
      rainFreeShare: data.rainFreeShare ?? 0,
    },
  };
}

/** A validation as a checkpoint or a log holds it. */
export function migrateValidated(stored: Validated): Validated {
  return renamed(stored, validationNames);
}

/** A note as a checkpoint holds it. */
export function migrateNote(stored: RunNote): RunNote {
  if (stored.type !== 'adjusted') return stored;
  const change = (of: LiveChange): LiveChange => renamed(of, hyperparameterNames);
  return { ...stored, change: change(stored.change), before: change(stored.before) };
}

function renamed<Stored extends object>(stored: Stored, names: Readonly<Record<string, string>>): Stored {
  return Object.fromEntries(Object.entries(stored).map(([name, value]) => [names[name] ?? name, value])) as Stored;
}
