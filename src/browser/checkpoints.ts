import { createStore, del, delMany, get, set, setMany } from 'idb-keyval';
import type { BestWeights, CheckpointSummary } from '../protocol/trainer.ts';
import { areNumbers, fieldsOf } from './storage/storedFields.ts';
import { readSummary } from './storage/storedSummary.ts';

/** One database of its own. Of each slot there are two entries, its summary (small) and its bytes (large); and the best weights. */
const store = createStore('petrichor-checkpoints', 'slots');
const slots = ['a', 'b'] as const;
type Slot = (typeof slots)[number];
const BEST = 'best';

interface StoredSummary extends CheckpointSummary {
  /** Grows by one with every checkpoint written. */
  readonly serial: number;
}

/**
 * The last two checkpoints. Each is written in one transaction over the older one, so a crash at any moment leaves at
 * least one whole; one of the same step as the newest takes its place, so that the two stay of two steps. Rejects with the browser's error (QuotaExceededError when storage is full); the two stay as they were.
 */
export async function saveCheckpoint(bytes: ArrayBuffer, summary: CheckpointSummary): Promise<void> {
  const stored = await summaries();
  const free = slots.find((slot) => !stored.some((entry) => entry.slot === slot));
  const [newest] = stored;
  const slot = newest?.summary.step === summary.step ? newest.slot : (free ?? stored.at(-1)!.slot);
  const serial = (stored[0]?.summary.serial ?? 0) + 1;
  await setMany(
    [
      [bytesKey(slot), bytes],
      [summaryKey(slot), { ...summary, serial } satisfies StoredSummary],
    ],
    store,
  );
}

/** Summaries of the stored checkpoints, newest first; damaged ones are passed over. */
export async function listCheckpoints(): Promise<CheckpointSummary[]> {
  return (await summaries()).map(({ summary }) => summary);
}

/**
 * The newest checkpoint whose bytes `read` accepts; those that it throws on are passed over. Null when there is none.
 */
export async function readNewestCheckpoint<Read>(
  read: (bytes: Uint8Array) => Read,
): Promise<{ summary: CheckpointSummary; checkpoint: Read } | null> {
  for (const { slot, summary } of await summaries()) {
    const bytes = await get<unknown>(bytesKey(slot), store);
    if (!(bytes instanceof ArrayBuffer)) continue;
    try {
      return { summary, checkpoint: read(new Uint8Array(bytes)) };
    } catch {
      continue;
    }
  }
  return null;
}

/** Deletes all checkpoints but the newest `keep` ones. */
export async function discardCheckpoints(keep = 0): Promise<void> {
  const kept = (await summaries()).slice(0, keep).map(({ slot }) => slot);
  const old = slots.filter((slot) => !kept.includes(slot));
  await delMany(
    old.flatMap((slot) => [bytesKey(slot), summaryKey(slot)]),
    store,
  );
}

/** Stores the best weights of a run, in one transaction, in place of older ones. Rejects as `saveCheckpoint`. */
export async function saveBest(best: BestWeights): Promise<void> {
  await set(BEST, best, store);
}

export async function readBest(): Promise<BestWeights | null> {
  const stored = await get<BestWeights>(BEST, store);
  const { step, psnr, student, teacher } = fieldsOf(stored);
  const isWhole = areNumbers(step, psnr) && [student, teacher].every((file) => file instanceof ArrayBuffer);
  return stored && isWhole ? stored : null;
}

export async function discardBest(): Promise<void> {
  await del(BEST, store);
}

async function summaries(): Promise<{ slot: Slot; summary: StoredSummary }[]> {
  const found: { slot: Slot; summary: StoredSummary }[] = [];
  for (const slot of slots) {
    const summary = readSummary<StoredSummary>(await get<unknown>(summaryKey(slot), store));
    if (summary) found.push({ slot, summary });
  }
  return found.sort((a, b) => b.summary.serial - a.summary.serial);
}

function bytesKey(slot: Slot): string {
  return `${slot}/bytes`;
}

function summaryKey(slot: Slot): string {
  return `${slot}/summary`;
}
