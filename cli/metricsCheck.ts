import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { naturalness, scoresOf } from '../src/core/metrics/metrics.ts';
import { listPhotos, readPhoto } from './photos.ts';

/** One entry of a reference file: figures of a rainy image against its clean one, and NIQE under the published model. */
interface Reference {
  readonly pair: string;
  readonly psnrY: number;
  readonly ssimY: number;
  readonly psnrRGB: number;
  readonly ssimRGB: number;
  readonly niqeRainy: number;
  readonly niqeClean: number;
}

const TOLERANCE = 1e-3;

/**
 * `npm run metrics:check -- PAIRS_DIR REFERENCE_JSON`: our PSNR and SSIM of some pairs against given values, to 1e-3, and
 * how well our NIQE orders the same images (its figures lie on another scale, so only ranks are compared).
 */
async function main(pairsDir: string | undefined, referenceFile: string | undefined): Promise<void> {
  if (!pairsDir || !referenceFile) throw new Error('Usage: npm run metrics:check -- PAIRS_DIR REFERENCE_JSON');
  const references = JSON.parse(await readFile(referenceFile, 'utf8')) as Reference[];
  const paths = async (half: string): Promise<Map<string, string>> =>
    new Map((await listPhotos(join(pairsDir, half))).map(({ stem, path }) => [stem, path]));
  const [rainyPaths, cleanPaths] = [await paths('rainy'), await paths('clean')];
  const ours: number[] = [];
  const published: number[] = [];
  let worst = 0;
  for (const reference of references) {
    const rainy = await readPhoto(pathOf(rainyPaths, reference.pair));
    const clean = await readPhoto(pathOf(cleanPaths, reference.pair));
    const scores = scoresOf({ output: rainy, rainy: null, clean });
    const error = (name: string, expected: number): number => (scores[name] ?? Number.NaN) - expected;
    const errors = [
      error('psnrY', reference.psnrY),
      error('ssimY', reference.ssimY),
      error('psnrRgb', reference.psnrRGB),
      error('ssimRgb', reference.ssimRGB),
    ];
    worst = Math.max(worst, ...errors.map(Math.abs));
    const niqes = [rainy, clean].map((image) => naturalness.compute(image) ?? Number.NaN);
    ours.push(...niqes);
    published.push(reference.niqeRainy, reference.niqeClean);
    console.log(
      `${reference.pair}  errors: PSNR-Y ${errors[0]!.toExponential(1)}  SSIM-Y ${errors[1]!.toExponential(1)}  PSNR-RGB ${errors[2]!.toExponential(1)}  SSIM-RGB ${errors[3]!.toExponential(1)}` +
        `   NIQE rainy ${niqes[0]!.toFixed(3)} (published ${reference.niqeRainy})  clean ${niqes[1]!.toFixed(3)} (${reference.niqeClean})`,
    );
  }
  console.log(
    `Worst error of PSNR and SSIM: ${worst.toExponential(2)} (allowed ${TOLERANCE}). NIQE rank correlation (Spearman): ${spearman(ours, published).toFixed(3)}`,
  );
  if (!(worst <= TOLERANCE)) process.exitCode = 1;
}

function pathOf(paths: ReadonlyMap<string, string>, stem: string): string {
  const path = paths.get(stem);
  if (!path) throw new Error(`No image with the name ${stem} in the pairs.`);
  return path;
}

/** Rank correlation, −1…1; no two values are taken to be equal. */
function spearman(a: readonly number[], b: readonly number[]): number {
  const ranks = (values: readonly number[]): number[] =>
    values.map((value) => values.filter((other) => other < value).length);
  const [ranksA, ranksB] = [ranks(a), ranks(b)];
  const squares = ranksA.reduce((sum, rank, i) => sum + (rank - ranksB[i]!) ** 2, 0);
  return 1 - (6 * squares) / (a.length * (a.length ** 2 - 1));
}

await main(process.argv[2], process.argv[3]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
