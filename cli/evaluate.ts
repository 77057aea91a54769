import { readFile } from 'node:fs/promises';
import type { Pixels } from '../src/core/images/pixels.ts';
import { createLpips, lpipsOrigin } from '../src/core/metrics/lpips.ts';
import type { Lpips } from '../src/core/metrics/lpips.ts';
import { naturalness, rainMapPicture, scorePair, similarity } from '../src/core/metrics/pairScores.ts';
import { decodeSafetensors } from '../src/core/weights/safetensors.ts';
import { backendChoices, startBackend } from './backend.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { derainPhoto, loadModel } from './derainPhoto.ts';
import type { LoadedModel } from './derainPhoto.ts';
import { choiceOption, readOptions, wholeOption } from './options.ts';
import { listPairs } from './pairs.ts';
import { gatherPhotos, readPhoto } from './photos.ts';
import { createProgress } from './progress.ts';
import { csvTable, scoreReport, scoreRow, textTable } from './scoreTable.ts';
import type { ScoreRow } from './scoreTable.ts';
import { parseSelection } from './selection.ts';

export const evaluateCommand: Command = {
  help: `
Weighs a network: PSNR and SSIM on the Y channel (MATLAB's rgb2ycbcr, 16…235) and on RGB, for the derained picture and for
the rain map |rainy − derained| (of a teacher: its own z), and NIQE of the picture (our pristine model; lower is better).
The rainy input has a line of its own.

Usage: npm run petrichor -- evaluate --pairs DIR --student FILE

  --pairs DIR…      folders with rainy/ and clean/ (same names), rain-N beside norain-N, or in RainDirection's layout
  --rainy DIR…      rainy photos without ground truth: NIQE before and after
  --clean DIR…      clean photos, which should come out as they are: the figures compare output and input
  --student FILE    the network
  --teacher FILE    its teacher, for comparison
  --only 181-200    pictures by number or name, with commas between
  --ensemble        the mean over eight turns of each picture
  --lpips FILE      adds LPIPS with these weights (see below)
  --each            a line for every picture before the means
  --json, --csv     on the standard output, means and every picture
  --backend auto    ${backendChoices.join(', ')}
  --threads N       threads of WASM

${lpipsOrigin}
`,
  run: async (args) => {
    const { values, rest } = readOptions(args, {
      pairs: 'list',
      rainy: 'list',
      clean: 'list',
      student: 'text',
      teacher: 'text',
      only: 'text',
      ensemble: 'flag',
      lpips: 'text',
      each: 'flag',
      json: 'flag',
      csv: 'flag',
      backend: 'text',
      threads: 'text',
    });
    if (rest.length) throw new UsageError(`What is '${rest[0]}' for? Folders follow --pairs, --rainy or --clean.`);
    if (values.pairs.length + values.rainy.length + values.clean.length === 0)
      throw new UsageError('--pairs is missing (or --rainy, or --clean).');
    const backend = choiceOption('backend', values.backend ?? 'auto', backendChoices);
    const threads = values.threads === undefined ? undefined : wholeOption('threads', values.threads, 1, 256);
    const exhibits = await gatherExhibits(values.pairs, values.rainy, values.clean, values.only);
    const lpips = values.lpips === undefined ? null : await loadLpips(values.lpips);

    const progress = createProgress();
    const models: [string, LoadedModel][] = [];
    let trouble: string | null = null;
    if (values.student !== undefined || values.teacher !== undefined) {
      progress.say(
        `Computing by ${await startBackend(backend, threads, (reason) => {
          trouble = reason;
        })}`,
      );
      if (values.student !== undefined) models.push(['student', await loadModel(values.student, values.ensemble)]);
      if (values.teacher !== undefined) models.push(['teacher', await loadModel(values.teacher, values.ensemble)]);
    }
    const rows: ScoreRow[] = [];
    for (const [i, exhibit] of exhibits.entries()) {
      progress.update(i, exhibits.length, exhibit.name);
      rows.push(...(await scoresOf(exhibit, models, lpips)));
      if (trouble !== null) throw new Error(`The graphics device failed: ${trouble}`);
    }
    progress.update(exhibits.length, exhibits.length, 'done');
    progress.end();
    const report = scoreReport(rows);
    const facts = models.map(([role, { parameters }]) => ({ role, parameters }));
    if (values.json) console.log(JSON.stringify({ models: facts, ensemble: values.ensemble, ...report }, null, 1));
    else if (values.csv) console.log(csvTable(report));
    else console.log(textTable(report, values.each));
    return 0;
  },
};

/** A picture to judge by: with its clean original, without one, or clean itself. */
interface Exhibit {
  readonly name: string;
  readonly kind: 'pair' | 'rainy' | 'clean';
  readonly input: string;
  readonly truth: string | null;
}

async function gatherExhibits(
  pairs: readonly string[],
  rainy: readonly string[],
  clean: readonly string[],
  only: string | undefined,
): Promise<Exhibit[]> {
  const wanted = only === undefined ? () => true : parseSelection(only);
  const exhibits: Exhibit[] = [];
  for (const folder of pairs) {
    for (const pair of await listPairs(folder))
      exhibits.push({ name: pair.stem, kind: 'pair', input: pair.rainy, truth: pair.clean });
  }
  for (const { stem, path } of await gatherPhotos(rainy))
    exhibits.push({ name: stem, kind: 'rainy', input: path, truth: null });
  for (const { stem, path } of await gatherPhotos(clean))
    exhibits.push({ name: stem, kind: 'clean', input: path, truth: path });
  const chosen = exhibits.filter(({ name }) => wanted(name));
  if (chosen.length === 0)
    throw new Error(`No picture is left to weigh${only === undefined ? '' : ` by --only ${only}`}.`);
  return chosen;
}

async function loadLpips(path: string): Promise<Lpips> {
  try {
    return createLpips(decodeSafetensors(await readFile(path)).tensors);
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function scoresOf(
  exhibit: Exhibit,
  models: readonly [string, LoadedModel][],
  lpips: Lpips | null,
): Promise<ScoreRow[]> {
  const input = await readPhoto(exhibit.input);
  const truth = exhibit.truth === null ? null : await readPhoto(exhibit.truth);
  if (truth && (truth.width !== input.width || truth.height !== input.height)) {
    throw new Error(
      `The pair ${exhibit.name} is ${input.width} × ${input.height} with rain and ${truth.width} × ${truth.height} without.`,
    );
  }
  const suffix = exhibit.kind === 'pair' ? '' : exhibit.kind === 'rainy' ? ' on rainy photos' : ' on clean photos';
  const row = (output: string, picture: Pixels, rainMap: Pixels | null): ScoreRow => {
    const name = `${output}${suffix}`;
    const distance = truth && lpips ? lpips.distance(picture, truth) : null;
    if (truth === null)
      return {
        output: name,
        picture: exhibit.name,
        derained: null,
        rainMap: null,
        niqe: naturalness(picture),
        lpips: null,
      };
    if (exhibit.kind === 'clean') {
      return {
        output: name,
        picture: exhibit.name,
        derained: similarity(picture, truth),
        rainMap: null,
        niqe: naturalness(picture),
        lpips: distance,
      };
    }
    const scores = scorePair(input, truth, picture);
    return scoreRow(
      output,
      exhibit.name,
      rainMap ? { ...scores, rainMap: similarity(rainMap, rainMapPicture(input, truth)) } : scores,
      distance,
    );
  };
  const rows = exhibit.kind === 'clean' ? [] : [row('input', input, null)];
  for (const [name, model] of models) {
    const { derained, rainMap } = await derainPhoto(model, input, 1);
    rows.push(row(name, derained, rainMap));
  }
  return rows;
}
