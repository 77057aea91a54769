import { ImageFileError } from '../imageFileError.ts';
import { mapConcurrent } from './mapConcurrent.ts';
import { readDirectionLabels } from './directionLabels.ts';
import { MAX_FILE_BYTES } from './fileLimits.ts';
import type { ImportEvent, ImportRefused } from '../../protocol/importEvents.ts';
import type { Plan, PlannedPair, PlannedPhoto } from './layout.ts';
import { planImport } from './layout.ts';
import { holdForImport } from './locks.ts';
import type { EstimateDirection } from './prepare.ts';
import { preparePair, preparePhoto } from './prepare.ts';
import type { Collection } from '../../protocol/libraryRecord.ts';
import type { Outcome } from './storeImports.ts';
import { errorName, refusedFor, storeImports } from './storeImports.ts';
import type { DroppedFile } from '../../protocol/library.ts';
import type { SourceFile } from './sourceFile.ts';
import { isZip, openZip } from './zip.ts';

/** Decoding one image while another is written keeps both busy; more only costs memory. */
const UNDER_WAY = 3;

export interface ImportPorts {
  readonly estimateDirection: EstimateDirection;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Imports files, folders' contents and zips into the library and yields what happens. Names decide what is a pair and what
 * belongs where; `collection` takes the rest. A file that cannot be taken is refused with a reason and disturbs nothing else; a full
 * disk ends the import with everything stored so far in place. Valid in a worker.
 */
export async function* importFiles(
  dropped: readonly DroppedFile[],
  collection: Collection,
  ports: ImportPorts,
  stop: AbortSignal,
): AsyncGenerator<ImportEvent> {
  const release = await holdForImport();
  try {
    yield* run(dropped, collection, ports, stop);
  } finally {
    release();
  }
}

async function* run(
  dropped: readonly DroppedFile[],
  collection: Collection,
  ports: ImportPorts,
  stop: AbortSignal,
): AsyncGenerator<ImportEvent> {
  const { sources, errors } = await openAll(dropped, stop);
  const plan = planImport(
    sources.map((source) => source.path),
    collection,
  );
  for (const file of plan.withoutPartner) errors.push(withoutPartner(sources[file]!));
  for (const error of errors) yield error;

  const labels = await readAllLabels(plan, sources);
  const total = plan.items.length;
  yield { type: 'started', total };
  for (const [index, set] of plan.sets.entries())
    yield { type: 'recognized', folder: set.folder, pairs: set.stems.length, labelled: labels[index]!.size > 0 };
  const outcomes = mapConcurrent(plan.items, UNDER_WAY, stop, (item) => prepare(item, sources, labels, ports));
  yield* storeImports(outcomes, { total, refused: errors.length, addedAt: ports.now() });
}

/** Every file in the drop, those within zips included. */
async function openAll(
  dropped: readonly DroppedFile[],
  stop: AbortSignal,
): Promise<{ sources: SourceFile[]; errors: ImportRefused[] }> {
  const sources: SourceFile[] = [];
  const errors: ImportRefused[] = [];
  for (const { path, file } of dropped) {
    if (stop.aborted) break;
    try {
      if (await isZip(file)) for (const inner of await openZip(file, path, MAX_FILE_BYTES, stop)) sources.push(inner);
      else sources.push({ path, size: file.size, open: async () => file });
    } catch (error) {
      if (error instanceof ImageFileError) errors.push(refusedFor(path, error));
      else sources.push({ path, size: file.size, open: async () => file }); // Unreadable: said when its turn comes.
    }
  }
  return { sources, errors };
}

/** The labels of each set of the plan, by stem; empty where there are none. */
async function readAllLabels(plan: Plan, sources: readonly SourceFile[]): Promise<ReadonlyMap<string, number>[]> {
  return Promise.all(
    plan.sets.map(async ({ directionFile, stems }) => {
      if (directionFile === null) return new Map<string, number>();
      const text = await sources[directionFile]!.open().then(
        (file) => file.text(),
        () => '',
      );
      return readDirectionLabels(text, stems);
    }),
  );
}

async function prepare(
  item: PlannedPhoto | PlannedPair,
  sources: readonly SourceFile[],
  labels: readonly ReadonlyMap<string, number>[],
  ports: ImportPorts,
): Promise<Outcome> {
  const source = sources[item.kind === 'pair' ? item.rainy : item.file]!;
  try {
    const prepared =
      item.kind === 'pair'
        ? await preparePair(
            { rainy: source, clean: sources[item.clean]! },
            item.name,
            labels[item.set]!.get(item.name),
            ports.estimateDirection,
          )
        : await preparePhoto(source, item.collection, item.name);
    return { prepared, path: source.path };
  } catch (error) {
    if (error instanceof ImageFileError) return refusedFor(source.path, error);
    return refusedFor(
      source.path,
      new ImageFileError(
        'damaged',
        `The image could not be read (${errorName(error)}).`,
        'Try it again, or save it anew in another program.',
      ),
    );
  }
}

function withoutPartner(source: SourceFile): ImportRefused {
  return refusedFor(
    source.path,
    new ImageFileError(
      'noPartner',
      'Its other half was not found.',
      'Name the halves alike in folders “rainy” and “clean”, or “rain-1” and “norain-1”; or add it to Clean or Rainy.',
    ),
  );
}
