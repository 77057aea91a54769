import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { UsageError } from '../command.ts';
import { openModels } from '../evaluationModels.ts';
import type { ModelOptions } from '../evaluationModels.ts';
import { choiceOption } from '../options.ts';
import { createProgress } from '../progress.ts';
import { appSamples, findSuiteFiles } from './dataRoot.ts';
import { runSuite } from './runSuite.ts';
import type { SuiteReport } from './runSuite.ts';
import { suiteSections } from './sections.ts';
import { suiteCard, suiteCsv, suiteMarkdown, suiteText } from './suiteTable.ts';

interface SuiteOptions extends ModelOptions {
  readonly 'suite-quick': boolean;
  readonly table: string | undefined;
  readonly card: boolean;
  readonly out: string | undefined;
  readonly json: boolean;
  readonly csv: boolean;
}

const writers: Readonly<Record<string, (report: SuiteReport) => string>> = {
  '.csv': suiteCsv,
  '.json': (report) => JSON.stringify(report, null, 1),
};

/** `evaluate --suite`: the models over the data root, printed as the options say. Resolves with the exit status. */
export async function evaluateSuite(root: string, options: SuiteOptions): Promise<number> {
  const table = choiceOption('table', options.table ?? 'text', ['text', 'markdown']);
  const { out } = options;
  const write = out === undefined ? undefined : writers[extname(out)];
  if (out !== undefined && !write) throw new UsageError(`--out must end in .csv or .json, not '${out}'.`);
  if (options.card && options.model.length + options.student.length + options.teacher.length === 0)
    throw new UsageError('--card needs a --model.');
  const sections = suiteSections(await findSuiteFiles(root), appSamples(), options['suite-quick']);

  const progress = createProgress();
  const { models, throwIfFailed } = await openModels(options, progress);
  const report = await runSuite(sections, models, {
    onImage: (done, total, name) => {
      throwIfFailed();
      progress.update(done, total, name);
    },
    onSection: async (soFar) => {
      if (out === undefined || !write) return;
      await mkdir(dirname(out), { recursive: true });
      await writeFile(out, `${write(soFar)}\n`);
    },
  });
  progress.end();
  console.log(printed(report, options, table));
  return 0;
}

function printed(report: SuiteReport, { json, csv, card }: SuiteOptions, table: 'text' | 'markdown'): string {
  if (json) return writers['.json']!(report);
  if (csv) return suiteCsv(report);
  if (card) return suiteCard(report);
  return table === 'markdown' ? suiteMarkdown(report) : suiteText(report);
}
