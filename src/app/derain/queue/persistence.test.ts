import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryQueueDatabase } from '../../../browser/storage/testing/memoryQueueDatabase.ts';
import type { StorageEvent } from './effects.ts';
import { QueueStorage, readQueue } from './persistence.ts';
import type { CurrentSetup, StoredQueueContent } from './persistence.ts';
import { newPhoto } from './photo.ts';
import type { Photo } from './photo.ts';

/** A tab: what it remembers, and the locks that other tabs hold. */
class Tab {
  remembered: string | null = null;
  constructor(
    readonly heldByOthers = new Set<string>(),
    readonly notes = new Map<string, { id: string; attempts: number }>(),
  ) {}
  holdQueue = async (queue: string): Promise<boolean> => !this.heldByOthers.has(queue);
  rememberedQueue = (): string | null => this.remembered;
  rememberQueue = (queue: string): void => void (this.remembered = queue);
  takeNote = (queue: string): { id: string; attempts: number } | null => this.notes.get(queue) ?? null;
}

const summary = { refused: false, role: 'student', parameters: 1, size: '', provenance: null } as const;
const modelFile = { id: 'file:1', title: 'mine', file: new Blob(['weights']), summary };
const key = '["shipped:swift",100,false,{}]';

/** A queue's storage over a database, with the photos as they are now. */
function storing(
  memory: MemoryQueueDatabase,
  content: Partial<StoredQueueContent> = {},
  current: CurrentSetup | null = null,
) {
  const photos = new Map<string, Photo>();
  const told: StorageEvent[] = [];
  let setup = current;
  const storage = new QueueStorage({
    database: memory,
    content: { queue: 'mine', entries: [], photos: [], setup: null, modelFiles: [], ...content },
    photoOf: (id) => photos.get(id) ?? null,
    setup: () => setup,
    report: (event) => told.push(event),
  });
  const put = async (photo: Photo): Promise<void> => {
    photos.set(photo.id, photo);
    storage.save(photo.id);
    await storage.settled;
  };
  return { storage, photos, told, put, choose: (next: CurrentSetup) => (setup = next) };
}

const photo = (id: string, change: Partial<Photo> = {}): Photo => ({
  ...newPhoto(id, `${id}.jpg`, new Blob([id]), null),
  ...change,
});

describe('writing', () => {
  it('stores a photo with its files, then its changes, then its result, which is read from the disk from then on', async () => {
    const memory = new MemoryQueueDatabase();
    const { put, told, storage } = storing(memory);
    await put(photo('a', { truth: new Blob(['clean']) }));
    await put(photo('a', { state: 'working', attempts: 1 }));
    const file = new Blob(['png']);
    await put(photo('a', { state: 'done', result: { key, file }, residual: 3 }));
    storage.saveTruth('a', new Blob(['other']));
    await storage.settled;
    expect(memory.log).toEqual(['photo a photo+truth', 'entry a waiting', 'result a', 'truth a']);
    expect(memory.entries.get('a')).toMatchObject({
      queue: 'mine',
      state: 'done',
      result: key,
      residual: 3,
      attempts: 0,
    });
    const saved = told.find((event) => event.type === 'resultSaved')!;
    expect(saved).toMatchObject({ id: 'a', given: file });
    expect(memory.files.get('a/result')).toBe(saved.file);
    await put(photo('a', { state: 'done', result: { key, file: saved.file } }));
    expect(memory.log.at(-1), 'a file that lies there is not written again').toBe('entry a done');
  });

  it('stores one that comes back with its result, all at once', async () => {
    const memory = new MemoryQueueDatabase();
    const { put, storage } = storing(memory);
    await put(photo('a', { state: 'done', result: { key, file: new Blob(['png']) } }));
    storage.forget(['a']);
    await put(photo('a', { state: 'done', result: { key, file: new Blob(['png']) } }));
    expect(memory.log).toEqual(['photo a photo+result', 'remove a', 'photo a photo+result']);
  });

  it('says when there is no room, or the database fails, and goes on', async () => {
    const memory = new MemoryQueueDatabase();
    const { put, told, storage } = storing(memory);
    memory.error = new DOMException('', 'QuotaExceededError');
    await put(photo('a'));
    memory.error = new Error('unheard of');
    await put(photo('b'));
    memory.error = null;
    storage.save('removed meanwhile');
    await put(photo('a'));
    storage.forget(['b']);
    await storage.settled;
    expect(told).toEqual([
      { type: 'saveFailed', id: 'a', full: true },
      { type: 'saveFailed', id: 'b', full: false },
      { type: 'saved', id: 'a' },
      { type: 'storageFreed' },
    ]);
  });
});

describe('the setup', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is stored at once or when a slider rests, model files once', async () => {
    const memory = new MemoryQueueDatabase();
    const setup = { model: 'file:1', ensemble: false, strength: 100 };
    const { storage, choose } = storing(memory, {}, { setup, modelFiles: [modelFile] });
    storage.saveSetup(false);
    await storage.settled;
    for (const strength of [90, 80, 70]) {
      choose({ setup: { ...setup, strength }, modelFiles: [modelFile] });
      storage.saveSetup(true);
    }
    await vi.advanceTimersByTimeAsync(1000);
    await storage.settled;
    expect(memory.log).toEqual(['model file:1', 'setup file:1 100', 'setup file:1 70']);
  });

  it('is not stored while there is none; a failure is nothing to be told of', async () => {
    const memory = new MemoryQueueDatabase();
    const { storage, told } = storing(memory);
    storage.saveSetup(false);
    await storage.settled;
    expect([memory.log, told]).toEqual([[], []]);
    const failing = storing(memory, {}, { setup: { model: 'm', ensemble: true, strength: 1 }, modelFiles: [] });
    memory.storeSetup = () => Promise.reject(new Error('full'));
    failing.storage.saveSetup(false);
    await failing.storage.settled;
    expect(failing.told).toEqual([]);
  });
});

describe('reading', () => {
  /** What a page stored that is gone now. */
  async function left(memory: MemoryQueueDatabase, queue: string, ...photos: Photo[]): Promise<void> {
    const { put } = storing(memory, { queue });
    for (const one of photos) await put(one);
    memory.setups.set(queue, { model: 'file:1', ensemble: false, strength: 80 });
    memory.models.set(`${queue}/file:1`, modelFile);
  }

  it('finds every photo as it was left, with its files, setup and model files', async () => {
    const memory = new MemoryQueueDatabase();
    const result = { key, file: new Blob(['png']) };
    const truth = new Blob(['clean']);
    const error = { reason: 'No.', hint: 'Yes.' };
    await left(
      memory,
      'old',
      photo('a', { state: 'done', result, truth, ms: 7, residual: 2, size: { width: 3, height: 2 } }),
      photo('b', { state: 'working', share: 0.4, attempts: 1 }),
      photo('c', { state: 'cancelled' }),
      photo('d', { state: 'failed', error }),
      photo('e', { state: 'refused', error }),
      photo('f', { state: 'done' }),
      photo('g', { state: 'noModel' }),
    );
    const { queue, photos, setup, modelFiles } = await readQueue(memory, new Tab(), 0);
    expect(queue).toBe('old');
    expect(photos.map(({ id, state }) => `${id} ${state}`).join(', ')).toBe(
      'a done, b waiting, c cancelled, d failed, e refused, f waiting, g waiting',
    );
    expect(photos[0]).toMatchObject({ result, truth, ms: 7, residual: 2, size: { width: 3, height: 2 } });
    expect(photos[1]).toMatchObject({ share: 0, attempts: 0 });
    expect(photos[3]!.error).toEqual(error);
    expect(setup).toEqual({ model: 'file:1', ensemble: false, strength: 80 });
    expect(modelFiles).toEqual([modelFile]);
  });

  it('reads entries of the first version, which knew neither residual nor attempts', async () => {
    const memory = new MemoryQueueDatabase();
    await left(memory, 'old', photo('a', { state: 'done', result: { key, file: new Blob() } }));
    const { residual, attempts, ...first } = memory.entries.get('a')!;
    memory.entries.set('a', first);
    const { photos } = await readQueue(memory, new Tab(), 0);
    expect(photos[0]).toMatchObject({ state: 'done', residual: null, attempts: 0 });
    expect([residual, attempts]).toEqual([null, 0]);
  });

  it('does a result again whose file is missing, and passes over an entry without its photo', async () => {
    const memory = new MemoryQueueDatabase();
    const result = { key, file: new Blob() };
    await left(memory, 'old', photo('a', { state: 'done', result }), photo('b', { state: 'done', result }));
    memory.files.delete('a/result');
    memory.files.delete('b/photo');
    const { photos } = await readQueue(memory, new Tab(), 0);
    expect(photos.map(({ id, state }) => `${id} ${state}`)).toEqual(['a waiting']);
  });

  it('tries a photo that killed the page once more, and sets it aside after two', async () => {
    const memory = new MemoryQueueDatabase();
    await left(memory, 'old', photo('a'), photo('b'));
    const died = (attempts: number) => new Tab(new Set(), new Map([['old', { id: 'a', attempts }]]));
    const once = (await readQueue(memory, died(1), 0)).photos;
    expect(once.map(({ state, attempts }) => [state, attempts])).toEqual([
      ['waiting', 1],
      ['waiting', 0],
    ]);
    const twice = (await readQueue(memory, died(2), 0)).photos;
    expect(twice[0]).toMatchObject({ state: 'failed', attempts: 2 });
    expect(twice[0]!.error!.reason).toBe('The page stopped 2 times on this photo, so it was set aside.');
    expect(twice[1]!.state).toBe('waiting');
  });

  it('sets a finished photo aside too that killed the page twice as it was looked at', async () => {
    const memory = new MemoryQueueDatabase();
    const result = { key, file: new Blob(['png']) };
    await left(memory, 'old', photo('a', { state: 'done', result }));
    const died = (attempts: number) => new Tab(new Set(), new Map([['old', { id: 'a', attempts }]]));
    expect((await readQueue(memory, died(1), 0)).photos[0]).toMatchObject({ state: 'done', attempts: 1 });
    expect((await readQueue(memory, died(2), 0)).photos[0]).toMatchObject({ state: 'failed', attempts: 2 });
  });

  it('takes its own queue from before a reload first, and those of tabs that are gone', async () => {
    const memory = new MemoryQueueDatabase();
    await left(memory, 'gone', photo('a'));
    await left(memory, 'mine', photo('b'));
    const tab = new Tab();
    tab.remembered = 'mine';
    const { queue, photos } = await readQueue(memory, tab, 0);
    expect([queue, photos.map(({ id }) => id)]).toEqual(['mine', ['a', 'b']]);
    expect(tab.remembered).toBe('mine');
  });

  it('leaves alone what another tab holds', async () => {
    const memory = new MemoryQueueDatabase();
    await left(memory, 'theirs', photo('a'));
    const tab = new Tab(new Set(['theirs']));
    tab.remembered = 'theirs'; // A duplicated tab remembers the same.
    const { queue, photos, setup } = await readQueue(memory, tab, 0);
    expect([photos, setup]).toEqual([[], null]);
    expect(queue).not.toBe('theirs');
    expect(tab.remembered).toBe(queue);
  });

  it('forgets the setup of a queue without photos', async () => {
    const memory = new MemoryQueueDatabase();
    memory.setups.set('empty', { model: 'm', ensemble: false, strength: 1 });
    const { photos, setup } = await readQueue(memory, new Tab(), 0);
    expect([photos, setup, memory.setups.size]).toEqual([[], null, 0]);
  });

  it('begins a new queue where the browser lets nothing be read', async () => {
    const memory = new MemoryQueueDatabase();
    memory.listQueues = () => Promise.reject(new DOMException('', 'SecurityError'));
    const { queue, photos } = await readQueue(memory, new Tab(), 0);
    expect(queue).toMatch(/^[0-9a-f-]{36}$/);
    expect(photos).toEqual([]);
  });
});
