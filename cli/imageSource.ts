import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ImageCache } from '../src/core/data/imageCache.ts';
import type { ImageSource } from '../src/core/data/imageSource.ts';
import type { Pixels } from '../src/core/images/pixels.ts';
import type { ImageHashes } from '../src/core/training/experiment.ts';
import { UsageError } from './command.ts';
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
  /** Of all these, the images to use, in their order; absent: all. */
  readonly images?: ImageHashes | undefined;
}

/** Photos with a longer side are made smaller: a crop shows little of a larger one. Both halves of a pair alike. */
const MAX_SIDE = 2048;
/** Decoded images that are kept, bytes: enough for some two thousand small photos. */
const CACHE_BYTES = 2e9;

/**
 * An image source over folders. Ids are stems, preceded by the folder's name where a stem comes twice. Rejects with UsageError when
 * an image that was asked for by its hash is in none of them.
 */
export async function folderSource(folders: SourceFolders): Promise<ImageSource> {
  const { clean, rainy, pairs } = await chosenFiles(await filesOf(folders), folders.images);
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

/** Files by their images' ids. */
interface SourceFiles {
  readonly clean: ReadonlyMap<string, string>;
  readonly rainy: ReadonlyMap<string, string>;
  readonly pairs: ReadonlyMap<string, PairFiles>;
}

async function filesOf(folders: SourceFolders): Promise<SourceFiles> {
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
  return { clean, rainy, pairs };
}

/** The files whose bytes' SHA-256 begin as `images` says, in its order. */
async function chosenFiles(files: SourceFiles, images: ImageHashes | undefined): Promise<SourceFiles> {
  if (!images) return files;
  const clean = await chosen(files.clean, images.clean, (path) => path);
  const rainy = await chosen(files.rainy, images.rainy, (path) => path);
  const pairs = await chosen(files.pairs, images.pairs, (pair) => pair.rainy);
  const wanted = images.clean.length + images.rainy.length + images.pairs.length;
  const lacking = wanted - clean.size - rainy.size - pairs.size;
  if (lacking > 0) throw new UsageError(`The folders lack ${lacking} of the ${wanted} images that were asked for.`);
  return { clean, rainy, pairs };
}

async function chosen<File>(
  files: ReadonlyMap<string, File>,
  hashes: readonly string[],
  pathOf: (file: File) => string,
): Promise<Map<string, File>> {
  const hashed: { readonly id: string; readonly file: File; readonly hash: string }[] = [];
  if (hashes.length > 0)
    for (const [id, file] of files) hashed.push({ id, file, hash: sha256(await readFile(pathOf(file))) });
  const found = hashes.flatMap((wanted) => hashed.find(({ hash }) => hash.startsWith(wanted)) ?? []);
  return new Map(found.map(({ id, file }) => [id, file]));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
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
