import { checkConfig } from '../src/core/training/config.ts';
import type { TrainingConfig } from '../src/core/training/config.ts';
import { UsageError } from './command.ts';

/**
 * A config with settings changed as `--set` says: 'lambda=0', 'batch=8', 'f3=32', 'real.photos=2', 'off=tv,cycle'. A name is
 * a path in the config, or the end of one that is not ambiguous. The values keep the type they have. Any change makes the
 * preset 'custom'. Throws UsageError for unknown names, and for values that training would refuse.
 */
export function withSettings(config: TrainingConfig, settings: readonly string[]): TrainingConfig {
  if (settings.length === 0) return config;
  const changed = structuredClone(config) as unknown as Branch;
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals < 1) throw new UsageError(`--set ${setting}: write NAME=VALUE, for example lambda=0.`);
    const path = pathOf(changed, setting.slice(0, equals));
    const parent = path.slice(0, -1).reduce((branch, key) => branch[key] as Branch, changed);
    const key = path.at(-1)!;
    parent[key] = parsed(setting, parent[key]!, setting.slice(equals + 1));
  }
  changed['preset'] = 'custom';
  return checked(changed as unknown as TrainingConfig);
}

/** The config as it is. Throws UsageError with the first reason why training would refuse it. */
export function checked(config: TrainingConfig): TrainingConfig {
  const [problem] = checkConfig(config);
  if (problem) throw new UsageError(`The setting ${problem.path} ${problem.message}.`);
  return config;
}

/** Everything that `--set` can change, as 'path=value'. */
export function listSettings(config: TrainingConfig): string[] {
  return leavesOf(config as unknown as Branch)
    .filter((path) => path.join() !== 'preset')
    .map(
      (path) =>
        `${path.join('.')}=${String(path.reduce<Value>((branch, key) => (branch as Branch)[key]!, config as unknown as Branch))}`,
    );
}

type Value = number | string | boolean | readonly string[] | Branch;
interface Branch {
  [key: string]: Value;
}

function leavesOf(branch: Branch): string[][] {
  return Object.entries(branch).flatMap(([key, value]) =>
    typeof value === 'object' && !Array.isArray(value)
      ? leavesOf(value as Branch).map((rest) => [key, ...rest])
      : [[key]],
  );
}

function pathOf(config: Branch, name: string): string[] {
  const leaves = leavesOf(config);
  const exact = leaves.find((path) => path.join('.') === name);
  const found = exact ? [exact] : leaves.filter((path) => `.${path.join('.')}`.endsWith(`.${name}`));
  if (found.length === 1) return found[0]!;
  const names = (paths: readonly string[][]): string => paths.map((path) => path.join('.')).join(', ');
  throw new UsageError(
    found.length
      ? `--set ${name} may mean ${names(found)}.`
      : `There is no setting '${name}'; there are ${names(leaves)}.`,
  );
}

function parsed(setting: string, old: Value, text: string): Value {
  if (typeof old === 'number') {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value)) throw new UsageError(`--set ${setting}: a number is needed.`);
    return value;
  }
  if (typeof old === 'boolean') {
    if (text !== 'true' && text !== 'false') throw new UsageError(`--set ${setting}: true or false is needed.`);
    return text === 'true';
  }
  return Array.isArray(old) ? text.split(',').filter(Boolean) : text;
}
