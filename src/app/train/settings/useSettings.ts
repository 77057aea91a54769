import { useMemo } from 'react';
import { checkConfig, presets } from '../../../core/training/config.ts';
import type { PresetName, TrainingConfig } from '../../../core/training/config.ts';
import type { LossTerm } from '../../../core/paper/notation.ts';
import { replaceSettings, useRoute } from '../../routing/route.ts';
import { changeWhileRunning } from '../run/trainer.ts';
import { useTraining } from '../run/trainingStore.ts';
import {
  configOfSettings,
  isLive,
  liveChangeOf,
  numberPaths,
  settingsOfConfig,
  valueAt,
  withValue,
} from '../run/settingKeys.ts';
import type { NumberKey } from '../run/settingKeys.ts';

export interface Settings {
  readonly config: TrainingConfig;
  /** Whether a setting waits for the end of the run. */
  locked(path: string): boolean;
  /** What is wrong with the value at a path, in words. */
  problemAt(path: string): string | undefined;
  readonly usable: boolean;
  number(key: NumberKey): number;
  set(path: string, value: unknown): void;
  setNumber(key: NumberKey, value: number): void;
  switchTerm(term: LossTerm, on: boolean): void;
  choosePreset(name: PresetName): void;
}

/** The settings in the address, and how to change them: at once in a running training where that is possible. */
export function useSettings(): Settings {
  const stored = useRoute((route) => route.settings.train);
  const running = useTraining(({ phase }) => phase !== 'idle');
  return useMemo(() => {
    const config = configOfSettings(stored);
    const problems = checkConfig(config);
    const set = (path: string, value: unknown): void => {
      replaceSettings('train', settingsOfConfig(withValue(config, path, value)));
      if (running && isLive(path)) changeWhileRunning(liveChangeOf(path, value));
    };
    return {
      config,
      locked: (path) => running && !isLive(path),
      problemAt: (path) => problems.find((problem) => problem.path === path)?.message,
      usable: problems.length === 0,
      number: (key) => valueAt(config, numberPaths[key]) as number,
      set,
      setNumber: (key, value) => set(numberPaths[key], value),
      switchTerm: (term, on) => {
        const others = config.hyperparameters.off.filter((name) => name !== term);
        set('hyperparameters.off', on ? others : [...others, term]);
      },
      choosePreset: (name) => replaceSettings('train', settingsOfConfig(presets[name])),
    };
  }, [stored, running]);
}
