import { listCheckpoints } from '../../browser/checkpoints.ts';
import { listQueues, listModelFiles, listStoredPhotos, readStoredFiles } from '../../browser/storage/queueDatabase.ts';
import { bytesOfRuns } from '../../browser/storage/runDatabase.ts';
import { listRecords } from '../../browser/library/catalogue.ts';
import { bytesOf } from '../../browser/library/records.ts';
import { listModels } from '../../browser/models.ts';

/** Bytes of what a person has stored, by where it is seen. The app's own offline files are not among them. */
export interface StoredBytes {
  readonly library: number;
  readonly queue: number;
  readonly models: number;
  readonly checkpoints: number;
}

/** Counts our own records: what browsers estimate lags behind, is rounded, and in some includes the app's offline files. */
export async function countStoredBytes(): Promise<StoredBytes> {
  const [library, queue, models, checkpoints] = await Promise.all([
    total(async () => (await listRecords()).map((record) => bytesOf(record) + record.thumbnail.size)),
    total(queueSizes),
    total(async () => (await listModels()).map(({ bytes }) => bytes)),
    total(async () => {
      const { weights, previews } = await bytesOfRuns();
      return [...(await listCheckpoints()).map(({ bytes }) => bytes), weights, previews];
    }),
  ]);
  return { library, queue, models, checkpoints };
}

export function sumOf({ library, queue, models, checkpoints }: StoredBytes): number {
  return library + queue + models + checkpoints;
}

async function queueSizes(): Promise<number[]> {
  const photos = await listStoredPhotos();
  const files = await readStoredFiles(photos.map(({ id }) => id));
  const opened = await Promise.all((await listQueues()).map(listModelFiles));
  return [
    ...photos.map(({ thumbnail }) => thumbnail?.size ?? 0),
    ...[...files.values()].flatMap((kinds) => Object.values(kinds).map(({ size }) => size)),
    ...opened.flat().map(({ file }) => file.size),
  ];
}

/** Storage that cannot be read holds nothing that could be lost. */
async function total(sizes: () => Promise<readonly number[]>): Promise<number> {
  const found = await sizes().catch(() => []);
  return found.reduce((sum, size) => sum + size, 0);
}
