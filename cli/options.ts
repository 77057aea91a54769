import { parseArgs } from 'node:util';
import { UsageError } from './command.ts';

/** 'flag': there or not; 'text': one value, the last counts; 'list': every value up to the next option, and repeatable. */
export type OptionKind = 'flag' | 'text' | 'list';

export type OptionValues<Kinds extends Record<string, OptionKind>> = {
  readonly [Name in keyof Kinds]: Kinds[Name] extends 'flag'
    ? boolean
    : Kinds[Name] extends 'list'
      ? readonly string[]
      : string | undefined;
};

/**
 * Reads a command line. A word that follows a 'list' option's value belongs to that option too (`--clean A B`); other bare
 * words are returned as `rest`. Throws UsageError for an unknown option or one without its value.
 */
export function readOptions<Kinds extends Record<string, OptionKind>>(
  args: readonly string[],
  kinds: Kinds,
): { readonly values: OptionValues<Kinds>; readonly rest: readonly string[] } {
  const values: Record<string, boolean | string | string[] | undefined> = {};
  for (const [name, kind] of Object.entries(kinds))
    values[name] = kind === 'flag' ? false : kind === 'list' ? [] : undefined;
  const rest: string[] = [];
  let open: string[] | null = null;
  for (const token of tokensOf(args, kinds)) {
    if (token.kind === 'positional') {
      (open ?? rest).push(token.value);
    } else if (token.kind === 'option') {
      const current = values[token.name];
      open = null;
      if (Array.isArray(current)) {
        current.push(token.value!);
        open = current;
      } else {
        values[token.name] = kinds[token.name] === 'flag' ? true : token.value;
      }
    }
  }
  return { values: values as OptionValues<Kinds>, rest };
}

type Token =
  | { readonly kind: 'option'; readonly name: string; readonly value: string | undefined }
  | { readonly kind: 'positional'; readonly value: string }
  | { readonly kind: 'option-terminator' };

function tokensOf(args: readonly string[], kinds: Record<string, OptionKind>): Token[] {
  const options = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) =>
      kind === 'flag' ? [name, { type: 'boolean' as const }] : [name, { type: 'string' as const, multiple: true }],
    ),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true, tokens: true })
      .tokens as Token[];
  } catch (error) {
    const message = error instanceof Error ? error.message.split('\n')[0]! : String(error);
    throw new UsageError(message.replace(/\. To specify a positional.*$/, '.'), { cause: error });
  }
}

/** A number within bounds, from an option's text. Throws UsageError that names the option. */
export function numberOption(name: string, text: string, low: number, high: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= low && value <= high))
    throw new UsageError(`--${name} must be a number from ${low} to ${high}, not '${text}'.`);
  return value;
}

/** A whole number within bounds, likewise. */
export function wholeOption(name: string, text: string, low: number, high: number): number {
  const value = numberOption(name, text, low, high);
  if (!Number.isInteger(value)) throw new UsageError(`--${name} must be a whole number, not '${text}'.`);
  return value;
}

/** One of a few words, likewise. */
export function choiceOption<Choice extends string>(name: string, text: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw new UsageError(`--${name} must be one of ${choices.join(', ')}, not '${text}'.`);
  return found;
}

/** The option's value. Throws UsageError when it was not given. */
export function required(name: string, text: string | undefined): string {
  if (text === undefined) throw new UsageError(`--${name} is missing.`);
  return text;
}
