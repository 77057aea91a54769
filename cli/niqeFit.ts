import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { luma } from '../src/core/images/luma.ts';
import type { Plane } from '../src/core/images/luma.ts';
import { fitNiqeModel } from '../src/core/metrics/niqe.ts';
import type { NiqeModel } from '../src/core/metrics/niqeFeatures.ts';
import { gatherPhotos, readPhoto } from './photos.ts';
import type { PhotoFile } from './photos.ts';

const target = fileURLToPath(new URL('../src/core/metrics/niqeModel.ts', import.meta.url));

/** `npm run niqe:fit -- FOLDER…`: fits NIQE's pristine model on clean photos and writes it to `niqeModel.ts`. */
async function main(folders: readonly string[]): Promise<void> {
  if (folders.length === 0) throw new Error('Usage: npm run niqe:fit -- FOLDER…   (folders of clean, sharp photos)');
  const photos = await gatherPhotos(folders);
  const model = await fitNiqeModel(planesOf(photos));
  await writeFile(target, source(model, photos.length, model.blocks));
  console.log(`Fitted on ${model.blocks} sharp blocks of ${photos.length} photos; wrote ${target}`);
}

async function* planesOf(photos: readonly PhotoFile[]): AsyncGenerator<Plane> {
  for (const { path } of photos) yield luma(await readPhoto(path));
}

/** Nine significant digits reproduce every score to far better than 1e-6. */
function source(model: NiqeModel, photos: number, blocks: number): string {
  const lines = (values: readonly number[]): string => {
    const out: string[] = [];
    for (let i = 0; i < values.length; i += 9)
      out.push(
        `    ${values
          .slice(i, i + 9)
          .map((v) => Number(v.toPrecision(9)))
          .join(', ')},`,
      );
    return out.join('\n');
  };
  return `import type { NiqeModel } from './niqeFeatures.ts';

/**
 * Our pristine model for NIQE, written by \`npm run niqe:fit -- FOLDER…\`: ${blocks} sharp blocks of ${photos} clean photos
 * (BSDS500 images that occur in no public rain test set, 481 × 321, and CC0 outdoor photos of at most 1600 pixels).
 * The same photos give the same numbers. It is not the published model, whose figures lie on another scale.
 */
export const niqeModel: NiqeModel = {
  mean: [
${lines(model.mean)}
  ],
  covariance: [
${lines(model.covariance)}
  ],
};
`;
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
