import {
  UNDO_MS,
  deleteRecords,
  listRecords,
  movePhotos,
  purgeDeleted,
  readRecords,
  restoreRecords,
  sweepOrphans,
  turnDirection,
} from '../../browser/library/catalogue.ts';
import { watchChanges } from '../../browser/library/changes.ts';
import type { ImportEvent } from '../../protocol/importEvents.ts';
import type { Collection } from '../../protocol/libraryRecord.ts';
import type { DroppedFile, PairJob } from '../../protocol/library.ts';
import { keepStorage, refreshStorage, useStorage } from '../device/storageStore.ts';
import { replaceSettings, useRoute } from '../routing/route.ts';
import { notify } from '../ui/notices.ts';
import type { Addition } from './workers.ts';
import { importOf, pairsOf } from './workers.ts';
import { BEGUN, applyImportEvents, applyRecords, deletedRecords, inOrder, useLibrary } from './libraryStore.ts';
import { COLLECTIONS, collectionInAddress, linkOfCollection } from './format.ts';

let opened: Promise<void> | null = null;

/** Reads the library once and follows every change to it from then on, made in this tab or another. */
export function openLibrary(): Promise<void> {
  return (opened ??= open());
}

async function open(): Promise<void> {
  watchChanges(({ changed }) => void refresh(changed));
  try {
    await purgeDeleted(Date.now() - UNDO_MS);
    useLibrary.setState({ records: inOrder(await listRecords()), status: 'ready' });
  } catch {
    useLibrary.setState({ status: 'unavailable' });
    return;
  }
  schedulePurge();
  await sweepOrphans().catch(() => undefined); // What is left behind only takes room; the next visit tries again.
}

/** Changes come in bursts; this long they are gathered before anything is read. */
const GATHER_MS = 40;

let stale = new Set<string>();
let refreshing: Promise<void> | null = null;

/** Reads changed records again; changes that arrive meanwhile are read together. */
async function refresh(ids: readonly string[]): Promise<void> {
  for (const id of ids) stale.add(id);
  refreshing ??= (async () => {
    while (stale.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
      const batch = [...stale];
      stale = new Set();
      const found = await readRecords(batch);
      useLibrary.setState((state) => applyRecords(state, batch, found));
    }
  })().finally(() => {
    refreshing = null;
  });
  await refreshing;
}

let queue: Promise<void> = Promise.resolve();
let current: Addition | null = null;
let cancelling = false;

/** Imports files; one drop after the other. */
export function addFiles(
  files: readonly DroppedFile[],
  collection: Collection,
  unreadable: readonly string[] = [],
): Promise<void> {
  const errors: ImportEvent[] = unreadable.map((path) => ({
    type: 'refused',
    path,
    kind: 'damaged',
    reason: 'The browser could not open it.',
    hint: 'Check that it still exists and that you may open it.',
  }));
  useLibrary.setState((state) => applyImportEvents(state, errors));
  return files.length === 0 ? queue : inTurn(() => importOf(files, collection));
}

/** Makes pairs in the rain studio's rain and puts them on their collection. */
export function addPairs(jobs: readonly PairJob[]): Promise<void> {
  return inTurn(() => pairsOf(jobs));
}

function inTurn(addition: () => Addition): Promise<void> {
  queue = queue.then(() => (cancelling ? undefined : add(addition())));
  return queue;
}

async function add(addition: Addition): Promise<void> {
  current = addition;
  useLibrary.setState({ importing: BEGUN, lastImport: null });
  try {
    await addition.run((events) => useLibrary.setState((state) => applyImportEvents(state, events)));
    const { lastImport } = useLibrary.getState();
    if (lastImport && lastImport.accepted > 0) void keepLibrary();
    if (lastImport) showWhereItWent(lastImport.added);
  } catch (error) {
    useLibrary.setState({ importing: null });
    notify({
      tone: 'bad',
      text: `Adding images failed: ${error instanceof Error ? error.message : String(error)} What was added so far is kept.`,
    });
  }
  current = null;
}

/** Shows the collection that received most, where the one on screen received nothing. */
function showWhereItWent(added: Readonly<Record<Collection, number>>): void {
  const shown = collectionInAddress(useRoute.getState().settings.library);
  const [first] = COLLECTIONS.map(({ collection }) => collection).sort((a, b) => added[b] - added[a]);
  if (first && added[first] > 0 && added[shown] === 0) replaceSettings('library', linkOfCollection(first));
}

/**
 * Asks the browser, after the first import, to keep what is stored; its answer stands under the images. Nothing waits for it: a
 * browser may ask the person first.
 */
async function keepLibrary(): Promise<void> {
  await refreshStorage();
  const { persistent, refused, asking } = useStorage.getState();
  if (!persistent && !refused && !asking) await keepStorage();
}

/** Ends what is being added after the image in hand, and forgets what waits behind it. */
export async function cancelAdding(): Promise<void> {
  useLibrary.setState(({ importing }) => ({ importing: importing && { ...importing, cancelling: true } }));
  cancelling = true;
  await current?.cancel();
  await queue;
  cancelling = false;
}

export function remove(ids: readonly string[]): Promise<void> {
  schedulePurge();
  return told(deleteRecords(ids));
}

/** Restores the latest deletion. */
export function undoDelete(): Promise<void> {
  return told(restoreRecords(deletedRecords(useLibrary.getState().records).latest));
}

/** Frees the space of everything deleted, at once. */
export function deleteForGood(): Promise<void> {
  return told(purgeDeleted(Date.now()).then(refreshStorage));
}

export function moveTo(ids: readonly string[], collection: 'clean' | 'rainy'): Promise<void> {
  return told(movePhotos(ids, collection));
}

export function turnTo(id: string, index: number): Promise<void> {
  return told(turnDirection(id, index));
}

/** A change to the library that says so when the browser would not store it. */
async function told(change: Promise<void>): Promise<void> {
  try {
    await change;
  } catch (error) {
    notify({
      tone: 'bad',
      text: `The library could not be changed (${error instanceof Error ? error.name : String(error)}). Reload the page and try again.`,
    });
  }
}

export function dismissError(key: number): void {
  useLibrary.setState(({ errors }) => ({ errors: errors.filter((error) => error.key !== key) }));
}

export function dismissAllErrors(): void {
  useLibrary.setState({ errors: [] });
}

export function dismissLastImport(): void {
  useLibrary.setState({ lastImport: null });
}

let purgeTimer: ReturnType<typeof setTimeout> | undefined;

/** What is deleted goes for good once it can no longer be undone, in this visit or at the next. */
function schedulePurge(): void {
  clearTimeout(purgeTimer);
  purgeTimer = setTimeout(() => void purgeDeleted(Date.now() - UNDO_MS), UNDO_MS + 1000);
}
