import { beforeEach, describe, expect, it } from 'vitest';
import type { Effect, QueueEvent } from './effects.ts';
import { reduce } from './reduce.ts';
import { standingResult } from './resultFile.ts';
import { newPhoto } from './photo.ts';
import { emptyQueue, photoOf, setupOf } from './state.ts';
import type { Photo } from './photo.ts';
import type { QueueSettings, QueueState } from './state.ts';

const size = { width: 40, height: 30 };
const [SWIFT, FINE, BROAD] = ['shipped:swift', 'shipped:fine', 'shipped:broad'];
let state: QueueState;
let asked: Effect[];

function send(...events: QueueEvent[]): void {
  for (const event of events) {
    const next = reduce(state, event);
    state = next.state;
    asked.push(...next.effects);
  }
}

const set = (change: Partial<QueueSettings>): void =>
  send({ type: 'settingsChanged', settings: { ...state.settings, ...change } });
const photo = (id: string): Photo => photoOf(state, id)!;
const models = (): (string | null)[] => state.photos.map((one) => setupOf(state.settings, one).model);
const states = (): string => state.photos.map(({ id, state: where }) => `${id} ${where}`).join(', ');
const derained = (): string[] =>
  asked.flatMap((effect) =>
    effect.type === 'derain' ? [`${effect.job.photo} ${effect.job.model} ${effect.job.strength}`] : [],
  );

/** The task runs to its end, its file too. */
function finishOne(): void {
  const { id, phase } = state.task!;
  if (phase === 'opening') send({ type: 'photoOpened', id, size, format: 'image/png', metadata: [] });
  send({ type: 'modelReady', model: state.task!.model! });
  send({ type: 'runFinished', run: state.task!.run, ms: 5, residual: 3 });
  for (const [of, key] of Object.entries(state.encoding))
    send({ type: 'resultKept', id: of, key, file: new Blob([key], { type: 'image/png' }) });
}

function finishAll(): void {
  while (state.task) finishOne();
}

/** Photos a, b and c, done with Swift. */
beforeEach(() => {
  asked = [];
  state = {
    ...emptyQueue,
    settings: { ...emptyQueue.settings, model: SWIFT, isModelChosen: true, models: [BROAD, SWIFT, FINE] },
  };
  send({ type: 'photosAdded', photos: ['a', 'b', 'c'].map((id) => newPhoto(id, id, new Blob([id]), null)) });
  finishAll();
  asked = [];
});

describe('a choice for one photo', () => {
  it('of another model does that photo again, and no other', () => {
    send({ type: 'photoSetUp', id: 'b', own: { model: FINE } });
    expect(states()).toBe('a done, b opening, c done');
    finishAll();
    expect(derained()).toEqual(['b shipped:fine 1']);
    expect(models()).toEqual([SWIFT, FINE, SWIFT]);
    expect(state.photos.map((one) => standingResult(state, one) !== null)).toEqual([true, true, true]);
  });

  it('of another strength draws it anew; the other results stand', () => {
    send({ type: 'photoSetUp', id: 'a', own: { strength: 60 } });
    expect(asked.filter(({ type }) => type === 'composeResult')).toMatchObject([{ id: 'a', layer: { strength: 0.6 } }]);
    expect(derained()).toEqual([]);
    expect(state.photos.map((one) => standingResult(state, one) !== null)).toEqual([false, true, true]);
  });

  it('stands while the queue’s own settings change, and is stored', () => {
    send({ type: 'photoSetUp', id: 'b', own: { model: FINE, strength: 60 } });
    expect(asked).toContainEqual({ type: 'save', id: 'b' });
    finishAll();
    asked = [];
    set({ model: BROAD, strength: 90 });
    finishAll();
    expect(derained()).toEqual(['a shipped:broad 0.9', 'c shipped:broad 0.9']);
    expect(setupOf(state.settings, photo('b'))).toEqual({ model: FINE, strength: 60, ensemble: false });
  });

  it('of a model that is gone does not count any more', () => {
    send({ type: 'photoSetUp', id: 'b', own: { model: FINE } });
    finishAll();
    set({ models: [BROAD, SWIFT] });
    expect(models()).toEqual([SWIFT, SWIFT, SWIFT]);
    expect(photo('b').state).not.toBe('done');
  });

  it('interrupts its own run only', () => {
    set({ model: BROAD });
    expect(states()).toBe('a opening, b waiting, c waiting');
    const run = state.task!.run;
    send({ type: 'photoSetUp', id: 'c', own: { model: FINE } });
    expect([state.task!.run, state.task!.stopping]).toEqual([run, false]);
    send({ type: 'photoSetUp', id: 'a', own: { model: FINE } });
    expect(state.task!.run === run && !state.task!.stopping).toBe(false);
  });
});

describe('a choice for all', () => {
  it('takes the photos’ own along, and does again what it changes', () => {
    send({ type: 'photoSetUp', id: 'b', own: { model: FINE, strength: 60 } });
    finishAll();
    asked = [];
    send({ type: 'allSetUp', change: { model: FINE } });
    finishAll();
    expect(derained()).toEqual(['a shipped:fine 1', 'c shipped:fine 1']);
    expect(setupOf(state.settings, photo('b')), 'its strength was not spoken of').toMatchObject({ strength: 60 });
    send({ type: 'allSetUp', change: { strength: 80 } });
    expect(state.photos.map((one) => setupOf(state.settings, one).strength)).toEqual([80, 80, 80]);
  });
});

describe('a model that suits the device', () => {
  const drop = (...ids: string[]): void =>
    send({ type: 'photosAdded', photos: ids.map((id) => newPhoto(id, id, new Blob([id]), null)) });

  beforeEach(() => {
    drop('d', 'e');
    state = { ...state, settings: { ...state.settings, isModelChosen: false } };
  });

  it('never changes what is done, nor parts the photos that came with it', () => {
    expect(states()).toMatch(/a done, b done, c done, d opening, e waiting/);
    set({ model: FINE });
    expect(models()).toEqual([SWIFT, SWIFT, SWIFT, SWIFT, SWIFT]);
    expect(states()).toMatch(/a done, b done, c done, d opening, e waiting/);
    finishAll();
    drop('f', 'g');
    finishAll();
    const swift = ['d shipped:swift 1', 'e shipped:swift 1'];
    expect(derained()).toEqual([...swift, 'f shipped:fine 1', 'g shipped:fine 1']);
  });

  it('known while the first photo of all is under way, is the model of that photo too', () => {
    finishAll();
    send({ type: 'allRemoved' });
    drop('f', 'g', 'h');
    send({ type: 'photoOpened', id: 'f', size, format: 'image/png', metadata: [] });
    send({ type: 'modelReady', model: SWIFT! });
    send({ type: 'runProgressed', run: state.task!.run, share: 0.2, msLeft: 9000 });
    set({ model: FINE });
    expect([state.task!.stopping, asked.some(({ type }) => type === 'cancelRun')]).toEqual([true, true]);
    send({ type: 'runStopped', run: state.task!.run });
    asked = [];
    finishAll();
    expect(models()).toEqual([FINE, FINE, FINE]);
    expect(derained()).toEqual(['f shipped:fine 1', 'g shipped:fine 1', 'h shipped:fine 1']);
  });

  it('gives way to a choice, which changes them', () => {
    set({ model: FINE, isModelChosen: true });
    expect(models()).toEqual([FINE, FINE, FINE, FINE, FINE]);
  });
});
