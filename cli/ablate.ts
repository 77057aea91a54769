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
import { holdsRun, openRunFolder } from './runFolder.ts';
import { eventsOf } from './runLog.ts';
import { trainCommand } from './train.ts';
import { listSettings } from './settings.ts';
import { writeWhole } from './writeWhole.ts';
import { ablationOf, ablationTable } from './ablation.ts';
import type { VariantRun } from './ablation.ts';

const kinds = { variants: 'list', seeds: 'text', experiment: 'text', out: 'text', json: 'flag' } as const;

export const ablateCommand: Command = {
  help: `
Trains variants of one run under equal steps and seeds, and says what each changes: an ablation.

Usage: npm run petrichor -- ablate --variants lambda=1.2 lambda=0 --seeds 1,2,3 --out DIR -- TRAIN-OPTIONS

  --variants SET…  one word each: settings as for train --set, several joined by '+' (lambda=0+phi=5); the first is the baseline
  --seeds 1,2,3    every variant is trained with each of them
  --experiment F   variants, seeds and settings of an experiment's file (JSON), instead of these two
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
    const experiment = values.experiment === undefined ? null : await readExperiment(values.experiment);
    if (experiment && (values.variants.length || values.seeds))
      throw new UsageError('--experiment brings its own --variants and --seeds.');
    const variants =
      experiment?.variants.map(({ name, set }) => ({ name, settings: set.split('+').filter(Boolean) })) ??
      values.variants.map((set) => ({ name: set, settings: set.split('+') }));
    const seeds =
      experiment?.seeds ??
      required('seeds', values.seeds)
        .split(',')
        .map((seed) => wholeOption('seeds', seed, 0, 2 ** 32 - 1));
    if (variants.length < 2) throw new UsageError('--variants needs at least two to compare.');
    const common = args.slice(divide + 1);
    const taken = ['--out', '--seed', '--resume'].find((option) => common.includes(option));
    if (taken) throw new UsageError(`${taken} is set for each run by ablate itself.`);

    const preset = experiment && basePreset(experiment.base);
    const base = preset ? ['--preset', preset] : [];
    const changed = experiment ? changedSettings(experiment, presets[preset!]) : [];
    const runs: VariantRun[] = [];
    for (const seed of seeds) {
      for (const { name: variant, settings } of variants) {
        const folder = join(out, variant.replaceAll(/[^\w.=+-]/g, '_'), `seed-${seed}`);
        process.stderr.write(`\n${variant}, seed ${seed}: ${folder}\n`);
        runs.push({
          variant,
          seed,
          result: await resultOf(folder, [...base, '--seed', String(seed), '--set', ...changed, ...settings], common),
        });
        const title = experiment?.title ?? basename(out);
        await writeRun(folder, { id: `ablate-${basename(out)}`, title, variant, set: settings.join('+') }, seed);
      }
    }
    const ablation = ablationOf(runs);
    console.log(values.json ? JSON.stringify(ablation, null, 1) : ablationTable(ablation));
    return 0;
  },
};

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
async function resultOf(folder: string, own: readonly string[], common: readonly string[]): Promise<Validated> {
  await mkdir(folder, { recursive: true });
  const going = await holdsRun(folder);
  if (!(await finished(folder))) {
    const status = await trainCommand.run([...common, ...own, '--out', folder, ...(going ? ['--resume'] : [])]);
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
