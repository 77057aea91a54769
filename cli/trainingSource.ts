import { basename } from 'node:path';
import type { ImageSource } from '../src/core/data/imageSource.ts';
import { UsageError } from './command.ts';
import type { DatasetOptions } from './datasetOptions.ts';
import { parseIdFilter } from './idFilter.ts';
import type { IdFilter } from './idFilter.ts';
import { folderSource } from './imageSource.ts';
import { heavyPairs, isHeldOutPair, isHeldOutPhoto } from './suite/heldOut.ts';

/** Images to use, and the ids of the pairs to hold out where the options choose them. */
export async function trainingSource(
  data: DatasetOptions,
): Promise<{ source: ImageSource; heldOutIds: readonly string[] | undefined }> {
  const [trained, validated] = [data.trainOnly, data.validateOnly].map((text) =>
    text === null ? undefined : parseIdFilter(text),
  );
  const suite = data.holdOutSuite ? suiteHoldOut([...data.pairs, ...data.rainyOfPairs]) : null;
  const isHeldOut = validated ?? (trained ? (stem: string) => !trained(stem) : suite?.pair);
  const mayTrain = (stem: string): boolean => (trained?.(stem) ?? true) && !isHeldOut?.(stem) && !suite?.pair(stem);
  const mayTrainClean = (stem: string): boolean => !suite?.photo(stem);
  const source = await folderSource({ ...data, mayTrain, mayTrainClean, mayValidate: isHeldOut ?? (() => false) });
  if (!isHeldOut) return { source, heldOutIds: undefined };
  const heldOutIds = source.pairs
    .map(({ id }) => id)
    .filter((id) => isHeldOut(id.replace(/^.*\//, '').replace(/#\d+$/, '')));
  if (data.pairs.length + data.rainyOfPairs.length > 0 && heldOutIds.length === 0) {
    throw new UsageError('The options leave no pair to validate with.');
  }
  return { source, heldOutIds };
}

/** Which photos and pairs the suite keeps to itself. Throws UsageError for a folder of pairs that it keeps whole. */
function suiteHoldOut(folders: readonly string[]): { readonly photo: IdFilter; readonly pair: IdFilter } {
  const kept = folders.find((folder) => basename(folder) === heavyPairs);
  if (kept !== undefined) throw new UsageError(`${kept} is what the suite measures on; leave it out.`);
  return { photo: isHeldOutPhoto, pair: isHeldOutPair };
}
