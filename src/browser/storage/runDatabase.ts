/**
 * Runs that are kept, with all there is to see of them: label, config, curves, weights, previews; and the experiments that they
 * belong to. Valid in a tab and in a worker; the worker writes checkpoints and previews, the page labels and states.
 */
import { createStore, delMany, get, getMany, keys, set, setMany, update } from 'idb-keyval';
import type { Experiment } from '../../core/training/experiment.ts';
import type { Previewed } from '../../core/training/events.ts';
import type { RunLabel } from '../../core/training/runFile.ts';
import type { KeptRun, RunCurves, RunState, RunSummary } from '../../protocol/runs.ts';
import { areNumbers, areTexts, fieldsOf } from './storedFields.ts';
import { readSummary } from './storedSummary.ts';

/** An experiment and when it was begun, milliseconds since 1970. */
export interface KeptExperiment {
  readonly id: string;
  readonly createdAt: number;
  readonly experiment: Experiment;
}

const store = createStore('petrichor-runs', 'runs');
const CHANNEL = 'petrichor-runs';
const slots = ['a', 'b'] as const;
/** Previews of all runs together, bytes. The oldest go first; the newest of every run stays. */
export const MOST_PREVIEW_BYTES = 100e6;
/** Of a preview whose key tells no size: that of an earlier version. */
const USUAL_PREVIEW_BYTES = 700e3;

type Part = 'label' | 'state' | 'summary' | 'curves' | 'bytes' | 'preview';
type RunKey = readonly ['run', id: string, part: Part, detail?: string];
const runKey = (...[id, part, detail]: [string, Part, string?]): IDBValidKey =>
  detail === undefined ? ['run', id, part] : ['run', id, part, detail];

interface StoredSummary extends RunSummary {
  /** Grows by one with every checkpoint of the run. */
  readonly serial: number;
}

/** Every kept run, newest first; what is damaged of one is passed over. */
export async function listRuns(): Promise<KeptRun[]> {
  const all = await runKeys();
  const small = all.filter(([, , part]) => part === 'label' || part === 'state' || part === 'summary');
  const values = await getMany<unknown>(small as unknown as IDBValidKey[], store);
  const runs = new Map<string, { label?: RunLabel; state: RunState; summary?: StoredSummary }>();
  for (const [i, [, id, part]] of small.entries()) {
    const run = runs.get(id) ?? { state: 'active' };
    runs.set(id, run);
    const value = values[i];
    if (part === 'label' && isLabel(value)) run.label = value;
    if (part === 'state' && isState(value)) run.state = value;
    const summary = part === 'summary' ? readSummary<StoredSummary>(value) : null;
    if (summary && summary.serial > (run.summary?.serial ?? 0)) run.summary = summary;
  }
  const listed = [...runs].flatMap(([id, { label, state, summary }]): KeptRun[] =>
    label ? [{ id, label, state, summary: summary ? withoutSerial(summary) : null }] : [],
  );
  return listed.sort((a, b) => b.label.createdAt - a.label.createdAt || (a.id < b.id ? -1 : 1));
}

function isLabel(value: unknown): value is RunLabel {
  const { name, notes, createdAt, experiment } = fieldsOf(value);
  const { id = '', title = '', variant = '' } = fieldsOf(experiment);
  return areTexts(name, notes, id, title, variant) && areNumbers(createdAt) && typeof experiment === 'object';
}

function isState(value: unknown): value is RunState {
  return value === 'active' || value === 'paused' || value === 'dropped';
}

/** Names a run, new or known. */
export async function saveLabel(id: string, label: RunLabel): Promise<void> {
  await set(runKey(id, 'label'), label, store);
  announce();
}

/** Changes name or notes; nothing happens when the run was deleted meanwhile. */
export async function changeLabel(id: string, change: Partial<Pick<RunLabel, 'name' | 'notes'>>): Promise<void> {
  if (!(await get<RunLabel>(runKey(id, 'label'), store))) return;
  await update<RunLabel>(runKey(id, 'label'), (label) => ({ ...label!, ...change }), store);
  announce();
}

export async function saveState(id: string, state: RunState): Promise<void> {
  await set(runKey(id, 'state'), state, store);
  announce();
}

/**
 * Stores a run's checkpoint with what there is to see at it. The last two are kept, each written in one transaction over the
 * older one, so that a crash at any moment leaves one whole. When storage is full, previews make room; where that is not enough
 * it rejects with the browser's error (QuotaExceededError), and the two stay as they were.
 */
export async function saveRunCheckpoint(
  id: string,
  bytes: ArrayBuffer,
  summary: RunSummary,
  curves: RunCurves,
): Promise<void> {
  const stored = await summariesOf(id);
  const free = slots.find((slot) => !stored.some((entry) => entry.slot === slot));
  const slot = stored[0]?.summary.step === summary.step ? stored[0].slot : (free ?? stored.at(-1)!.slot);
  const serial = (stored[0]?.summary.serial ?? 0) + 1;
  const entries: [IDBValidKey, unknown][] = [
    [runKey(id, 'bytes', slot), bytes],
    [runKey(id, 'curves', slot), curves],
    [runKey(id, 'summary', slot), { ...summary, serial } satisfies StoredSummary],
  ];
  try {
    await setMany(entries, store);
  } catch (error) {
    const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
    if (!isFull || (await dropPreviews(0)) === 0) throw error;
    await setMany(entries, store);
  }
  announce();
}

/** The newest checkpoint of a run whose bytes `read` accepts; those that it throws on are passed over. */
export async function readRunCheckpoint<Read>(id: string, read: (bytes: Uint8Array) => Read): Promise<Read | null> {
  for (const { slot } of await summariesOf(id)) {
    const bytes = await get<unknown>(runKey(id, 'bytes', slot), store);
    if (!(bytes instanceof ArrayBuffer)) continue;
    try {
      return read(new Uint8Array(bytes));
    } catch {
      continue;
    }
  }
  return null;
}

/** What there is to see at the newest checkpoint of a run; null before its first. */
export async function readRunCurves(id: string): Promise<RunCurves | null> {
  const [newest] = await summariesOf(id);
  return newest ? ((await get<RunCurves>(runKey(id, 'curves', newest.slot), store)) ?? null) : null;
}

/** Keeps a preview; the oldest of all runs go when they take more than `mostBytes` together. */
export async function savePreview(id: string, preview: Previewed, mostBytes = MOST_PREVIEW_BYTES): Promise<void> {
  const bytes = bytesOfPreview(preview);
  const detail = `${String(Date.now()).padStart(15, '0')} ${String(preview.step).padStart(9, '0')} ${bytes}`;
  const same = (await previewKeys()).filter(([, run, , stored]) => run === id && stepOf(stored!) >= preview.step);
  await delMany(same as unknown as IDBValidKey[], store);
  await set(runKey(id, 'preview', detail), preview, store);
  await dropPreviews(mostBytes);
}

/** Deletes the oldest previews until all take no more than `mostBytes`; the newest of every run stays. Resolves with how many went. */
async function dropPreviews(mostBytes: number): Promise<number> {
  const all = (await previewKeys()).toSorted(([, , , a], [, , , b]) => (a! < b! ? -1 : 1));
  const newest = new Map(all.map((key) => [key[1], key]));
  let bytes = all.reduce((sum, key) => sum + bytesOfKey(key), 0);
  const old: RunKey[] = [];
  for (const key of all) {
    if (bytes <= mostBytes) break;
    if (newest.get(key[1]) === key) continue;
    bytes -= bytesOfKey(key);
    old.push(key);
  }
  await delMany(old as unknown as IDBValidKey[], store);
  return old.length;
}

/** Steps that a run has previews of, ascending. */
export async function listPreviews(id: string): Promise<number[]> {
  const own = (await previewKeys()).filter(([, run]) => run === id);
  return own.map(([, , , detail]) => stepOf(detail!)).toSorted((a, b) => a - b);
}

/** The preview of a step; the newest when left out. */
export async function readPreview(id: string, step?: number): Promise<Previewed | null> {
  const own = (await previewKeys()).filter(([, run]) => run === id);
  const found = own
    .toSorted(([, , , a], [, , , b]) => stepOf(a!) - stepOf(b!))
    .findLast(([, , , detail]) => step === undefined || stepOf(detail!) === step);
  return found ? ((await get<Previewed>(found as unknown as IDBValidKey, store)) ?? null) : null;
}

/** Takes runs out. What comes back puts them there again. */
export async function deleteRuns(ids: readonly string[]): Promise<() => Promise<void>> {
  const own = (await runKeys()).filter(([, id]) => ids.includes(id)) as unknown as IDBValidKey[];
  const values = await getMany<unknown>(own, store);
  await delMany(own, store);
  announce();
  return async () => {
    await setMany(
      own.map((key, i): [IDBValidKey, unknown] => [key, values[i]]),
      store,
    );
    announce();
  };
}

/** What the kept runs take, bytes. */
export interface RunBytes {
  /** Both checkpoints of every run. */
  readonly weights: number;
  readonly previews: number;
}

export async function bytesOfRuns(): Promise<RunBytes> {
  const all = await runKeys();
  const summaries = await getMany<unknown>(
    all.filter(([, , part]) => part === 'summary') as unknown as IDBValidKey[],
    store,
  );
  return {
    weights: summaries.reduce<number>((sum, stored) => sum + (readSummary(stored)?.bytes ?? 0), 0),
    previews: all.filter(([, , part]) => part === 'preview').reduce((sum, key) => sum + bytesOfKey(key), 0),
  };
}

function bytesOfPreview({ samples }: Previewed): number {
  const images = samples.flatMap(({ rainy, rainMap, trueRainMap, teacher, student, truth }) => [
    rainy,
    rainMap,
    trueRainMap,
    teacher,
    student,
    truth,
  ]);
  return images.reduce((sum, image) => sum + (image?.data.byteLength ?? 0), 0);
}

function bytesOfKey([, , , detail]: RunKey): number {
  return Number(detail?.split(' ')[2] ?? USUAL_PREVIEW_BYTES);
}

function isExperiment(value: unknown): value is KeptExperiment {
  const { id, createdAt, experiment } = fieldsOf(value);
  const { title, variants, seeds, base } = fieldsOf(experiment);
  const areLists = Array.isArray(variants) && Array.isArray(seeds);
  return areTexts(id, title) && areNumbers(createdAt) && areLists && typeof base === 'object' && base !== null;
}

export async function saveExperiment(kept: KeptExperiment): Promise<void> {
  await set(['experiment', kept.id], kept, store);
  announce();
}

/** Every experiment, newest first. */
export async function listExperiments(): Promise<KeptExperiment[]> {
  const own = (await keys<IDBValidKey>(store)).filter((key) => Array.isArray(key) && key[0] === 'experiment');
  const all = await getMany<unknown>(own, store);
  return all.filter(isExperiment).sort((a, b) => b.createdAt - a.createdAt);
}

/** Which kept run the Train view's stored checkpoint belongs to; null when it was not kept yet. */
export async function readTrainRun(): Promise<string | null> {
  return (await get<string>(['trainRun'], store)) ?? null;
}

export async function saveTrainRun(id: string): Promise<void> {
  await set(['trainRun'], id, store);
}

/** Calls `listener` after every change, in this tab, its workers or another tab. Returns the end of listening. */
export function watchRuns(listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = () => listener();
  return () => channel.close();
}

function announce(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(null);
  channel.close();
}

async function runKeys(): Promise<RunKey[]> {
  return (await keys<IDBValidKey>(store)).filter(
    (key) => Array.isArray(key) && key[0] === 'run',
  ) as unknown as RunKey[];
}

async function previewKeys(): Promise<RunKey[]> {
  return (await runKeys()).filter(([, , part]) => part === 'preview');
}

async function summariesOf(id: string): Promise<{ slot: (typeof slots)[number]; summary: StoredSummary }[]> {
  const found = await getMany<unknown>(
    slots.map((slot) => runKey(id, 'summary', slot)),
    store,
  );
  const whole = found.map((stored) => readSummary<StoredSummary>(stored));
  return slots
    .flatMap((slot, i) => (whole[i] ? [{ slot, summary: whole[i] }] : []))
    .sort((a, b) => b.summary.serial - a.summary.serial);
}

function withoutSerial({ step, totalSteps, savedAt, bytes, config, psnr, validation }: StoredSummary): RunSummary {
  return { step, totalSteps, savedAt, bytes, config, psnr, validation };
}

function stepOf(detail: string): number {
  return Number(detail.split(' ')[1]);
}
