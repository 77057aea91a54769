/**
 * The main job, done for real in a headless Chromium: folders go into the Library, a run trains on WASM in the page, its
 * networks are downloaded, and the command line evaluates them on whole images that were held out.
 *
 *   npm run trial -- --clean DIR --pairs DIR [--real 1-180] [--held-out 181-200] [--set steps=1200 lambda=0 …] [--out DIR]
 *
 * The real set is the rainy halves of the pairs `--real` names, unpaired; `--set` takes the settings that the Train view
 * writes into its address. Prints one JSON object; leaves curves.csv, student.safetensors and teacher.safetensors in --out.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { parseArgs } from 'node:util';
import { parseIdFilter } from '../cli/idFilter.ts';
import { LibraryPage } from '../e2e/support/libraryPage.ts';
import { downloaded, TrainPage } from '../e2e/support/trainPage.ts';
import { useBuiltApp } from './builtApp.ts';
import { ROOT } from '../scripts/prepare.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    clean: { type: 'string' },
    pairs: { type: 'string' },
    real: { type: 'string', default: '1-180' },
    'held-out': { type: 'string', default: '181-200' },
    set: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: 'runs/trial' },
  },
});
if (!values.clean || !values.pairs) throw new Error('--clean DIR and --pairs DIR are needed.');
const { clean, pairs, out } = { clean: values.clean, pairs: values.pairs, out: values.out };
mkdirSync(out, { recursive: true });

const settings: Record<string, string> = {
  steps: '1200',
  heldOut: '1000',
  photos: '1',
  rainyHalves: '0',
  generated: '0',
  previewEvery: '100',
  validateEvery: '200',
  checkpointEvery: '400',
  ...Object.fromEntries([...values.set, ...positionals].map((setting) => setting.split('=') as [string, string])),
};
await useBuiltApp(async (page) => {
  await fillLibrary(new LibraryPage(page));
  const train = new TrainPage(page);
  await train.open(settings);
  const started = Date.now();
  await train.start.click();
  const ending = page.getByText(/(Finished and saved|Paused and saved|Training diverged)/);
  await ending.waitFor({ timeout: 6 * 3600_000 });
  const minutes = (Date.now() - started) / 60_000;
  const curves = await downloaded(page, () => page.getByRole('button', { name: 'CSV' }).click());
  writeFileSync(join(out, 'curves.csv'), curves);
  await page.screenshot({ path: join(out, 'train.png') });
  for (const network of ['student', 'teacher'] as const)
    await (await train.exportNetwork(network)).saveAs(join(out, `${network}.safetensors`));
  const machine = { cpu: cpus()[0]!.model, cores: cpus().length, browser: page.context().browser()!.version() };
  const figures: unknown = JSON.parse(evaluate());
  console.log(
    JSON.stringify(
      { settings, outcome: await ending.first().innerText(), minutes: Number(minutes.toFixed(1)), machine, figures },
      null,
      2,
    ),
  );
});

/** Clean photos, rainy halves and the held-out pairs, each from a folder of its own, through the page's own chooser. */
async function fillLibrary(library: LibraryPage): Promise<void> {
  const staged = mkdtempSync(join(tmpdir(), 'petrichor-trial-'));
  stage('rainy', values.real, join(staged, 'real'));
  for (const half of ['rainy', 'clean']) stage(half, values['held-out'], join(staged, 'pairs', half));
  await library.open();
  for (const [collection, folder] of [
    ['Clean', clean],
    ['Rainy', join(staged, 'real')],
    ['Pairs', join(staged, 'pairs')],
  ] as const) {
    await library.goTo(collection);
    await library.addFolder(folder);
    const count = readdirSync(collection === 'Pairs' ? join(folder, 'rainy') : folder).length;
    await library.collection(collection, count).waitFor({ timeout: 600_000 });
  }
}

function stage(half: string, selection: string, target: string): void {
  mkdirSync(target, { recursive: true });
  const wanted = parseIdFilter(selection);
  for (const file of readdirSync(join(pairs, half))) {
    if (wanted(parse(file).name)) cpSync(join(pairs, half, file), join(target, file));
  }
}

function evaluate(): string {
  const files = ['--student', join(out, 'student.safetensors'), '--teacher', join(out, 'teacher.safetensors')];
  const args = [
    '--import',
    'tsx',
    'cli/main.ts',
    'evaluate',
    '--pairs',
    pairs,
    '--only',
    values['held-out'],
    ...files,
    '--backend',
    'wasm',
    '--json',
  ];
  return execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1e8 });
}
