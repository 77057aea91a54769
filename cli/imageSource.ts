import { basename } from 'node:path';
import { ImageCache } from '../src/core/data/imageCache.ts';
import type { ImageSource } from '../src/core/data/imageSource.ts';
import type { Pixels } from '../src/core/images/pixels.ts';
import { listPairs } from './pairs.ts';
import type { PairFiles } from './pairs.ts';
import { listPhotos, readPhoto } from './photos.ts';
import type { PhotoFile } from './photos.ts';
import type { IdFilter } from './idFilter.ts';

/** Folders to learn from, and which of their photos and pairs. */
export interface SourceFolders {
  readonly clean: readonly string[];
  readonly rainy: readonly string[];
  readonly pairs: readonly string[];
  /** Folders of pairs of which only the rainy halves are taken, as unpaired rainy photos. */
  readonly rainyOfPairs: readonly string[];
  /** Clean photos to learn from. */
  readonly mayTrainClean: IdFilter;
  /** Pairs that may be learned from; of `rainyOfPairs` these give their rainy halves. */
  readonly mayTrain: IdFilter;
  /** Pairs to validate with, of either list. */
  readonly mayValidate: IdFilter;
}

/** Photos with a longer side are made smaller: a crop shows little of a larger one. Both halves of a pair alike. */
const MAX_SIDE = 2048;
/** Decoded images that are kept, bytes: enough for some two thousand small photos. */
const CACHE_BYTES = 2e9;

/** An image source over folders. Ids are stems, preceded by the folder's name where a stem comes twice. */
export async function folderSource(folders: SourceFolders): Promise<ImageSource> {
  const clean = await photosOf(folders.clean, folders.mayTrainClean);
  const rainy = await photosOf(folders.rainy, () => true);
  const pairs = new Map<string, PairFiles>();
  for (const [folder, file] of await pairsOf(folders.pairs)) {
    if (folders.mayTrain(file.stem) || folders.mayValidate(file.stem))
      pairs.set(unused(pairs, file.stem, folder), file);
  }
  const known = new Set([...pairs.values()].map((file) => file.rainy));
  for (const [folder, file] of await pairsOf(folders.rainyOfPairs)) {
    if (folders.mayTrain(file.stem)) rainy.set(unused(rainy, `${file.stem} (of a pair)`, folder), file.rainy);
    if (folders.mayValidate(file.stem) && !known.has(file.rainy)) pairs.set(unused(pairs, file.stem, folder), file);
  }
  const cache = new ImageCache(CACHE_BYTES);
  const read = (path: string | undefined): Promise<readonly Pixels[]> => {
    if (path === undefined) throw new Error('No image has this id.');
    return cache.get(path, async () => [await readPhoto(path, MAX_SIDE)]);
  };
  return {
    clean: [...clean.keys()],
    rainy: [...rainy.keys()],
    pairs: [...pairs].map(([id, { direction }]) => ({ id, direction })),
    readClean: async (id) => (await read(clean.get(id)))[0]!,
    readRainy: async (id) => (await read(rainy.get(id)))[0]!,
    readPair: async (id) => {
      const pair = pairs.get(id);
      const [[rainyHalf], [cleanHalf]] = await Promise.all([read(pair?.rainy), read(pair?.clean)]);
      return { rainy: rainyHalf!, clean: cleanHalf! };
    },
  };
}

async function photosOf(folders: readonly string[], wanted: IdFilter): Promise<Map<string, string>> {
  const photos = new Map<string, string>();
  for (const folder of folders) {
    const found: readonly PhotoFile[] = await listPhotos(folder);
    if (found.length === 0) throw new Error(`${folder} holds no photos.`);
    for (const { stem, path } of found) if (wanted(stem)) photos.set(unused(photos, stem, folder), path);
  }
  return photos;
}

async function pairsOf(folders: readonly string[]): Promise<[folder: string, file: PairFiles][]> {
  const lists = await Promise.all(
    folders.map(async (folder) => (await listPairs(folder)).map((file): [string, PairFiles] => [folder, file])),
  );
  return lists.flat();
}

function unused(taken: ReadonlyMap<string, unknown>, stem: string, folder: string): string {
  if (!taken.has(stem)) return stem;
  const longer = `${basename(folder)}/${stem}`;
  let id = longer;
  for (let n = 2; taken.has(id); n++) id = `${longer}#${n}`;
  return id;
}
