import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeWhole } from './writeWhole.ts';

/** The images that a run learns from. It stands in the run's folder, so that going on needs no more than the folder. */
export interface DataChoice {
  readonly clean: readonly string[];
  readonly rainy: readonly string[];
  readonly pairs: readonly string[];
  readonly rainyOfPairs: readonly string[];
  /** Selections as they were written; null: all, or none held out. */
  readonly trainOnly: string | null;
  readonly validateOnly: string | null;
  /** What `evaluate --suite` measures on stays out; absent in the choices of older runs. */
  readonly holdOutSuite?: boolean;
}

interface DataOptions {
  readonly clean: readonly string[];
  readonly rainy: readonly string[];
  readonly pairs: readonly string[];
  readonly 'rainy-of-pairs': readonly string[];
  readonly 'train-only': string | undefined;
  readonly 'validate-only': string | undefined;
  readonly 'hold-out-suite': boolean;
}

const fileName = 'data.json';

/** What the options choose, folders as full paths; null when they name no folder. */
export function dataChoiceOf(options: DataOptions): DataChoice | null {
  const full = (folders: readonly string[]): string[] => folders.map((folder) => resolve(folder));
  const choice = {
    clean: full(options.clean),
    rainy: full(options.rainy),
    pairs: full(options.pairs),
    rainyOfPairs: full(options['rainy-of-pairs']),
    trainOnly: options['train-only'] ?? null,
    validateOnly: options['validate-only'] ?? null,
    holdOutSuite: options['hold-out-suite'],
  };
  const { clean, rainy, pairs, rainyOfPairs } = choice;
  return clean.length + rainy.length + pairs.length + rainyOfPairs.length > 0 ? choice : null;
}

/** Writes the choice into a run's folder. */
export async function rememberDataChoice(folder: string, choice: DataChoice): Promise<void> {
  await writeWhole([join(folder, fileName), JSON.stringify(choice, null, 1)]);
}

/** The choice that a run began with; null when its folder tells none. Rejects with an Error when the file is damaged. */
export async function recallDataChoice(folder: string): Promise<DataChoice | null> {
  const path = join(folder, fileName);
  if (!existsSync(path)) return null;
  const choice = parsed(await readFile(path, 'utf8'));
  if (choice) return choice;
  throw new Error(
    `${path} is damaged, so it cannot tell which images the run learns from. Name them again: ` +
      `--clean, --rainy, --pairs, with --train-only and --validate-only as they were.`,
  );
}

function parsed(text: string): DataChoice | null {
  try {
    const absent = { clean: [], rainy: [], pairs: [], rainyOfPairs: [], trainOnly: null, validateOnly: null };
    const choice = { ...absent, ...(JSON.parse(text) as DataChoice) };
    const folders: unknown[] = [choice.clean, choice.rainy, choice.pairs, choice.rainyOfPairs];
    const isSound =
      folders.every(Array.isArray) &&
      folders.flat().length > 0 &&
      folders.flat().every((folder) => typeof folder === 'string') &&
      [choice.trainOnly, choice.validateOnly].every((stems) => stems === null || typeof stems === 'string');
    return isSound ? choice : null;
  } catch {
    return null;
  }
}
