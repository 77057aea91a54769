import { checkConfig } from '../src/core/training/config.ts';
import type { TrainingConfig } from '../src/core/training/config.ts';
import { formatSetting, parseSetting, valueAt, withValue } from '../src/core/training/settingValues.ts';
import { settingsOf } from '../src/core/training/settingsSchema.ts';
import type { Setting } from '../src/core/training/settingKinds.ts';
import { UsageError } from './command.ts';

/**
 * A config with settings changed as `--set` says: 'lambda=0', 'batch=8', 'f3=32', 'real.photos=2', 'disabledTerms=tv,cycle'. A name is
 * a path in the config, the end of one that is not ambiguous, or the name that a link uses ('rate', 'kernel'). Any change makes
 * the preset 'custom'. Throws UsageError for unknown names, and for values that training would refuse.
 */
export function withSettings(config: TrainingConfig, settings: readonly string[]): TrainingConfig {
  if (settings.length === 0) return config;
  const changed = settings.reduce((before, text) => {
    const equals = text.indexOf('=');
    if (equals < 1) throw new UsageError(`--set ${text}: write NAME=VALUE, for example lambda=0.`);
    const setting = settingNamed(table(before), text.slice(0, equals));
    const value = parseSetting(setting, text.slice(equals + 1), ',');
    if (value === undefined) throw new UsageError(`--set ${text}: ${needed(setting)}.`);
    return withValue(before, setting.path, value);
  }, config);
  return checked({ ...changed, preset: 'custom' });
}

/** The config as it is. Throws UsageError with the first reason why training would refuse it. */
export function checked(config: TrainingConfig): TrainingConfig {
  const [problem] = checkConfig(config);
  if (problem) throw new UsageError(`The setting ${problem.path} ${problem.message}.`);
  return config;
}

/** What `--set` can change of a config: its teacher is a file, which --teacher names. */
function table(config: TrainingConfig): readonly Setting[] {
  return settingsOf(config).filter(({ path }) => path !== 'teacher');
}

/** Everything that `--set` can change, as 'path=value'. */
export function listSettings(config: TrainingConfig): string[] {
  return table(config).map((setting) => {
    const value = valueAt(config, setting.path);
    return `${setting.path}=${value === undefined ? '' : formatSetting(setting, value, ',')}`;
  });
}

function settingNamed(known: readonly Setting[], name: string): Setting {
  const exact = known.find(({ path, key, aliases }) => path === name || key === name || aliases?.includes(name));
  const found = exact ? [exact] : known.filter(({ path }) => path.endsWith(`.${name}`));
  if (found.length === 1) return found[0]!;
  const names = (settings: readonly Setting[]): string => settings.map(({ path }) => path).join(', ');
  throw new UsageError(
    found.length
      ? `--set ${name} may mean ${names(found)}.`
      : `There is no setting '${name}'; there are ${names(known)}.`,
  );
}

function needed({ kind }: Setting): string {
  return kind === 'switch' ? 'true or false is needed' : 'a number is needed';
}
