import { readFile } from 'node:fs/promises';
import { cropPixels } from '../src/core/images/pixels.ts';
import type { Pixels } from '../src/core/images/pixels.ts';
import { createLpips, lpipsMetric, lpipsOrigin } from '../src/core/metrics/lpips.ts';
import { metrics as registered, scoresOf } from '../src/core/metrics/metrics.ts';
import type { Measured, Metric } from '../src/core/metrics/metrics.ts';
import { decodeSafetensors } from '../src/core/weights/safetensors.ts';
import { backendChoices } from './backend.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { openModels } from './evaluationModels.ts';
import type { EvaluationModel } from './evaluationModels.ts';
import { choiceOption, readOptions, wholeOption } from './options.ts';
import { listPairs } from './pairs.ts';
import { gatherPhotos, readPhoto } from './photos.ts';
import { createProgress } from './progress.ts';
import { csvTable, meansTable, scoreReport, textTable } from './scoreTable.ts';
import type { ScoreRow } from './scoreTable.ts';
import { parseIdFilter } from './idFilter.ts';
import { evaluateSuite } from './suite/evaluateSuite.ts';

const kinds = {
  pairs: 'list',
  rainy: 'list',
  clean: 'list',
  model: 'list',
  student: 'list',
  teacher: 'list',
  suite: 'text',
  'suite-quick': 'flag',
  table: 'text',
  card: 'flag',
  out: 'text',
  only: 'text',
  crop: 'text',
  ensemble: 'flag',
  lpips: 'text',
  each: 'flag',
  json: 'flag',
  csv: 'flag',
  backend: 'text',
  threads: 'text',
} as const;

export const evaluateCommand: Command = {
  help: `
Evaluates models: PSNR and SSIM on the Y channel (MATLAB's rgb2ycbcr, 16…235) and on RGB, for the derained image and for
the rain map |rainy − derained| (of a teacher: its own z), and NIQE of the image (our pristine model; lower is better).
The rainy input has a line of its own.

Usage: npm run petrichor -- evaluate --pairs DIR --model FILE…

  --pairs DIR…      folders with rainy/ and clean/ (same names), rain-N beside norain-N, or in RainDirection's layout
  --rainy DIR…      rainy photos without ground truth: NIQE before and after
  --clean DIR…      clean photos, which should come out as they are: the figures compare output and input
  --model FILE…     the models: students, teachers or published networks (see 'peers'; --student and --teacher say the same)
  --only 181-200    images by number or name, with commas between
  --crop N          only the central square of N pixels of each image
  --ensemble        the mean over eight turns of each image
  --lpips FILE      adds LPIPS with these weights (see below)
  --each            a line for every image before the means
  --table text      the means as text, markdown, latex
  --json, --csv     on the standard output, means and every image

  --suite DIR       instead of folders: one table of one number a row over the data root DIR (pairs/rain100L-train,
                    pairs/rainheavy-samples, clean/bsds, clean/cc0, rainy) and this project's samples
  --suite-quick     every fourth image, without NIQE and the enlarged rain-free photos
  --card            prints the rows for each model's card instead
  --out FILE        writes the suite as .csv or .json (with every image) as well, anew after every section

  --backend auto    ${backendChoices.join(', ')}
  --threads N       threads of WASM

${lpipsOrigin}
`,
  run: (args) => evaluate(args),
};

/** The command with a table of metrics of its own. */
export async function evaluate(args: readonly string[], table: readonly Metric[] = registered): Promise<number> {
  const { values, rest } = readOptions(args, kinds);
  if (rest.length) throw new UsageError(`What is '${rest[0]}' for? Folders follow --pairs, --rainy or --clean.`);
  if (values.suite !== undefined) return evaluateSuite(values.suite, values);
  const alone = (['suite-quick', 'card', 'out'] as const).find((name) => values[name]);
  if (alone) throw new UsageError(`--${alone} belongs to --suite.`);
  if (values.pairs.length + values.rainy.length + values.clean.length === 0)
    throw new UsageError('--pairs is missing (or --rainy, --clean or --suite).');
  const tableKind = choiceOption('table', values.table ?? 'text', ['text', 'markdown', 'latex'] as const);
  const crop = values.crop === undefined ? null : wholeOption('crop', values.crop, 16, 100_000);
  const samples = await gatherSamples(values.pairs, values.rainy, values.clean, values.only);
  const metrics = values.lpips === undefined ? table : [...table, await loadLpips(values.lpips)];

  const progress = createProgress();
  const device = await openModels(values, progress);
  const rows: ScoreRow[] = [];
  let leftOut = 0;
  for (const [i, sample] of samples.entries()) {
    progress.update(i, samples.length, sample.name);
    try {
      rows.push(...(await scoresOfSample(sample, device.models, metrics, crop)));
    } catch (error) {
      device.throwIfFailed();
      if (++leftOut === samples.length) throw error;
      progress.say(`${sample.name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
    device.throwIfFailed();
  }
  progress.update(samples.length, samples.length, 'done');
  progress.end();
  const report = scoreReport(rows, metrics);
  const parameters = new Map(device.models.map((model) => [model.name, model.parameters]));
  const models = device.models.map(({ name, role, parameters }) => ({ name, role, parameters }));
  if (values.json) console.log(JSON.stringify({ models, ensemble: values.ensemble, ...report }, null, 1));
  else if (values.csv) console.log(csvTable(report, metrics));
  else if (tableKind === 'text') console.log(textTable(report, values.each, metrics));
  else console.log(meansTable(report, parameters, tableKind, metrics).trimEnd());
  if (leftOut > 0) progress.say(`${leftOut} of ${samples.length} left out; the figures are of the others.`);
  return leftOut === 0 ? 0 : 1;
}

/** An image to evaluate on: with its clean original, without one, or clean itself. */
interface Sample {
  readonly name: string;
  readonly kind: 'pair' | 'rainy' | 'clean';
  readonly input: string;
  readonly truth: string | null;
}

async function gatherSamples(
  pairs: readonly string[],
  rainy: readonly string[],
  clean: readonly string[],
  only: string | undefined,
): Promise<Sample[]> {
  const wanted = only === undefined ? () => true : parseIdFilter(only);
  const samples: Sample[] = [];
  for (const folder of pairs) {
    for (const pair of await listPairs(folder))
      samples.push({ name: pair.stem, kind: 'pair', input: pair.rainy, truth: pair.clean });
  }
  for (const { stem, path } of await gatherPhotos(rainy))
    samples.push({ name: stem, kind: 'rainy', input: path, truth: null });
  for (const { stem, path } of await gatherPhotos(clean))
    samples.push({ name: stem, kind: 'clean', input: path, truth: path });
  const chosen = samples.filter(({ name }) => wanted(name));
  if (chosen.length === 0)
    throw new Error(`No image is left to evaluate${only === undefined ? '' : ` by --only ${only}`}.`);
  return chosen;
}

async function loadLpips(path: string): Promise<Metric> {
  try {
    return lpipsMetric(createLpips(decodeSafetensors(await readFile(path)).tensors));
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

const suffixes = { pair: '', rainy: ' on rainy photos', clean: ' on clean photos' } as const;

async function scoresOfSample(
  { name, kind, input, truth }: Sample,
  models: readonly EvaluationModel[],
  metrics: readonly Metric[],
  crop: number | null,
): Promise<ScoreRow[]> {
  const read = async (path: string): Promise<Pixels> => central(await readPhoto(path), crop);
  const image = await read(input);
  const clean = truth === null ? null : await read(truth);
  if (clean && (clean.width !== image.width || clean.height !== image.height)) {
    throw new Error(
      `The pair ${name} is ${image.width} × ${image.height} with rain and ${clean.width} × ${clean.height} without.`,
    );
  }
  const rainy = kind === 'pair' ? image : null;
  const row = (output: string, measured: Pick<Measured, 'output' | 'rainMap'>): ScoreRow => ({
    output: `${output}${suffixes[kind]}`,
    image: name,
    scores: scoresOf({ ...measured, rainy, clean }, metrics),
  });
  const rows = kind === 'clean' ? [] : [row('input', { output: image })];
  for (const model of models) {
    const { derained, rainMap } = await model.derain(image);
    rows.push(row(model.name, { output: derained, rainMap }));
  }
  return rows;
}

/** The central square of so many pixels, or what there is of it; the whole image for null. */
function central(image: Pixels, side: number | null): Pixels {
  if (side === null) return image;
  const [width, height] = [Math.min(side, image.width), Math.min(side, image.height)];
  return cropPixels(image, (image.width - width) >> 1, (image.height - height) >> 1, width, height);
}
