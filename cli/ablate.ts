import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { presets } from '../src/core/training/config.ts';
import type { TrainingConfig } from '../src/core/training/config.ts';
import { decodeExperiment } from '../src/core/training/experiment.ts';
import type { Experiment } from '../src/core/training/experiment.ts';
import { ExperimentError } from '../src/core/training/settingWords.ts';
import type { Validated } from '../src/core/training/events.ts';
import { migrateValidated } from '../src/core/training/migrate.ts';
import { encodeRun } from '../src/core/training/runFile.ts';
import { basePreset } from '../src/core/training/settingsLink.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { readOptions, required, wholeOption } from './options.ts';
import type { OptionValues } from './options.ts';
import { holdsRun, openRunFolder } from './runFolder.ts';
import { eventsOf } from './runLog.ts';
import { trainCommand } from './train.ts';
import { listSettings } from './settings.ts';
import { variantFolders } from './variantFolders.ts';
import { writeWhole } from './writeWhole.ts';
import { ablationOf, ablationTable } from './ablation.ts';
import type { VariantRun } from './ablation.ts';

const kinds = {
  variants: 'list',
  seeds: 'text',
  experiment: 'text',
  start: 'list',
  out: 'text',
  json: 'flag',
} as const;

export const ablateCommand: Command = {
  help: `
Trains variants of one run under equal steps and seeds, and says what each changes: an ablation.

Usage: npm run petrichor -- ablate --variants lambda=1.2 lambda=0 --seeds 1,2,3 --out DIR -- TRAIN-OPTIONS

  --variants SET…  one word each: settings as for train --set, several joined by '+' (lambda=0+phi=5); the first is the baseline
  --seeds 1,2,3    every variant is trained with each of them
  --experiment F   an experiment's file (JSON): its variants, seeds, settings, changes on the way and images, instead of these two
  --start ID=FILE… the file of each kept run that variants of --experiment begin with, as the Lab exports it
  --out DIR        a folder of train for each, DIR/VARIANT/seed-N; runs that are there are finished or taken as they are; each
                   leaves a run.safetensors, which the Lab of the app imports
  --json           the figures as one JSON object

What follows -- goes to train, without --out, --seed and --resume; it must leave images to validate with. The figures
are those of the last validation: means over the seeds ± standard deviation, and the mean difference of equal seeds.
`,
  run: async (args) => {
    const divide = args.indexOf('--');
    const { values, rest } = readOptions(divide < 0 ? args : args.slice(0, divide), kinds);
    if (rest.length) throw new UsageError(`What is '${rest[0]}' for? Options of train follow a --.`);
    if (divide < 0) throw new UsageError('The options of train are missing; they follow a --.');
    const out = required('out', values.out);
    const common = args.slice(divide + 1);
    const taken = ['--out', '--seed', '--resume'].find((option) => common.includes(option));
    if (taken) throw new UsageError(`${taken} is set for each run by ablate itself.`);
    const plan = values.experiment === undefined ? planOfOptions(values) : await planOfExperiment(values, out);
    if (plan.variants.length < 2) throw new UsageError('--variants needs at least two to compare.');

    const folders = variantFolders(
      plan.variants.map(({ name }) => name),
      (folder) => existsSync(join(out, folder)),
    );
    const runs: VariantRun[] = [];
    for (const seed of plan.seeds) {
      for (const { name: variant, settings, start } of plan.variants) {
        const folder = join(out, folders.get(variant)!, `seed-${seed}`);
        process.stderr.write(`\n${variant}, seed ${seed}: ${folder}\n`);
        const own = [...plan.train, '--seed', String(seed), '--set', ...plan.settings, ...settings];
        runs.push({ variant, seed, result: await resultOf(folder, [...common, ...own], start) });
        const label = { id: `ablate-${basename(out)}`, title: plan.title, variant, set: settings.join('+') };
        await writeRun(folder, label, seed);
      }
    }
    const ablation = ablationOf(runs);
    console.log(values.json ? JSON.stringify(ablation, null, 1) : ablationTable(ablation));
    return 0;
  },
};

/** The runs to train. */
interface Plan {
  readonly title: string;
  readonly variants: readonly {
    readonly name: string;
    readonly settings: readonly string[];
    /** The file of the run whose weights it begins with. */
    readonly start: string | undefined;
  }[];
  readonly seeds: readonly number[];
  /** Settings and other options of train that all have in common. */
  readonly settings: readonly string[];
  readonly train: readonly string[];
}

function planOfOptions(values: OptionValues<typeof kinds>): Plan {
  if (values.start.length > 0)
    throw new UsageError('--start belongs to --experiment; give --start to train, after --.');
  return {
    title: basename(values.out!),
    variants: values.variants.map((set) => ({ name: set, settings: set.split('+'), start: undefined })),
    seeds: required('seeds', values.seeds)
      .split(',')
      .map((seed) => wholeOption('seeds', seed, 0, 2 ** 32 - 1)),
    settings: [],
    train: [],
  };
}

/** The experiment's variants, changes and images; its list of images is left in `out`. */
async function planOfExperiment(values: OptionValues<typeof kinds>, out: string): Promise<Plan> {
  if (values.variants.length || values.seeds)
    throw new UsageError('--experiment brings its own --variants and --seeds.');
  const experiment = await readExperiment(values.experiment!);
  const { title, base, seeds, changes = [], images } = experiment;
  const starts = startFiles(values.start);
  const preset = basePreset(base);
  const train = ['--preset', preset];
  if (changes.length > 0) train.push('--change', ...changes.map(({ step, set }) => `${step}:${set}`));
  if (images) {
    const list = join(out, 'images.json');
    await writeWhole([list, JSON.stringify(images, null, 1)]);
    train.push('--images', list);
  }
  const variants = experiment.variants.map(({ name, set, start }) => {
    const file = start === undefined ? undefined : starts.get(start);
    if (start !== undefined && file === undefined)
      throw new UsageError(`Variant '${name}' begins with the run ${start}: name its file by --start ${start}=FILE.`);
    return { name, settings: set.split('+').filter(Boolean), start: file };
  });
  return { title, variants, seeds, settings: changedSettings(experiment, presets[preset]), train };
}

/** Files of kept runs by the runs' ids, as --start names them. */
function startFiles(texts: readonly string[]): Map<string, string> {
  return new Map(
    texts.map((text) => {
      const equals = text.indexOf('=');
      if (equals < 1) throw new UsageError(`--start ${text}: write ID=FILE.`);
      return [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );
}

async function readExperiment(path: string): Promise<Experiment> {
  try {
    return decodeExperiment(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof ExperimentError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}

/** What an experiment's base says otherwise than the preset, as --set takes it; the seed is each run's. */
function changedSettings({ base }: Experiment, preset: TrainingConfig): string[] {
  const usual = new Set(listSettings(preset));
  return listSettings(base).filter((text) => !usual.has(text) && !text.startsWith('run.seed=') && !text.endsWith('='));
}

/** The finished run of a folder as one file. */
async function writeRun(
  folder: string,
  experiment: { readonly id: string; readonly title: string; readonly variant: string; readonly set: string },
  seed: number,
): Promise<void> {
  const path = join(folder, 'run.safetensors');
  if (existsSync(path)) return;
  const opened = await openRunFolder(folder, () => undefined);
  const checkpoint = await opened.latestCheckpoint().finally(() => opened.close());
  if (!checkpoint) return;
  const name = `${experiment.title}: ${experiment.variant}, seed ${seed}`;
  const label = { name, notes: '', createdAt: Date.now(), experiment };
  await writeWhole([path, encodeRun({ label, checkpoint, preview: null })]);
}

/** Trains into `folder`, or goes on with what is there, and reads the last validation from its log. */
async function resultOf(folder: string, options: readonly string[], start: string | undefined): Promise<Validated> {
  await mkdir(folder, { recursive: true });
  const begin = start === undefined ? [] : ['--start', start];
  const going = (await holdsRun(folder)) ? ['--resume'] : begin;
  if (!(await finished(folder))) {
    const status = await trainCommand.run([...options, '--out', folder, ...going]);
    if (status !== 0 || !(await finished(folder)))
      throw new Error(`The run in ${folder} did not come to its end; the same command goes on with it.`);
  }
  const last = (await eventsOf(folder)).findLast((event): event is Validated => event.type === 'validated');
  if (!last) throw new Error(`The run in ${folder} had no images to validate with: name some by --validate-only.`);
  return migrateValidated(last);
}

async function finished(folder: string): Promise<boolean> {
  const last = (await eventsOf(folder)).findLast(({ type }) => type === 'stopped');
  return last?.type === 'stopped' && last.reason === 'finished';
}
