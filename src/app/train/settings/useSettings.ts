import { useMemo } from 'react';
import { checkConfig, presets } from '../../../core/training/config.ts';
import type { PresetName, TrainingConfig } from '../../../core/training/config.ts';
import type { LossTerm } from '../../../core/paper/lossTerms.ts';
import { configOfLink } from '../../../core/training/settingsLink.ts';
import { settingsOf } from '../../../core/training/settingsSchema.ts';
import type { Setting } from '../../../core/training/settingKinds.ts';
import { valueAt } from '../../../core/training/settingValues.ts';
import { useRoute } from '../../routing/route.ts';
import { changeSetting, replaceConfig } from '../run/currentSettings.ts';
import { useTraining } from '../run/trainingStore.ts';

export interface Settings {
  readonly config: TrainingConfig;
  readonly usable: boolean;
  /** A run is under way: only live settings can be changed. */
  readonly running: boolean;
  /** The setting that a link calls by this key. Throws Error for a key that the config does not have. */
  setting(key: string): Setting;
  value(key: string): unknown;
  change(key: string, value: unknown): void;
  locked(key: string): boolean;
  /** What is wrong with a value, in words. */
  problem(key: string): string | undefined;
  switchTerm(term: LossTerm, on: boolean): void;
  choosePreset(name: PresetName): void;
}

/** The settings in the address, and how to change them: at once in a running training where that is possible. */
export function useSettings(): Settings {
  const link = useRoute((route) => route.settings.train);
  const running = useTraining(({ phase }) => phase !== 'idle');
  return useMemo(() => {
    const config = configOfLink(link);
    const problems = checkConfig(config);
    const table = settingsOf(config);
    const setting = (key: string): Setting => {
      const found = table.find((entry) => entry.key === key);
      if (!found) throw new Error(`There is no setting '${key}'.`);
      return found;
    };
    const change = (key: string, value: unknown): void => changeSetting(setting(key), value);
    return {
      config,
      usable: problems.length === 0,
      running,
      setting,
      value: (key) => valueAt(config, setting(key).path),
      change,
      locked: (key) => running && !setting(key).live,
      problem: (key) => problems.find(({ path }) => path === setting(key).path)?.message,
      switchTerm: (term, on) => {
        const others = config.hyperparameters.disabledTerms.filter((name) => name !== term);
        change('disabledTerms', on ? others : [...others, term]);
      },
      choosePreset: (name) => replaceConfig(presets[name]),
    };
  }, [link, running]);
}
