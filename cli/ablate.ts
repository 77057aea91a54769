import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Validated } from '../src/core/training/events.ts';
import { migrateValidated } from '../src/core/training/migrate.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { readOptions, required, wholeOption } from './options.ts';
import { holdsRun } from './runFolder.ts';
import { eventsOf } from './runLog.ts';
import { trainCommand } from './train.ts';
import { ablationOf, ablationTable } from './ablation.ts';
import type { VariantRun } from './ablation.ts';

const kinds = { variants: 'list', seeds: 'text', out: 'text', json: 'flag' } as const;

export const ablateCommand: Command = {
  help: `
Trains variants of one run under equal steps and seeds, and says what each changes: an ablation.

Usage: npm run petrichor -- ablate --variants lambda=1.2 lambda=0 --seeds 1,2,3 --out DIR -- TRAIN-OPTIONS

  --variants SET…  one word each: settings as for train --set, several joined by '+' (lambda=0+phi=5); the first is the baseline
  --seeds 1,2,3    every variant is trained with each of them
  --out DIR        a folder of train for each, DIR/VARIANT/seed-N; runs that are there are finished or taken as they are
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
    const seeds = required('seeds', values.seeds)
      .split(',')
      .map((seed) => wholeOption('seeds', seed, 0, 2 ** 32 - 1));
    if (values.variants.length < 2) throw new UsageError('--variants needs at least two to compare.');
    const common = args.slice(divide + 1);
    const taken = ['--out', '--seed', '--resume'].find((option) => common.includes(option));
    if (taken) throw new UsageError(`${taken} is set for each run by ablate itself.`);

    const runs: VariantRun[] = [];
    for (const seed of seeds) {
      for (const variant of values.variants) {
        const folder = join(out, variant.replaceAll(/[^\w.=+-]/g, '_'), `seed-${seed}`);
        process.stderr.write(`\n${variant}, seed ${seed}: ${folder}\n`);
        runs.push({
          variant,
          seed,
          result: await resultOf(folder, ['--seed', String(seed), '--set', ...variant.split('+')], common),
        });
      }
    }
    const ablation = ablationOf(runs);
    console.log(values.json ? JSON.stringify(ablation, null, 1) : ablationTable(ablation));
    return 0;
  },
};

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
