import { ImageFileError } from '../../src/browser/imageFileError.ts';
import { describeFile } from '../../src/browser/library/prepare.ts';
import type { PreparedPair } from '../../src/browser/library/prepare.ts';
import type { StoredPhoto } from '../../src/protocol/libraryRecord.ts';
import { refusedFor } from '../../src/browser/library/storeImports.ts';
import type { Outcome } from '../../src/browser/library/storeImports.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import type { PairJob } from '../../src/protocol/library.ts';
import type { LibraryHost } from './libraryHost.ts';
import { rainLayer } from './rainLayers.ts';

/** Makes pairs one by one until `stop`; one that cannot be made is refused. `read` gives a clean image's pixels. */
export async function* makePairs(
  host: LibraryHost,
  jobs: readonly PairJob[],
  read: (id: string) => Promise<Pixels>,
  stop: AbortSignal,
): AsyncGenerator<Outcome> {
  for (const job of jobs) {
    if (stop.aborted) return;
    const path = `${job.name}.png`;
    try {
      yield { prepared: await makePair(host, job, await read(job.image)), path };
    } catch (error) {
      const gone = new ImageFileError(
        'damaged',
        'Its clean image could not be read.',
        'It may have been deleted; choose another.',
      );
      yield refusedFor(path, error instanceof ImageFileError ? error : gone);
    }
  }
}

/** Both halves without loss, so that rainy − clean is exactly the rain. A clean image that was not shrunk stays the file it is. */
async function makePair(host: LibraryHost, { image, recipe, name }: PairJob, clean: Pixels): Promise<PreparedPair> {
  const rainy = rainLayer(clean, recipe, 'rainy');
  const rainyFile = await host.encode(rainy, 'image/png');
  const record = await host.readRecord(image);
  const photo = record?.collection === 'pairs' ? undefined : record?.photo;
  const isWhole = photo && photo.width === clean.width && photo.height === clean.height;
  const cleanFile = isWhole ? await host.readFile(image, 'photo') : await host.encode(clean, 'image/png');
  const stored: StoredPhoto = isWhole ? photo : await describeFile(`${name}-clean.png`, cleanFile, clean, 'image/png');
  return {
    collection: 'pairs',
    name,
    rainy: await describeFile(`${name}.png`, rainyFile, rainy, 'image/png'),
    clean: stored,
    direction: { index: recipe.direction, source: 'label' },
    ...(photo && { madeFrom: photo.hash }),
    thumbnail: await host.thumbnail(rainy),
    files: [
      ['rainy', rainyFile],
      ['clean', cleanFile],
    ],
  };
}
