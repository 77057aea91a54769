import type { Setting } from './settingKinds.ts';

/** The value at a dotted path; undefined where there is none. */
export function valueAt(config: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], config);
}

/** A copy of `config` with one value replaced. */
export function withValue<Config extends object>(config: Config, path: string, value: unknown): Config {
  const replace = (part: unknown, [name, ...rest]: readonly string[]): unknown =>
    name === undefined
      ? value
      : { ...(part as object), [name]: replace((part as Record<string, unknown> | undefined)?.[name], rest) };
  return replace(config, path.split('.')) as Config;
}

/** Between the words of a list: '.' in a link, ',' on the command line. */
export type ListSeparator = '.' | ',';

/** A value as a link or the command line writes it. */
export function formatSetting({ kind }: Setting, value: unknown, separator: ListSeparator): string {
  if (kind === 'switch') return value ? 'on' : 'off';
  if (kind === 'list') return ((value as readonly string[] | undefined) ?? []).join(separator);
  return String(value);
}

/** A written value; undefined when it is not of the setting's kind. Whether it is allowed is for `problemOf` to say. */
export function parseSetting(setting: Setting, text: string, separator: ListSeparator): unknown {
  switch (setting.kind) {
    case 'switch':
      return { on: true, true: true, off: false, false: false }[text];
    case 'list':
      return text.split(separator).filter(Boolean);
    case 'name':
      return text.trim() || undefined;
    case 'choice':
      return typeof setting.options[0] === 'number' ? parsedNumber(text) : text;
    case 'whole':
    case 'number':
      return parsedNumber(text);
    default:
      return setting satisfies never;
  }
}

function parsedNumber(text: string): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}

/** The setting with its lower bound raised to the value of the setting that it must not fall below, where there is one. */
export function boundedBy(config: object, setting: Setting): Setting {
  if ((setting.kind !== 'whole' && setting.kind !== 'number') || !setting.notBelow) return setting;
  const low = valueAt(config, setting.notBelow);
  return typeof low === 'number' && low > setting.min ? { ...setting, min: low } : setting;
}

/** Why a value cannot be used, in words that follow its name ('must be …'); null when it can. */
export function problemOf(setting: Setting, value: unknown): string | null {
  if (value === undefined && setting.optional) return null;
  switch (setting.kind) {
    case 'whole':
    case 'number': {
      const { kind, min, max } = setting;
      const isNumber = kind === 'whole' ? Number.isInteger(value) : Number.isFinite(value);
      if (isNumber && (value as number) >= min && (value as number) <= max) return null;
      return `must be a ${kind === 'whole' ? 'whole number' : 'number'} from ${min} to ${max}, not ${String(value)}`;
    }
    case 'choice': {
      const options: readonly unknown[] = setting.options;
      if (options.includes(value)) return null;
      const names = setting.options.map((option) => (typeof option === 'number' ? String(option) : `'${option}'`));
      return `must be ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
    }
    case 'name':
      return typeof value === 'string' && value !== '' ? null : 'must be a name';
    case 'switch':
      return typeof value === 'boolean' ? null : 'must be true or false';
    case 'list': {
      if (!Array.isArray(value)) return 'must be a list';
      const { of } = setting;
      const unknown = of ? value.filter((word) => !of.includes(word as string)) : [];
      return unknown.length > 0 ? `names unknown terms: ${unknown.join(', ')}` : null;
    }
    default:
      return setting satisfies never;
  }
}
