import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The pictures that a run learns from. It stands in the run's folder, so that going on needs no more than the folder. */
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
  const path = join(folder, fileName);
  await writeFile(`${path}.part`, JSON.stringify(choice, null, 1));
  await rename(`${path}.part`, path);
}

/** The choice that a run began with; null when its folder tells none. */
export async function recallDataChoice(folder: string): Promise<DataChoice | null> {
  const path = join(folder, fileName);
  return existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as DataChoice) : null;
}
