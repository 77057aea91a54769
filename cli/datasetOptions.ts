import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ImageHashes } from '../src/core/training/experiment.ts';
import { UsageError } from './command.ts';
import { writeWhole } from './writeWhole.ts';

/** The images that a run learns from. It stands in the run's folder, so that going on needs no more than the folder. */
export interface DatasetOptions {
  readonly clean: readonly string[];
  readonly rainy: readonly string[];
  readonly pairs: readonly string[];
  readonly rainyOfPairs: readonly string[];
  /** Selections as they were written; null: all, or none held out. */
  readonly trainOnly: string | null;
  readonly validateOnly: string | null;
  /** What `evaluate --suite` measures on stays out; absent in the choices of older runs. */
  readonly holdOutSuite?: boolean;
  /** Of what the folders hold, these images alone and in this order; absent: all. */
  readonly images?: ImageHashes;
}

interface CommandOptions {
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
export function datasetOptionsOf(options: CommandOptions, images: ImageHashes | null): DatasetOptions | null {
  const full = (folders: readonly string[]): string[] => folders.map((folder) => resolve(folder));
  const dataset = {
    clean: full(options.clean),
    rainy: full(options.rainy),
    pairs: full(options.pairs),
    rainyOfPairs: full(options['rainy-of-pairs']),
    trainOnly: options['train-only'] ?? null,
    validateOnly: options['validate-only'] ?? null,
    holdOutSuite: options['hold-out-suite'],
    ...(images && { images }),
  };
  const { clean, rainy, pairs, rainyOfPairs } = dataset;
  return clean.length + rainy.length + pairs.length + rainyOfPairs.length > 0 ? dataset : null;
}

/** The images that a file of --images names, as an experiment does. Throws UsageError when it names none. */
export async function readImageHashes(path: string): Promise<ImageHashes> {
  const read = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as Partial<ImageHashes>,
    (error: unknown) => {
      throw new UsageError(`--images ${path} cannot be read.`, { cause: error });
    },
  );
  const lists = [read.clean ?? [], read.rainy ?? [], read.pairs ?? []];
  const isSound = lists.every((list) => Array.isArray(list) && list.every((hash) => /^[0-9a-f]{8,64}$/.test(hash)));
  if (!isSound || lists.flat().length === 0)
    throw new UsageError(`--images ${path} must hold lists of hashes: { "clean": […], "rainy": […], "pairs": […] }.`);
  const [clean, rainy, pairs] = lists;
  return { clean: clean!, rainy: rainy!, pairs: pairs! };
}

/** Writes the choice into a run's folder. */
export async function writeDatasetOptions(folder: string, dataset: DatasetOptions): Promise<void> {
  await writeWhole([join(folder, fileName), JSON.stringify(dataset, null, 1)]);
}

/** The choice that a run began with; null when its folder tells none. Rejects with an Error when the file is damaged. */
export async function readDatasetOptions(folder: string): Promise<DatasetOptions | null> {
  const path = join(folder, fileName);
  if (!existsSync(path)) return null;
  const dataset = parsed(await readFile(path, 'utf8'));
  if (dataset) return dataset;
  throw new Error(
    `${path} is damaged, so it cannot tell which images the run learns from. Name them again: ` +
      `--clean, --rainy, --pairs, with --train-only and --validate-only as they were.`,
  );
}

function parsed(text: string): DatasetOptions | null {
  try {
    const absent = { clean: [], rainy: [], pairs: [], rainyOfPairs: [], trainOnly: null, validateOnly: null };
    const dataset = { ...absent, ...(JSON.parse(text) as DatasetOptions) };
    const folders: unknown[] = [dataset.clean, dataset.rainy, dataset.pairs, dataset.rainyOfPairs];
    const isSound =
      folders.every(Array.isArray) &&
      folders.flat().length > 0 &&
      folders.flat().every((folder) => typeof folder === 'string') &&
      [dataset.trainOnly, dataset.validateOnly].every((stems) => stems === null || typeof stems === 'string');
    return isSound ? dataset : null;
  } catch {
    return null;
  }
}
