import { describe, expect, it } from 'vitest';
import type { Effect, QueueEvent } from './effects.ts';
import { reduce } from './reduce.ts';
import { emptyQueue, newPhoto, photoOf, resultKey } from './state.ts';
import type { Photo, QueueSettings, QueueState } from './state.ts';

const SIZE = { width: 400, height: 300 };
const models = ['shipped:swift', 'shipped:fine', 'file:1'];
const settings: QueueSettings = { ...emptyQueue.settings, model: 'shipped:swift', models };
const truth = new Blob(['clean']);

/** Sends events to a state, and shows what came of them. */
class Desk {
  asked: Effect[] = [];
  constructor(public state: QueueState) {}

  send(event: QueueEvent): this {
    const { state, effects } = reduce(this.state, event);
    this.state = state;
    this.asked.push(...effects);
    return this;
  }

  set(change: Partial<QueueSettings>): this {
    return this.send({ type: 'settingsChanged', settings: { ...this.state.settings, ...change } });
  }

  last<Type extends Effect['type']>(type: Type): Extract<Effect, { type: Type }> | undefined {
    return this.asked.findLast((effect): effect is Extract<Effect, { type: Type }> => effect.type === type);
  }

  opened(id: string): this {
    return this.send({ type: 'photoOpened', id, size: SIZE, metadata: [] });
  }

  composed(found: boolean): this {
    const { ticket, purpose } = this.last('composeResult')!;
    return this.send({ type: 'resultComposed', ticket, purpose, found });
  }

  sideComposed(found: boolean): this {
    const { side, ticket } = this.last('composeSide')!;
    return this.send({ type: 'sideComposed', side, ticket, found });
  }

  /** The task's model is loaded. */
  ready(): this {
    return this.send({ type: 'modelReady', model: this.state.task!.model! });
  }

  get photo(): Photo {
    return photoOf(this.state, this.state.currentId)!;
  }
}

/** A finished photo 'a' on the stage, and another one, 'b', behind it. */
function looking(change: Partial<QueueSettings> = {}, photo: Partial<Photo> = {}): Desk {
  const result = { key: resultKey(settings), file: new Blob(['png'], { type: 'image/png' }) };
  const done = (id: string): Photo => ({
    ...newPhoto(id, `${id}.png`, new Blob(), null),
    state: 'done',
    size: SIZE,
    ms: 100,
    share: 1,
    result,
    ...photo,
  });
  const desk = new Desk({
    ...emptyQueue,
    settings: { ...settings, ...change },
    photos: [done('a'), done('b')],
    currentId: 'a',
    open: new Set(['a']),
    stage: { original: true, derained: 'worker', ticket: 1 },
    serial: 1,
  });
  return desk;
}

describe('another photo comes to the stage', () => {
  it('and what the worker found on it is drawn again', () => {
    const desk = looking({ compare: 'rainMap' }).send({ type: 'photoFocused', id: 'b' });
    expect(desk.asked.map(({ type }) => type)).toEqual(['clearStage', 'openPhoto', 'closePhoto', 'noteTask']);
    desk.opened('b').composed(true);
    expect(desk.state.stage).toMatchObject({ original: true, derained: 'worker' });
    expect(desk.last('composeSide'), 'then what it is compared with').toMatchObject({ id: 'b', side: 'compare' });
    expect(desk.photo.state).toBe('done');
  });

  it('or its kept file, when the worker has let go of it', () => {
    const desk = looking().send({ type: 'photoFocused', id: 'b' }).opened('b').composed(false);
    const { ticket, file } = desk.last('showResultFile')!;
    expect(file).toBe(desk.photo.result!.file);
    desk.send({ type: 'resultFileShown', ticket, shown: true });
    expect(desk.state.stage.derained).toBe('file');
    expect(desk.photo.state).toBe('done');
  });

  it('or it is done once more, when there is no file of it or the file is damaged', () => {
    const none = looking({}, { result: null }).send({ type: 'photoFocused', id: 'b' }).opened('b').composed(false);
    expect(none.photo.state).toBe('opening');
    const damaged = looking().send({ type: 'photoFocused', id: 'b' }).opened('b').composed(false);
    const { ticket } = damaged.last('showResultFile')!;
    damaged.send({ type: 'resultFileShown', ticket, shown: false });
    expect(damaged.photo.state).toBe('opening');
  });

  it('and a strength that is moved while it still comes, is what it comes with', () => {
    const coming = (): Desk => looking().send({ type: 'photoFocused', id: 'b' });
    const decoding = coming().set({ strength: 50 }).opened('b');
    expect(decoding.last('composeResult')).toMatchObject({ strength: 0.5 });
    expect(decoding.composed(false).photo.state, 'no file shows that strength: it is done once more').toBe('opening');

    const asked = coming().opened('b').set({ strength: 50 });
    const [first, second] = asked.asked.filter((effect) => effect.type === 'composeResult');
    asked.send({ type: 'resultComposed', ticket: first!.ticket, purpose: 'look', found: false });
    expect(asked.last('showResultFile'), 'the file of the old strength is not wanted any more').toBeUndefined();
    asked.send({ type: 'resultComposed', ticket: second!.ticket, purpose: second!.purpose, found: false });
    expect(asked.photo.state).toBe('opening');

    const file = coming().opened('b').composed(false).set({ strength: 50 });
    const { ticket } = file.last('showResultFile')!;
    file.send({ type: 'resultFileShown', ticket, shown: true }).composed(false);
    expect(file.photo.state).toBe('opening');
    file.ready().send({ type: 'runFinished', run: file.state.task!.run, ms: 1, residual: 1 });
    expect(file.photo.state).toBe('done');

    const back = coming().opened('b').set({ strength: 50 }).set({ strength: 100 }).composed(false);
    expect(back.last('showResultFile'), 'moved there and back, the file will do').toMatchObject({ id: 'b' });
    expect(back.photo.state).toBe('done');
  });

  it('and a rain map that is asked for while it still comes is drawn when it has come', () => {
    const desk = looking().send({ type: 'photoFocused', id: 'b' }).set({ compare: 'rainMap' }).opened('b');
    expect(desk.last('composeSide'), 'the worker has nothing to draw it from yet').toBeUndefined();
    desk.composed(true);
    expect(desk.last('composeSide')).toMatchObject({ id: 'b', side: 'compare' });
    expect(desk.sideComposed(true).state.sides.compare.status).toBe('ready');
  });

  it('answers for the photo before it are ignored', () => {
    const desk = looking().send({ type: 'photoFocused', id: 'b' }).opened('b').composed(false);
    const stale = desk.last('showResultFile')!.ticket;
    const compose = desk.last('composeResult')!;
    desk.send({ type: 'photoFocused', id: 'a' }).opened('a');
    const before = desk.state;
    desk.send({ type: 'resultFileShown', ticket: stale, shown: false });
    desk.send({ type: 'resultComposed', ticket: compose.ticket, purpose: 'look', found: false });
    desk.send({ type: 'sideComposed', side: 'compare', ticket: stale, found: false });
    desk.send({ type: 'sideFailed', side: 'compare', ticket: stale });
    expect(desk.state).toEqual(before);
  });

  it('one that is being worked on shows what is there, and goes on', () => {
    const desk = new Desk({ ...emptyQueue, settings });
    desk.send({ type: 'photosAdded', photos: ['a', 'b'].map((id) => newPhoto(id, id, new Blob(), null)) });
    desk.send({ type: 'photoCancelled', id: 'b' });
    desk.opened('a').ready().send({ type: 'photoFocused', id: 'b' });
    expect(desk.state.task, 'b needs no device').toMatchObject({ id: 'a', stopping: false });
    desk.opened('b').composed(true).send({ type: 'photoFocused', id: 'a' }).opened('a');
    expect(desk.last('composeResult')).toMatchObject({ id: 'a', purpose: 'look' });
    desk.composed(false);
    expect(desk.photo.state).toBe('working');
  });

  it('looking at the same photo, or at one that is gone, changes nothing', () => {
    const desk = looking();
    const before = desk.state;
    desk.send({ type: 'photoFocused', id: 'a' }).send({ type: 'photoFocused', id: 'gone' });
    expect(desk.state).toBe(before);
  });

  it('a refused one shows its reason, and nothing is opened', () => {
    const desk = looking();
    desk.state = {
      ...desk.state,
      photos: desk.state.photos.map((one) => (one.id === 'b' ? { ...one, state: 'refused' } : one)),
    };
    desk.send({ type: 'photoFocused', id: 'b' });
    expect(desk.last('openPhoto')).toBeUndefined();
    expect(desk.last('clearStage')).toBeDefined();
  });
});

describe('what the result is compared with', () => {
  it('another model runs, its progress never goes back, and then it is there', () => {
    const desk = looking().set({ compare: 'shipped:fine' });
    expect(desk.last('composeSide')).toMatchObject({ model: 'shipped:fine', layer: { kind: 'derained', strength: 1 } });
    expect(desk.state.sides.compare.status).toBe('composing');
    desk.sideComposed(false);
    expect(desk.state.task).toMatchObject({ kind: 'compare', model: 'shipped:fine' });
    desk.ready();
    const { run, layer } = desk.last('derain')!;
    expect(layer).toBe('compare');
    const shares = [0, 0.48, 0, 0.3, 0.6].map((share) => {
      desk.send({ type: 'runProgressed', run, share, msLeft: 1 });
      return desk.state.sides.compare.share;
    });
    expect(shares).toEqual([0, 0.48, 0.48, 0.48, 0.6]);
    desk.send({ type: 'runFinished', run, ms: 5, residual: null });
    expect(desk.state.sides.compare).toMatchObject({ status: 'ready', share: 1 });
    expect(desk.photo, 'the photo itself is as it was').toMatchObject({ state: 'done', ms: 100 });
  });

  it('one that was found before needs no run', () => {
    const desk = looking().set({ show: 'shipped:fine' }).sideComposed(true);
    expect(desk.state.sides.shown.status).toBe('ready');
    expect(desk.state.task).toBeNull();
  });

  it('the run of a photo that nobody looks at gives way to it, and comes after it', () => {
    const desk = looking();
    desk.state = { ...desk.state, photos: [...desk.state.photos, newPhoto('c', 'c', new Blob(), null)] };
    desk.set({ gain: 5 }); // Anything: the waiting photo is begun.
    desk.opened('c').ready();
    desk.set({ compare: 'shipped:fine' }).sideComposed(false);
    expect(desk.last('cancelRun')).toBeDefined();
    desk.send({ type: 'runStopped', run: desk.state.task!.run });
    expect(desk.state.task).toMatchObject({ kind: 'compare', id: 'a' });
    desk.ready().send({ type: 'runFinished', run: desk.state.task!.run, ms: 1, residual: null });
    expect(desk.state.task).toMatchObject({ kind: 'photo', id: 'c' });
  });

  it('something else is chosen in mid-run: the run ends, and what it says is ignored', () => {
    const desk = looking().set({ compare: 'shipped:fine' }).sideComposed(false).ready();
    const { run } = desk.last('derain')!;
    desk.set({ compare: 'rainMap' });
    expect(desk.last('cancelRun')).toBeDefined();
    desk.send({ type: 'runProgressed', run, share: 0.9, msLeft: 1 });
    expect(desk.state.sides.compare).toMatchObject({ what: 'rainMap', share: 0 });
    desk.send({ type: 'runFinished', run, ms: 1, residual: null }).sideComposed(true);
    expect(desk.state.sides.compare).toMatchObject({ what: 'rainMap', status: 'ready' });
  });

  it('another photo comes in mid-run: the run ends for good', () => {
    const desk = looking().set({ compare: 'shipped:fine' }).sideComposed(false).ready();
    const { run } = desk.last('derain')!;
    desk.send({ type: 'photoFocused', id: 'b' }).send({ type: 'runStopped', run });
    expect(desk.state.sides.compare.status).toBe('none');
    expect(desk.state.task).toBeNull();
  });

  it('one that fails is said to, and tried again only after something else was looked at', () => {
    const desk = looking().set({ compare: 'shipped:fine' }).sideComposed(false).ready();
    desk.send({ type: 'runFailed', run: desk.state.task!.run, error: { reason: 'No.', advice: 'Yes.' } });
    expect(desk.state.sides.compare.status).toBe('failed');
    expect(desk.set({ strength: 90 }).state.sides.compare.status).toBe('failed');
    desk.set({ compare: 'original' }).set({ compare: 'shipped:fine' });
    expect(desk.state.sides.compare.status).toBe('composing');
    const refused = looking().set({ compare: 'shipped:fine' }).sideComposed(false);
    refused.send({
      type: 'modelRefused',
      model: 'shipped:fine',
      name: 'Fine',
      error: { reason: 'No.', advice: 'Yes.' },
    });
    expect(refused.state.sides.compare.status).toBe('failed');
    expect(refused.state.modelError, 'the photo has its own model').toBeNull();
  });

  it('a run that stopped of itself waits for its turn again', () => {
    const desk = looking().set({ compare: 'shipped:fine' }).sideComposed(false).ready();
    const { run } = desk.last('derain')!;
    desk.send({ type: 'runStopped', run });
    expect(desk.state.task).toMatchObject({ kind: 'compare', phase: 'preparing' });
    expect(desk.state.task!.run).not.toBe(run);
  });

  it('the strength moves another model’s result too', () => {
    const desk = looking().set({ compare: 'shipped:fine' }).sideComposed(true).set({ strength: 40 });
    expect(desk.last('composeSide')).toMatchObject({ model: 'shipped:fine', layer: { strength: 0.4 } });
  });

  it('the rain map comes from the photo’s own run; its brightness changes without beginning anew', () => {
    const desk = looking().set({ compare: 'rainMap' }).sideComposed(true);
    desk.asked = [];
    desk.set({ gain: 9 });
    expect(desk.last('composeSide')).toMatchObject({ layer: { kind: 'rainMap', gain: 9 } });
    expect(desk.last('beginLayer')).toBeUndefined();
    desk.sideComposed(false);
    expect(desk.state.sides.compare.status, 'the worker should have it').toBe('failed');
  });

  it('of a result that came from its file the rain map needs a run, and so does another strength', () => {
    const fromFile = (): Desk => {
      const desk = looking().send({ type: 'photoFocused', id: 'b' }).opened('b').composed(false);
      return desk.send({ type: 'resultFileShown', ticket: desk.last('showResultFile')!.ticket, shown: true });
    };
    const map = fromFile().set({ compare: 'rainMap' }).sideComposed(false);
    expect(map.photo.state).toBe('opening');
    const weaker = fromFile().set({ strength: 50 }).composed(false);
    expect(weaker.photo.state).toBe('opening');
    weaker.ready().send({ type: 'runFinished', run: weaker.state.task!.run, ms: 1, residual: 1 });
    expect(weaker.photo.state).toBe('done');
  });

  it('a strength that the worker was overtaken at is drawn by the newer request', () => {
    const desk = looking().set({ strength: 50 });
    const first = desk.last('composeResult')!;
    desk
      .set({ strength: 60 })
      .send({ type: 'resultComposed', ticket: first.ticket, purpose: 'strength', found: false });
    expect(desk.photo.state).toBe('done');
    expect(desk.composed(false).photo.state, 'and one that is refused leaves all as it is').toBe('done');
  });

  it('the ground truth is shown and measured against', () => {
    const desk = looking({ compare: 'truth' }).send({ type: 'truthGiven', id: 'a', truth });
    expect(desk.last('score')).toMatchObject({ id: 'a', model: 'shipped:swift', strength: 100, truth });
    expect(desk.last('showTruth')).toMatchObject({ side: 'compare', truth });
    expect(desk.last('saveTruth')).toMatchObject({ id: 'a', truth });
    const scores = { refused: false } as NonNullable<Photo['scores']>;
    desk.send({ type: 'scored', id: 'a', strength: 100, scores });
    expect(desk.photo.scores).toBe(scores);
    desk.set({ strength: 80 }).composed(true);
    expect(desk.last('score')).toMatchObject({ strength: 80 });
    desk.send({ type: 'scored', id: 'a', strength: 100, scores: null });
    expect(desk.photo.scores, 'figures of another strength are out of date').toBe(scores);
  });

  it('a ground truth of another size lies nowhere', () => {
    const desk = looking({ compare: 'truth' }, { truth }).set({ show: 'truth' });
    const { side, ticket } = desk.last('showTruth')!;
    desk.send({ type: 'sideFailed', side, ticket });
    expect(desk.state.sides[side].status).toBe('failed');
    expect(desk.last('removeLayer')).toEqual({ type: 'removeLayer', layer: side });
  });

  it('a truth for a photo behind, or for one that is not done, waits', () => {
    const desk = looking({ compare: 'truth' });
    desk.state = { ...desk.state, photos: desk.state.photos.map((one) => ({ ...one, state: 'cancelled' as const })) };
    desk.send({ type: 'truthGiven', id: 'b', truth }).send({ type: 'truthGiven', id: 'a', truth });
    expect([desk.last('score'), desk.last('showTruth')]).toEqual([undefined, undefined]);
  });

  it('a finished run is measured and compared by itself', () => {
    const desk = new Desk({ ...emptyQueue, settings: { ...settings, compare: 'truth' } });
    desk.send({ type: 'photosAdded', photos: [{ ...newPhoto('a', 'a', new Blob(), truth) }] });
    desk.opened('a').ready();
    desk.send({ type: 'runFinished', run: desk.state.task!.run, ms: 1, residual: 1 });
    expect(desk.last('score')).toMatchObject({ id: 'a' });
    expect(desk.last('showTruth')).toMatchObject({ side: 'compare' });
  });
});

describe('where the person looks', () => {
  it('is told to a run of the photo on the stage, and to no other', () => {
    const desk = new Desk({ ...emptyQueue, settings }).send({ type: 'viewMoved' });
    desk.send({ type: 'photosAdded', photos: ['a', 'b'].map((id) => newPhoto(id, id, new Blob(), null)) });
    desk.opened('a').send({ type: 'viewMoved' });
    expect(desk.last('moveFocus'), 'it does not run yet').toBeUndefined();
    desk.ready().send({ type: 'viewMoved' });
    expect(desk.last('moveFocus')).toEqual({ type: 'moveFocus', id: 'a', size: SIZE });
    desk.send({ type: 'photoCancelled', id: 'b' }).send({ type: 'photoFocused', id: 'b' }).opened('b');
    desk.asked = [];
    expect(desk.send({ type: 'viewMoved' }).last('moveFocus')).toBeUndefined();
  });
});
