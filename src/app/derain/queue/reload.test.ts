import { describe, expect, it } from 'vitest';
import { MemoryQueueDatabase } from '../../../browser/storage/testing/memoryQueueDatabase.ts';
import { formatState, resultLabel, sideLabel } from '../panels/format.ts';
import type { Effect, QueueEvent } from './effects.ts';
import { QueueStorage, readQueue } from './persistence.ts';
import { newPhoto } from './photo.ts';
import { reduce } from './reduce.ts';
import { resultKey } from './resultFile.ts';
import { currentPhoto, emptyQueue, photoOf, setupOf } from './state.ts';
import type { QueueSettings, QueueState } from './state.ts';

const SIZE = { width: 400, height: 300 };
const WRONG = { reason: 'This is not an image.', hint: 'Choose another file.' };
const settings: QueueSettings = {
  ...emptyQueue.settings,
  model: 'shipped:swift',
  models: ['shipped:swift', 'shipped:fine'],
};

/** What outlives a page: the databases, and what the tab and its origin remember. */
class Browser {
  readonly database = new MemoryQueueDatabase();
  queue: string | null = null;
  paused = false;
  viewed: string | null = null;
  note: { readonly id: string; readonly attempts: number } | null = null;

  /** Opens the page, as `openQueue` does. */
  async visit(change: Partial<QueueSettings> = {}): Promise<Page> {
    const content = await readQueue(
      this.database,
      {
        holdQueue: async () => true,
        rememberedQueue: () => this.queue,
        rememberQueue: (queue) => void (this.queue = queue),
        takeNote: () => {
          const { note } = this;
          this.note = null;
          return note;
        },
      },
      0,
    );
    const page: Page = new Page(this, { ...settings, ...change }, (report) => {
      const current = () =>
        page.state.photos.length === 0 || page.state.settings.model === null
          ? null
          : { setup: { ...page.state.settings, model: page.state.settings.model }, modelFiles: [] };
      const photo = (id: string) => photoOf(page.state, id);
      return new QueueStorage({ database: this.database, content, photoOf: photo, setup: current, report });
    });
    const { paused, viewed } = this;
    page.send({ type: 'restored', photos: content.photos, model: content.setup?.model ?? null, paused, viewed });
    return page;
  }
}

/** One visit: the queue over its storage, with a worker that answers when a test says so. */
class Page {
  state: QueueState;
  readonly asked: Effect[] = [];
  private readonly storage: QueueStorage;

  constructor(
    readonly browser: Browser,
    settings: QueueSettings,
    open: (report: (event: QueueEvent) => void) => QueueStorage,
  ) {
    this.state = { ...emptyQueue, settings };
    this.storage = open((event) => void this.send(event));
  }

  send(event: QueueEvent): this {
    const { state, effects } = reduce(this.state, event);
    this.state = state;
    this.asked.push(...effects);
    for (const effect of effects) this.keep(effect);
    return this;
  }

  private keep(effect: Effect): void {
    if (effect.type === 'save') this.storage.save(effect.id);
    if (effect.type === 'saveTruth') this.storage.saveTruth(effect.id, effect.truth);
    if (effect.type === 'forget') this.storage.forget(effect.ids);
    if (effect.type === 'saveSetup') this.storage.saveSetup(false);
    if (effect.type === 'rememberPause') this.browser.paused = effect.paused;
    if (effect.type === 'rememberViewed') this.browser.viewed = effect.id;
    if (effect.type === 'noteTask') this.browser.note = effect.id === null ? null : { ...effect, id: effect.id };
  }

  /** The person reloads, or closes the tab and comes back. */
  async reload(change: Partial<QueueSettings> = {}): Promise<Page> {
    this.browser.note = null;
    return this.die(change);
  }

  /** The page is killed at its work, and opened anew. */
  async die(change: Partial<QueueSettings> = {}): Promise<Page> {
    await this.storage.settled;
    return this.browser.visit({ ...this.state.settings, ...change });
  }

  drop(...ids: string[]): this {
    const photos = ids.map((id) => newPhoto(id, `${id}.jpg`, new Blob([id]), null));
    return this.send({ type: 'photosAdded', photos });
  }

  set(change: Partial<QueueSettings>): this {
    return this.send({ type: 'settingsChanged', settings: { ...this.state.settings, ...change } });
  }

  opened(id = this.state.currentId!): this {
    return this.send({ type: 'photoOpened', id, size: SIZE, format: 'image/png', metadata: ['EXIF'] });
  }

  /** The photo is opened for the first time in this visit: the worker, a new one, has found nothing on it, its file is shown. */
  looked(): this {
    this.opened();
    const { ticket } = this.state.stage;
    this.send({ type: 'resultComposed', ticket, purpose: 'look', found: false });
    if (this.asked.some(({ type }) => type === 'showResultFile'))
      this.send({ type: 'resultFileShown', ticket: this.state.stage.ticket, shown: true });
    return this;
  }

  running(): this {
    const task = this.state.task!;
    if (task.phase === 'opening') this.opened(task.id);
    return this.send({ type: 'modelReady', model: task.model! });
  }

  progressed(share: number): this {
    return this.send({ type: 'runProgressed', run: this.state.task!.run, share, msLeft: 1000 });
  }

  finished(residual = 4): this {
    return this.send({ type: 'runFinished', run: this.state.task!.run, ms: 500, residual });
  }

  /** Results are files now: those that the queue writes, and a lone one, which the export panel writes ahead. */
  kept(): this {
    const { photos, settings, encoding } = this.state;
    const lone = photos.filter(({ id, state, result }) => state === 'done' && !result && encoding[id] === undefined);
    const ahead = lone.map((photo) => [photo.id, resultKey(settings, photo)] as const);
    for (const [id, key] of [...Object.entries(encoding), ...ahead])
      this.send({ type: 'resultKept', id, key, file: new Blob([key]) });
    return this;
  }

  workThrough(): this {
    while (this.state.task) this.running().finished().kept();
    return this;
  }

  /** Photos that the network has run on in this visit. */
  derained(): string[] {
    return this.asked.flatMap((effect) => (effect.type === 'derain' ? [effect.job.photo] : []));
  }

  /** What the filmstrip says of each photo. */
  strip(): string[] {
    return this.state.photos.map((photo) => `${photo.id}: ${formatState(photo)}`);
  }

  /** What the label of the result on the stage says. */
  label(): string {
    const photo = currentPhoto(this.state)!;
    return resultLabel(photo, setupOf(this.state.settings, photo).strength);
  }
}

const first = (): Promise<Page> => new Browser().visit();

describe('a reload while a photo', () => {
  it('waits for its turn: it waits again', async () => {
    const page = await (await first()).drop('a', 'b').reload();
    expect(page.strip()).toEqual(['a: Opening …', 'b: Waiting']);
    expect(page.workThrough().strip()).toEqual(['a: Done in 0.5\u00a0s', 'b: Done in 0.5\u00a0s']);
  });

  it('is being opened: it is opened again', async () => {
    const before = (await first()).drop('a');
    expect(before.strip()).toEqual(['a: Opening …']);
    const page = await before.reload();
    expect([page.strip(), page.label()]).toEqual([['a: Opening …'], 'Computing …']);
    expect(page.asked).toContainEqual({ type: 'openPhoto', id: 'a' });
  });

  it('lacks a model: it says so again, and the model that comes starts it', async () => {
    const before = (await (await first()).set({ model: null, models: [] })).drop('a').opened();
    expect(before.strip()).toEqual(['a: No student chosen']);
    const page = (await before.reload()).opened();
    expect([page.strip(), page.label()]).toEqual([['a: No student chosen'], 'Original']);
    page.set({ model: 'shipped:swift', models: settings.models });
    expect(page.workThrough().strip()).toEqual(['a: Done in 0.5\u00a0s']);
  });

  it('is half derained: it begins anew, and never says that it is done', async () => {
    const before = (await first()).drop('a').running().progressed(0.4);
    expect(before.strip()).toEqual(['a: 40\u00a0% · about 1.0\u00a0s left']);
    const page = await before.reload();
    expect([page.strip(), page.label()]).toEqual([['a: Opening …'], 'Computing …']);
    page.running();
    expect([page.strip(), page.label()]).toEqual([['a: Preparing …'], 'Computing … 0\u00a0%']);
    expect(page.finished().label()).toBe('Derained');
  });

  it('is done and its result kept: it stands, from its file, and no network runs', async () => {
    const before = (await first()).drop('a').workThrough();
    const page = (await before.reload()).looked();
    expect([page.strip(), page.label()]).toEqual([['a: Done in 0.5\u00a0s'], 'Derained']);
    expect(page.asked.map(({ type }) => type)).toContain('showResultFile');
    expect(page.derained()).toEqual([]);
  });

  it('is done but its result still being written: it is done once more', async () => {
    const before = (await first()).drop('a', 'b').running().finished();
    expect(Object.keys(before.state.encoding)).toEqual(['a']);
    const page = await before.reload();
    expect(page.strip()).toEqual(['a: Opening …', 'b: Waiting']);
    expect(page.workThrough().derained()).toEqual(['a', 'b']);
  });

  it('is done, alone, and not yet written ahead: it is done once more', async () => {
    const page = await (await first()).drop('a').running().finished().reload();
    expect([page.strip(), page.label()]).toEqual([['a: Opening …'], 'Computing …']);
    expect(page.workThrough().derained()).toEqual(['a']);
  });

  it('is done and little rain was found: that is still said', async () => {
    const before = (await first()).drop('a').running().finished(0.1).kept();
    const page = (await before.reload()).opened();
    expect([page.strip(), page.label()]).toEqual([
      ['a: Done in 0.5\u00a0s · little rain was found'],
      'Little rain was found',
    ]);
  });

  it('is cancelled in mid-run: it stays so, with nothing of its result, until it is tried again', async () => {
    const before = (await first()).drop('a').running().progressed(0.4);
    before.send({ type: 'photoCancelled', id: 'a' });
    expect([before.strip(), before.label()]).toEqual([['a: Cancelled'], 'Stopped at 40\u00a0%']);
    const page = (await before.reload()).opened();
    expect([page.strip(), page.label()]).toEqual([['a: Cancelled'], 'Original']);
    expect(page.derained()).toEqual([]);
    page.send({ type: 'photoRetried', id: 'a' });
    expect(page.workThrough().strip()).toEqual(['a: Done in 0.5\u00a0s']);
  });

  it('has failed: it stays so, with the reason', async () => {
    const before = (await first()).drop('a').running();
    before.send({ type: 'runFailed', run: before.state.task!.run, error: WRONG });
    const page = await before.reload();
    expect([page.strip(), page.label()]).toEqual([['a: Failed'], 'Original']);
    expect(page.state.photos[0]!.error).toEqual(WRONG);
  });

  it('was refused: it stays so, with the reason, and is not opened', async () => {
    const before = (await first()).drop('a').send({ type: 'fileChecked', id: 'a', error: WRONG });
    const page = await before.reload();
    expect([page.strip(), page.label()]).toEqual([['a: Can’t open'], 'Original']);
    expect(page.state.photos[0]!.error).toEqual(WRONG);
    expect(page.asked.filter(({ type }) => type === 'openPhoto' || type === 'checkFile')).toEqual([]);
  });

  it('kills the page: it is tried once more, then set aside, and the rest goes on', async () => {
    const once = await (await first()).drop('a', 'b').running().die();
    expect(once.strip()).toEqual(['a: Opening …', 'b: Waiting']);
    const twice = await once.running().die();
    expect(twice.strip()).toEqual(['a: Failed', 'b: Opening …']);
    expect(twice.state.photos[0]!.error!.reason).toBe('The page stopped 2 times on this photo, so it was set aside.');
    const later = await twice.workThrough().reload();
    expect(later.strip()).toEqual(['a: Failed', 'b: Done in 0.5\u00a0s']);
  });
});

describe('a reload of the queue', () => {
  it('that is paused: it stays paused, and resumes where it was', async () => {
    const before = (await first()).drop('a', 'b').running().finished().kept().send({ type: 'paused' });
    const page = await before.reload();
    expect(page.state).toMatchObject({ paused: true, otherModel: false, currentId: 'a', task: null });
    expect(page.strip()).toEqual(['a: Done in 0.5\u00a0s', 'b: Waiting']);
    page.send({ type: 'resumed' }).workThrough();
    expect([page.strip(), page.derained()]).toEqual([['a: Done in 0.5\u00a0s', 'b: Done in 0.5\u00a0s'], ['b']]);
  });

  it('with another model in the address: what waits asks first', async () => {
    const page = await (await first()).drop('a').running().reload({ model: 'shipped:fine' });
    expect(page.state).toMatchObject({ paused: true, otherModel: true, task: null });
    expect(page.strip()).toEqual(['a: Waiting']);
  });

  it('in the middle of a comparison: the result stands, and the comparison begins anew', async () => {
    const before = (await first()).drop('a').workThrough().set({ compare: 'shipped:fine' });
    before.send({ type: 'sideComposed', side: 'compare', ticket: before.state.sides.compare.ticket, found: false });
    before.running().progressed(0.4);
    expect(before.state.task!.kind).toBe('compare');
    const page = (await before.reload()).looked();
    expect(page.label()).toBe('Derained');
    page.send({ type: 'sideComposed', side: 'compare', ticket: page.state.sides.compare.ticket, found: false });
    page.running();
    expect(page.state.task).toMatchObject({ kind: 'compare', model: 'shipped:fine' });
    expect(sideLabel(page.state.sides.compare, 4, undefined)).toMatch(/^Computing .* 0\u00a0%$/);
  });

  it('in the middle of an export that computes a result once more: the result that is kept stands', async () => {
    const before = (await first()).drop('a', 'b').workThrough();
    before.send({ type: 'rerunRequested', id: 'b' }).running();
    expect(before.state.reruns).toMatchObject([{ id: 'b', status: 'running' }]);
    const page = await before.reload();
    expect(page.state.reruns).toEqual([]);
    expect(page.strip()).toEqual(['a: Done in 0.5\u00a0s', 'b: Done in 0.5\u00a0s']);
  });

  it('after the strength was changed: the result is computed for the new one', async () => {
    const before = (await first()).drop('a').workThrough().set({ strength: 60 });
    const page = (await before.reload()).looked();
    expect(page.asked.map(({ type }) => type)).not.toContain('showResultFile');
    expect(page.workThrough().label()).toBe('Derained, 60\u00a0%');
    expect(page.derained()).toEqual(['a']);
  });

  it('keeps what was chosen for one photo, what is protected, and the ground truth', async () => {
    const before = (await first()).drop('a').workThrough();
    const paint = { points: [1, 2], radius: 3, erases: false };
    before.send({ type: 'photoSetUp', id: 'a', own: { strength: 80 } });
    before.send({ type: 'protectionEdited', id: 'a', edit: { paint } });
    before.send({ type: 'truthGiven', id: 'a', truth: new Blob(['clean']) });
    const [photo] = (await before.reload()).state.photos;
    expect(photo).toMatchObject({ own: { strength: 80 }, protecting: { strokes: [paint] } });
    expect(await photo!.truth!.text()).toBe('clean');
  });

  it('shows the photo that was looked at last, done or waiting, and goes on with the others', async () => {
    const before = (await first()).drop('a', 'b', 'c').workThrough().send({ type: 'photoFocused', id: 'b' });
    const page = await before.reload();
    expect(page.state.currentId).toBe('b');
    page.send({ type: 'paused' }).drop('d', 'e').send({ type: 'photoFocused', id: 'e' });
    const later = await page.reload();
    expect([later.state.currentId, later.state.paused]).toEqual(['e', true]);
    later.send({ type: 'resumed' }).workThrough();
    expect(later.derained()).toEqual(['e', 'd']);
    expect(later.strip()).toHaveLength(5);
  });

  it('shows the first photo where the one looked at last is gone, or was of another tab', async () => {
    const before = (await first()).drop('a', 'b').workThrough();
    before.browser.viewed = 'of another tab';
    const page = await before.reload();
    expect([page.state.currentId, page.strip().length]).toEqual(['a', 2]);
    expect((await page.send({ type: 'allRemoved' }).reload()).browser.viewed).toBeNull();
  });

  it('from which a photo was removed, or in which one found no room: it is not there', async () => {
    const before = (await first()).drop('a', 'b').workThrough();
    before.send({ type: 'photoRemoved', id: 'a' });
    const page = await before.reload();
    expect(page.strip()).toEqual(['b: Done in 0.5\u00a0s']);
    page.browser.database.error = new DOMException('', 'QuotaExceededError');
    page.drop('c');
    const later = await page.reload();
    expect(later.strip()).toEqual(['b: Done in 0.5\u00a0s']);
  });
});
