import { ImageRefusal } from '../imageRefusal.ts';
import { addRecord, listRecords } from './catalogue.ts';
import { aheadOf } from './aheadOf.ts';
import { readDirectionLabels } from './directionLabels.ts';
import type { ImportEvent, ImportFinished, ImportRefused } from './importEvents.ts';
import type { Plan, PlannedPair, PlannedPhoto } from './layout.ts';
import { planImport } from './layout.ts';
import { holdForImport } from './locks.ts';
import type { EstimateDirection, Prepared } from './prepare.ts';
import { preparePair, preparePhoto } from './prepare.ts';
import type { LibraryRecord, Shelf } from './records.ts';
import { identityOf, photosOf } from './records.ts';
import type { DroppedFile, SourceFile } from './sourceFile.ts';
import { isZip, openZip } from './zip.ts';

/** Decoding one picture while another is written keeps both busy; more only costs memory. */
const UNDER_WAY = 3;

export interface ImportPorts {
  readonly estimateDirection: EstimateDirection;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Brings files, folders' contents and zips into the library and yields what happens. Names decide what is a pair and what
 * belongs where; `shelf` takes the rest. A file that cannot be taken is refused with a reason and disturbs nothing else; a full
 * disk ends the import with everything stored so far in place. Valid in a worker.
 */
export async function* importFiles(dropped: readonly DroppedFile[], shelf: Shelf, ports: ImportPorts, stop: AbortSignal): AsyncGenerator<ImportEvent> {
  const release = await holdForImport();
  try {
    yield* run(dropped, shelf, ports, stop);
  } finally {
    release();
  }
}

async function* run(dropped: readonly DroppedFile[], shelf: Shelf, ports: ImportPorts, stop: AbortSignal): AsyncGenerator<ImportEvent> {
  const count = { accepted: 0, duplicates: 0, refused: 0 };
  const { sources, refusals } = await openAll(dropped);
  const plan = planImport(sources.map((source) => source.path), shelf);
  for (const file of plan.withoutPartner) refusals.push(withoutPartner(sources[file]!));
  for (const refusal of refusals) yield refusal;
  count.refused += refusals.length;

  const labels = await readAllLabels(plan, sources);
  const total = plan.items.length;
  const addedAt = ports.now();
  yield { type: 'started', total };
  for (const [index, set] of plan.sets.entries()) yield { type: 'recognised', folder: set.folder, pairs: set.stems.length, labelled: labels[index]!.size > 0 };

  const known = new Set((await listRecords()).filter((record) => record.deletedAt === null).map(recordIdentity));
  let done = 0;
  let full: ImportRefused | null = null;
  for await (const outcome of aheadOf(plan.items, UNDER_WAY, stop, (item) => prepare(item, sources, labels, ports))) {
    const event = 'type' in outcome ? outcome : await store(outcome.prepared, outcome.path, known, addedAt, done);
    yield event;
    if (event.type === 'accepted') count.accepted++;
    else if (event.type === 'duplicate') count.duplicates++;
    else count.refused++;
    if (event.type === 'refused' && event.kind === 'storageFull') full = event;
    yield { type: 'progressed', done: ++done, total };
    if (full) break;
  }
  const ended: ImportFinished['ended'] = full ? 'storageFull' : done < total ? 'cancelled' : 'complete';
  yield { type: 'finished', ended, ...count, left: total - done };
}

/** Every file in the drop, those within zips included. */
async function openAll(dropped: readonly DroppedFile[]): Promise<{ sources: SourceFile[]; refusals: ImportRefused[] }> {
  const sources: SourceFile[] = [];
  const refusals: ImportRefused[] = [];
  for (const { path, file } of dropped) {
    try {
      if (await isZip(file)) for (const inner of await openZip(file, path)) sources.push(inner);
      else sources.push({ path, size: file.size, open: async () => file });
    } catch (error) {
      if (error instanceof ImageRefusal) refusals.push(refusedFor(path, error));
      else sources.push({ path, size: file.size, open: async () => file }); // Unreadable: said when its turn comes.
    }
  }
  return { sources, refusals };
}

/** The labels of each set of the plan, by stem; empty where there are none. */
async function readAllLabels(plan: Plan, sources: readonly SourceFile[]): Promise<ReadonlyMap<string, number>[]> {
  return Promise.all(
    plan.sets.map(async ({ directionFile, stems }) => {
      if (directionFile === null) return new Map<string, number>();
      const text = await sources[directionFile]!.open().then((file) => file.text(), () => '');
      return readDirectionLabels(text, stems);
    }),
  );
}

type Outcome = ImportRefused | { readonly prepared: Prepared; readonly path: string };

async function prepare(item: PlannedPhoto | PlannedPair, sources: readonly SourceFile[], labels: readonly ReadonlyMap<string, number>[], ports: ImportPorts): Promise<Outcome> {
  const source = sources[item.kind === 'pair' ? item.rainy : item.file]!;
  try {
    const prepared =
      item.kind === 'pair'
        ? await preparePair({ rainy: source, clean: sources[item.clean]! }, item.name, labels[item.set]!.get(item.name), ports.estimateDirection)
        : await preparePhoto(source, item.shelf, item.name);
    return { prepared, path: source.path };
  } catch (error) {
    if (error instanceof ImageRefusal) return refusedFor(source.path, error);
    return refusedFor(source.path, new ImageRefusal('damaged', `The picture could not be read (${errorName(error)}).`, 'Try it again, or save it anew in another program.'));
  }
}

async function store(prepared: Prepared, path: string, known: Set<string>, addedAt: number, sequence: number): Promise<Extract<ImportEvent, { type: 'accepted' | 'duplicate' | 'refused' }>> {
  const { files, ...fields } = prepared;
  const id = `${addedAt.toString(36).padStart(9, '0')}-${sequence.toString(36).padStart(4, '0')}-${('photo' in fields ? fields.photo : fields.rainy).hash.slice(0, 8)}`;
  const record: LibraryRecord = { id, ...fields, addedAt, deletedAt: null };
  const identity = recordIdentity(record);
  if (known.has(identity)) return { type: 'duplicate', path };
  try {
    await addRecord(record, files);
  } catch (error) {
    return refusedFor(path, storageFailure(error));
  }
  known.add(identity);
  return { type: 'accepted', record };
}

function recordIdentity(record: LibraryRecord): string {
  return identityOf({ shelf: record.shelf, files: photosOf(record).map(([, photo]) => photo) });
}

/** A full disk is known by the error's name alone: its message is empty. */
function storageFailure(error: unknown): ImageRefusal {
  if (errorName(error) === 'QuotaExceededError') {
    return new ImageRefusal('storageFull', 'There is no room left for it in this browser.', 'Delete pictures you no longer need, or free disk space, then add the rest again.');
  }
  return new ImageRefusal('storageFull', `This browser would not store it (${errorName(error)}).`, 'In a private window nothing is kept: try a normal one.');
}

function errorName(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : 'unknown error';
}

function withoutPartner(source: SourceFile): ImportRefused {
  return refusedFor(
    source.path,
    new ImageRefusal('noPartner', 'Its other half was not found.', 'Name the halves alike in folders “rainy” and “clean”, or “rain-1” and “norain-1”; or add it to Clean or Rainy.'),
  );
}

function refusedFor(path: string, { kind, reason, advice }: ImageRefusal): ImportRefused {
  return { type: 'refused', path, kind, reason, advice };
}
