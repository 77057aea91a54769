import { describe, expect, it } from 'vitest';
import type { Effect, QueueEvent } from './effects.ts';
import { reduce } from './reduce.ts';
import { resultKey, standingResult, visibleResult } from './resultFile.ts';
import { newPhoto, queueProgress } from './photo.ts';
import { emptyQueue, photoOf } from './state.ts';
import type { Photo } from './photo.ts';
import type { QueueSettings, QueueState } from './state.ts';

const SIZE = { width: 400, height: 300 };
const WRONG = { reason: 'This is not an image.', hint: 'Choose another file.' };
const file = (text = 'pixels'): Blob => new Blob([text]);
const named = (id: string): Photo => newPhoto(id, `${id}.jpg`, file(), null);

/** A queue as a person, a worker and a storage would drive it; what it wants done is kept for looking at. */
class Story {
  state: QueueState;
  /** Everything asked for since `forget`. */
  asked: Effect[] = [];

  constructor(settings: Partial<QueueSettings> = {}) {
    const models = ['shipped:swift', 'shipped:fine', 'file:1'];
    this.state = { ...emptyQueue, settings: { ...emptyQueue.settings, model: 'shipped:swift', models, ...settings } };
  }

  send(event: QueueEvent): this {
    const { state, effects } = reduce(this.state, event);
    this.state = state;
    this.asked.push(...effects);
    return this;
  }

  /** Drops photos with these ids. */
  drop(...ids: string[]): this {
    return this.send({ type: 'photosAdded', photos: ids.map(named) });
  }

  set(change: Partial<QueueSettings>): this {
    return this.send({ type: 'settingsChanged', settings: { ...this.state.settings, ...change } });
  }

  opened(id: string): this {
    return this.send({ type: 'photoOpened', id, size: SIZE, format: 'image/png', metadata: ['EXIF'] });
  }

  /** The task's photo is decoded and its model loaded: the network runs. */
  running(): this {
    const { id } = this.state.task!;
    if (this.state.task!.phase === 'opening') this.opened(id);
    return this.send({ type: 'modelReady', model: this.state.task!.model! });
  }

  get run(): number {
    return this.state.task!.run;
  }

  progressed(share: number): this {
    return this.send({ type: 'runProgressed', run: this.run, share, msLeft: 1000 });
  }

  /** The run under way ends well. */
  finished(ms = 500, residual: number | null = 4): this {
    return this.send({ type: 'runFinished', run: this.run, ms, residual });
  }

  /** Every result that is being written is there. */
  kept(): this {
    for (const [id, key] of Object.entries(this.state.encoding))
      this.send({ type: 'resultKept', id, key, file: file(key) });
    return this;
  }

  /** Works through everything that waits. */
  workThrough(): this {
    while (this.state.task) this.running().finished().kept();
    return this;
  }

  forget(): this {
    this.asked = [];
    return this;
  }

  wanted<Type extends Effect['type']>(type: Type): Extract<Effect, { type: Type }>[] {
    return this.asked.filter((effect): effect is Extract<Effect, { type: Type }> => effect.type === type);
  }

  states(): string {
    return this.state.photos.map(({ id, state }) => `${id} ${state}`).join(', ');
  }

  photo(id: string): Photo {
    return photoOf(this.state, id)!;
  }
}

describe('photos are dropped', () => {
  it('one after another is opened, derained and kept as a file; the worker holds those at hand only', () => {
    const story = new Story().drop('a', 'b');
    expect(story.state.currentId).toBe('a');
    expect(story.wanted('checkFile').map(({ id }) => id)).toEqual(['a', 'b']);
    expect(story.wanted('openPhoto')).toEqual([{ type: 'openPhoto', id: 'a' }]);
    story.opened('a');
    expect(story.photo('a')).toMatchObject({ state: 'opening', size: SIZE, type: 'image/png', metadata: ['EXIF'] });
    story.running();
    expect(story.states()).toBe('a working, b waiting');
    expect(story.wanted('derain')[0]).toMatchObject({
      layer: 'derained',
      job: { photo: 'a', model: 'shipped:swift', strength: 1, ensemble: false },
    });
    story.progressed(0.4);
    expect(story.photo('a')).toMatchObject({ share: 0.4, msLeft: 1000 });
    story.finished(600, 2.5);
    expect(story.photo('a')).toMatchObject({ state: 'done', share: 1, ms: 600, residual: 2.5, attempts: 0 });
    expect(story.state.speeds['shipped:swift']).toBeCloseTo(600 / (400 * 300));
    story.kept();
    expect(story.photo('a').result?.key).toBe(resultKey(story.state.settings, story.photo('a')));
    story.running();
    expect(story.wanted('derain')[1]?.job.photo).toBe('b');
    story.finished().kept();
    expect(story.states()).toBe('a done, b done');
    expect(story.wanted('closePhoto')).toEqual([{ type: 'closePhoto', id: 'b' }]);
    expect([...story.state.open]).toEqual(['a']);
    expect(queueProgress(story.state.photos)).toMatchObject({ total: 2, done: 2, open: 0, msLeft: null });
  });

  it('those that are none are refused at once, whatever stands before them, and the rest goes on', () => {
    const story = new Story().drop('a', 'notes', 'b', 'cut').running();
    story.send({ type: 'fileChecked', id: 'notes', error: WRONG });
    story.send({ type: 'fileChecked', id: 'b', error: null });
    story.send({ type: 'fileChecked', id: 'cut', error: WRONG });
    expect(story.states()).toBe('a working, notes refused, b waiting, cut refused');
    expect(story.photo('notes').error).toEqual(WRONG);
    story.workThrough();
    expect(story.states()).toBe('a done, notes refused, b done, cut refused');
    expect(
      story.wanted('openPhoto').map(({ id }) => id),
      'what was refused is never decoded',
    ).toEqual(['a', 'b']);
  });

  it('one that is being decoded when its header is refused is given up', () => {
    const story = new Story().drop('a', 'b').send({ type: 'fileChecked', id: 'a', error: WRONG });
    story.opened('a');
    expect(story.states()).toBe('a refused, b opening');
    const other = new Story().drop('a').send({ type: 'fileChecked', id: 'a', error: WRONG });
    other.send({ type: 'photoRefused', id: 'a', error: WRONG });
    expect(other.states()).toBe('a refused');
    expect(other.state.task).toBeNull();
  });

  it('what the decoder alone finds out is said too, and a late check changes nothing', () => {
    const story = new Story().drop('a', 'b').send({ type: 'photoRefused', id: 'a', error: WRONG });
    expect(story.states()).toBe('a refused, b opening');
    story.send({ type: 'openFailed', id: 'b', error: WRONG });
    expect(story.states()).toBe('a refused, b failed');
    story.send({ type: 'fileChecked', id: 'b', error: WRONG }).send({ type: 'fileChecked', id: 'gone', error: WRONG });
    expect(story.states()).toBe('a refused, b failed');
  });

  it('an empty drop is nothing', () => {
    expect(new Story().drop().state).toEqual(new Story().state);
  });

  it('a lone result is kept as a file when others come', () => {
    const story = new Story().drop('a').running().finished();
    expect(story.wanted('keepResult'), 'alone, the worker holds it').toEqual([]);
    story.drop('b');
    expect(story.wanted('keepResult').map(({ request }) => request.photo)).toEqual(['a']);
    expect([...story.state.open], 'and goes on holding it until it is written').toEqual(['a']);
    story.kept();
    expect([...story.state.open]).toEqual([]);
  });

  it('the photo looked at is done first, and one that nobody looks at gives way', () => {
    const story = new Story().drop('a', 'b', 'c').running();
    story.send({ type: 'photoFocused', id: 'c' });
    expect(story.wanted('cancelRun')).toHaveLength(1);
    expect(story.states()).toBe('a waiting, b waiting, c waiting');
    story.send({ type: 'runStopped', run: story.run });
    expect(story.states()).toBe('a waiting, b waiting, c opening');
    story.workThrough();
    expect(story.wanted('derain').map(({ job }) => job.photo)).toEqual(['a', 'c', 'a', 'b']);
  });

  it('one that was to give way and ended first is done all the same', () => {
    const story = new Story().drop('a', 'b').running().send({ type: 'photoFocused', id: 'b' });
    story.finished();
    expect(story.states()).toBe('a done, b opening');
  });
});

describe('without a model', () => {
  it('photos are opened and wait for one; its arrival starts them', () => {
    const story = new Story({ model: null, models: [] }).drop('a', 'b').opened('a').opened('b');
    expect(story.states()).toBe('a noModel, b noModel');
    expect(story.state.task).toBeNull();
    story.set({ model: 'shipped:swift' });
    expect(story.states()).toBe('a opening, b waiting');
    story.workThrough();
    expect(story.states()).toBe('a done, b done');
  });

  it('the next photo is not held up by one that is at hand already', () => {
    const story = new Story().drop('a', 'b').opened('a').set({ model: null });
    story.send({ type: 'modelReady', model: 'shipped:swift' });
    expect(story.states()).toBe('a noModel, b opening');
  });

  it('a model that cannot be used is named, and its photos wait for another', () => {
    const story = new Story().drop('a').opened('a');
    story.send({ type: 'modelRefused', model: 'shipped:swift', name: 'Swift', error: WRONG });
    expect(story.state.modelError).toEqual({ ...WRONG, name: 'Swift' });
    expect(story.states()).toBe('a noModel');
    story.set({ model: 'shipped:fine' });
    expect(story.state.modelError).toBeNull();
    expect(story.workThrough().states()).toBe('a done');
  });

  it('a model file that is refused disturbs nothing', () => {
    const story = new Story().drop('a').running();
    const error = { ...WRONG, name: 'short.safetensors' };
    expect(story.send({ type: 'modelFileOpened', error }).state.modelError).toEqual(error);
    expect(story.states()).toBe('a working');
    expect(story.send({ type: 'modelFileOpened', error: null }).state.modelError).toBeNull();
  });
});

describe('cancel, pause, try again', () => {
  it('cancels one, at whatever point it is', () => {
    const story = new Story().drop('a', 'b', 'c').send({ type: 'photoCancelled', id: 'b' });
    story.running().send({ type: 'photoCancelled', id: 'a' });
    expect(story.states()).toBe('a cancelled, b cancelled, c waiting');
    expect(story.wanted('cancelRun')).toHaveLength(1);
    story.progressed(0.9).finished();
    expect(story.states(), 'a result that came too late does not count').toBe('a cancelled, b cancelled, c opening');
    story.send({ type: 'photoCancelled', id: 'c' }).opened('c');
    expect(story.states(), 'nor does a photo that was being decoded run').toBe('a cancelled, b cancelled, c cancelled');
    expect(story.wanted('derain')).toHaveLength(1);
  });

  it('cancels one whose model is being loaded', () => {
    const story = new Story().drop('a').opened('a').send({ type: 'photoCancelled', id: 'a' });
    story.send({ type: 'modelReady', model: 'shipped:swift' });
    expect(story.state.task).toBeNull();
    expect(story.wanted('derain')).toEqual([]);
  });

  it('cancels all that waits or runs, and nothing else', () => {
    const story = new Story().drop('a', 'b', 'c').running().finished().kept().running();
    story.send({ type: 'paused' }).send({ type: 'allCancelled' });
    expect(story.states()).toBe('a done, b cancelled, c cancelled');
    expect(story.state.paused).toBe(false);
    story.send({ type: 'runStopped', run: story.run });
    expect(story.state.task).toBeNull();
    const idle = new Story().drop('a').running().finished().send({ type: 'allCancelled' });
    expect(idle.states()).toBe('a done');
  });

  it('tries one again, or all that was cancelled or failed', () => {
    const story = new Story().drop('a', 'b', 'c').running();
    story.send({ type: 'runFailed', run: story.run, error: WRONG });
    expect(story.photo('a')).toMatchObject({ state: 'failed', error: WRONG });
    story.send({ type: 'allCancelled' }).opened('b');
    expect(story.states()).toBe('a failed, b cancelled, c cancelled');
    story.send({ type: 'photoRetried', id: 'a' });
    expect(story.photo('a')).toMatchObject({ state: 'opening', error: null });
    story.workThrough().send({ type: 'allRetried' }).workThrough();
    expect(story.states()).toBe('a done, b done, c done');
  });

  it('pauses the queue: the photo under way waits, nothing is begun; resumes where it was', () => {
    const story = new Story().drop('a', 'b').running().send({ type: 'paused' });
    expect(story.states()).toBe('a waiting, b waiting');
    story.send({ type: 'runStopped', run: story.run });
    expect(story.state.task).toBeNull();
    expect(story.wanted('rememberPause')).toEqual([{ type: 'rememberPause', paused: true }]);
    story.send({ type: 'photoFocused', id: 'b' });
    expect(story.wanted('openPhoto').at(-1), 'it can be looked at').toEqual({ type: 'openPhoto', id: 'b' });
    expect(story.opened('b').states()).toBe('a waiting, b waiting');
    story.send({ type: 'resumed' }).workThrough();
    expect(story.states()).toBe('a done, b done');
    expect(story.wanted('derain').map(({ job }) => job.photo)).toEqual(['a', 'b', 'a']);
  });

  it('a run that ended of itself is begun again', () => {
    const story = new Story().drop('a').running();
    story.send({ type: 'runStopped', run: story.run });
    expect(story.states()).toBe('a opening');
    expect(story.workThrough().states()).toBe('a done');
  });
});

describe('the settings change', () => {
  it('another model in mid-run: everything is done again with it, what the old one says is ignored', () => {
    const story = new Story().drop('a', 'bad', 'c').running().finished().kept();
    story.send({ type: 'photoRefused', id: 'bad', error: WRONG }).running();
    const stale = story.run;
    story.set({ model: 'shipped:fine' });
    expect(story.states()).toBe('a waiting, bad refused, c waiting');
    expect(story.photo('a')).toMatchObject({ result: null, ms: null, residual: null, scores: null });
    story.send({ type: 'runProgressed', run: stale, share: 0.9, msLeft: 1 });
    expect(story.photo('c').share).toBe(0);
    story.send({ type: 'runFinished', run: stale, ms: 9, residual: 1 });
    expect(story.photo('c').state, 'the old model’s result is none').toBe('waiting');
    story.send({ type: 'runFinished', run: stale, ms: 9, residual: 1 });
    story.workThrough();
    expect(story.states()).toBe('a done, bad refused, c done');
    expect(story.wanted('derain').map(({ job }) => `${job.photo} ${job.model}`)).toEqual([
      'a shipped:swift',
      'c shipped:swift',
      'a shipped:fine',
      'c shipped:fine',
    ]);
  });

  it('of the photo on the stage the new run begins without decoding it again', () => {
    const story = new Story().drop('a').running().finished().forget().set({ ensemble: true });
    expect(story.wanted('openPhoto')).toEqual([]);
    expect(story.wanted('removeLayer')).toContainEqual({ type: 'removeLayer', layer: 'derained' });
    story.running();
    expect(story.wanted('derain')[0]!.job.ensemble).toBe(true);
    story.finished(8000);
    expect(story.state.speeds['shipped:swift'], 'of one pass').toBeCloseTo(1000 / (400 * 300));
  });

  it('a result that was being written when the model changed is not kept', () => {
    const story = new Story().drop('a', 'b').running().finished();
    const key = story.state.encoding['a']!;
    story.set({ model: 'shipped:fine' }).send({ type: 'resultKept', id: 'a', key, file: file() });
    expect(story.photo('a').result).toBeNull();
    story.running().finished();
    story.send({ type: 'resultKept', id: 'a', key, file: file() });
    expect(story.photo('a').result, 'not even once it is done again').toBeNull();
    story.kept();
    expect(story.photo('a').result?.key).toBe(resultKey(story.state.settings, story.photo('a')));
  });

  it('strength after completion: drawn anew, no network runs; the kept file no longer counts', () => {
    const story = new Story().drop('a', 'b').workThrough().forget().set({ strength: 50 });
    const [drawn] = story.wanted('composeResult');
    expect(drawn).toMatchObject({ id: 'a', layer: { strength: 0.5 }, purpose: 'strength' });
    story.send({ type: 'resultComposed', ticket: drawn!.ticket, purpose: 'strength', found: true });
    expect(story.wanted('derain')).toEqual([]);
    expect(standingResult(story.state, story.photo('a'))).toBeNull();
    expect(visibleResult(story.state, story.photo('a'))).toBeNull();
    story.set({ strength: 100 });
    expect(standingResult(story.state, story.photo('a'))).toBe(story.photo('a').result!.file);
  });

  it('strength during a run: the result is drawn once more at its end', () => {
    const story = new Story().drop('a').running().set({ strength: 130 });
    expect(story.wanted('composeResult')).toHaveLength(1);
    story.finished();
    expect(story.wanted('composeResult').at(-1)).toMatchObject({ layer: { strength: 1.3 }, purpose: 'strength' });
  });

  it('what is protected after completion: drawn anew, no network runs; the kept file no longer counts', () => {
    const story = new Story().drop('a', 'b').workThrough().forget();
    const paint = { erases: false, radius: 9, points: [5, 5] };
    story.send({ type: 'protectionEdited', id: 'a', edit: { paint } });
    expect(story.wanted('composeResult')).toMatchObject([
      { id: 'a', layer: { strength: 1, protection: [paint] }, purpose: 'strength' },
    ]);
    expect(story.wanted('save'), 'it survives a reload').toMatchObject([{ id: 'a' }]);
    expect([story.wanted('derain'), standingResult(story.state, story.photo('a'))]).toEqual([[], null]);
    expect(standingResult(story.state, story.photo('b')), 'of this photo alone').not.toBeNull();
    story.send({ type: 'protectionEdited', id: 'a', edit: 'undo' });
    expect(standingResult(story.state, story.photo('a'))).not.toBeNull();
  });

  it('what is protected is left alone by the run itself, by its file, and in every comparison', () => {
    const story = new Story({ compare: 'shipped:fine' }).drop('a', 'b').opened('a');
    const protection = [{ erases: false, radius: 9, points: [5, 5] }];
    story.send({ type: 'protectionEdited', id: 'a', edit: { paint: protection[0]! } }).running();
    expect(story.wanted('derain')[0]!.job).toMatchObject({ photo: 'a', protection });
    story.finished();
    expect(story.wanted('keepResult')[0]!.request).toMatchObject({ photo: 'a', layer: { strength: 1, protection } });
    expect(story.wanted('composeSide').at(-1)).toMatchObject({ model: 'shipped:fine', layer: { protection } });
    expect(story.wanted('composeResult'), 'the run drew it so').toEqual([]);
    story.workThrough();
    expect(story.wanted('derain').find(({ job }) => job.photo === 'b')!.job.protection).toBeUndefined();
  });

  it('what is protected during a run: the result is drawn once more at its end', () => {
    const story = new Story().drop('a').running();
    story.send({ type: 'protectionEdited', id: 'a', edit: { paint: { erases: false, radius: 9, points: [5, 5] } } });
    story.forget().finished();
    expect(story.wanted('composeResult')).toHaveLength(1);
  });

  it('strength while nothing of the photo is there changes nothing yet', () => {
    const story = new Story().drop('a').set({ strength: 10 });
    expect(story.wanted('composeResult')).toEqual([]);
    expect(new Story().set({ strength: 10 }).wanted('composeResult')).toEqual([]);
  });

  it('another format: the kept file still shows what is asked for, but is to be written anew', () => {
    const story = new Story().drop('a', 'b').workThrough();
    story.set({ save: { ...story.state.settings.save, format: 'image/jpeg' } });
    expect(standingResult(story.state, story.photo('b'))).toBeNull();
    expect(visibleResult(story.state, story.photo('b'))).toBe(story.photo('b').result!.file);
    expect(story.states()).toBe('a done, b done');
    const key = resultKey(story.state.settings, story.photo('a'));
    story.send({ type: 'resultKept', id: 'b', key, file: file('jpeg') });
    expect(standingResult(story.state, story.photo('b')), 'written by the export').not.toBeNull();
  });

  it('each photo is written as the kind of file that it came as', () => {
    const story = new Story().drop('a', 'b');
    const open = (id: string, format: string): Story =>
      story.send({ type: 'photoOpened', id, size: SIZE, format, metadata: [] });
    open('a', 'image/jpeg').running().finished();
    open('b', 'image/avif').running().finished();
    expect(story.wanted('keepResult').map(({ request }) => request.format)).toEqual(['image/jpeg', 'image/png']);
    expect(story.photo('a').result).toBeNull();
    story.kept();
    expect(standingResult(story.state, story.photo('a'))).not.toBeNull();
  });

  it('a result whose model was deleted cannot be recomputed and is kept', () => {
    const story = new Story({ model: 'file:1' }).drop('a', 'b').workThrough();
    const { result } = story.photo('b');
    const later = new Story({ models: ['shipped:swift'] });
    later.send({
      type: 'restored',
      photos: [{ ...story.photo('b') }],
      model: 'shipped:swift',
      paused: false,
      viewed: null,
    });
    expect(standingResult(later.state, later.photo('b'))).toBe(result!.file);
    expect(visibleResult(later.state, later.photo('b'))).toBe(result!.file);
  });

  it('little is asked of photos without results', () => {
    const story = new Story().drop('a');
    expect([standingResult(story.state, story.photo('a')), visibleResult(story.state, story.photo('a'))]).toEqual([
      null,
      null,
    ]);
  });
});
