import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listPairs } from '../pairs.ts';
import type { PairFiles } from '../pairs.ts';
import { listPhotos } from '../photos.ts';
import type { PhotoFile } from '../photos.ts';
import { heavyPairs, heldOutPairs, heldOutPhotos, isHeldOutPair } from './heldOut.ts';

/** The files that the suite measures on. */
export interface SuiteFiles {
  /** Rain100L's training pairs 181–200. */
  readonly pairs: readonly PairFiles[];
  readonly heavyPairs: readonly PairFiles[];
  /** The held-out clean photos, in the order of their list. */
  readonly heldOut: readonly PhotoFile[];
  /** Every CC0 photo and every tenth BSDS photo. */
  readonly rainFree: readonly PhotoFile[];
  readonly rainy: readonly PhotoFile[];
}

const folders = {
  pairs: 'pairs/rain100L-train',
  heavyPairs: `pairs/${heavyPairs}`,
  bsds: 'clean/bsds',
  cc0: 'clean/cc0',
  rainy: 'rainy',
} as const;

/** Finds the suite's files below a data root. Rejects with an Error that names every folder or photo that it looked for in vain. */
export async function findSuiteFiles(root: string): Promise<SuiteFiles> {
  const missing = Object.values(folders).filter((folder) => !existsSync(join(root, folder)));
  if (missing.length > 0) {
    throw new Error(
      `${root} is not laid out as the suite needs it: there is no ${missing.join(', no ')}. It looks for ${Object.values(folders).join(', ')}.`,
    );
  }
  const [bsds, cc0, rainy] = await Promise.all(
    [folders.bsds, folders.cc0, folders.rainy].map((folder) => listPhotos(join(root, folder))),
  );
  const pairs = (await listPairs(join(root, folders.pairs))).filter(({ stem }) => isHeldOutPair(stem));
  if (pairs.length === 0) throw new Error(`${join(root, folders.pairs)} holds none of the pairs ${heldOutPairs}.`);
  const photos = new Map<string, PhotoFile>([
    ...bsds!.map((photo) => [`bsds/${photo.stem}`, photo] as const),
    ...cc0!.map((photo) => [`cc0/${photo.stem}`, photo] as const),
  ]);
  const lost = heldOutPhotos.filter((id) => !photos.has(id));
  if (lost.length > 0) throw new Error(`${join(root, 'clean')} lacks photos of the suite: ${lost.join(', ')}.`);
  return {
    pairs,
    heavyPairs: await listPairs(join(root, folders.heavyPairs)),
    heldOut: heldOutPhotos.map((id) => photos.get(id)!),
    rainFree: [...cc0!, ...bsds!.filter((_, i) => i % 10 === 9)],
    rainy: rainy!,
  };
}

/** A sample image of the app with its rain. */
export interface SampleFiles {
  readonly name: string;
  readonly title: string;
  readonly rainy: string;
  readonly clean: string;
}

const samplesFolder = fileURLToPath(new URL('../../public/scenes/', import.meta.url));

/** The app's own samples. */
export function appSamples(): SampleFiles[] {
  const listed = JSON.parse(readFileSync(join(samplesFolder, 'scenes.json'), 'utf8')) as SampleFiles[];
  return listed.map(({ name, title, rainy, clean }) => ({
    name,
    title,
    rainy: join(samplesFolder, rainy),
    clean: join(samplesFolder, clean),
  }));
}
