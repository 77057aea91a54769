import { describe, expect, it } from 'vitest';
import type { Effect, QueueEvent } from './effects.ts';
import { reduce } from './reduce.ts';
import { resultKey } from './resultFile.ts';
import { newPhoto } from './photo.ts';
import { emptyQueue, photoOf } from './state.ts';
import type { Photo } from './photo.ts';
import type { QueueSettings, QueueState } from './state.ts';

const SIZE = { width: 400, height: 300 };
const models = ['shipped:swift', 'shipped:fine', 'file:1'];
const settings: QueueSettings = { ...emptyQueue.settings, model: 'shipped:swift', models };
const truth = new Blob(['clean']);

/** Sends events to a state, and shows what came of them. */
class TestQueue {
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
    return this.send({ type: 'photoOpened', id, size: SIZE, format: 'image/png', metadata: [] });
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
function viewing(change: Partial<QueueSettings> = {}, photo: Partial<Photo> = {}): TestQueue {
  const result = {
    key: resultKey(settings, newPhoto('a', 'a.png', new Blob(), null)),
    file: new Blob(['png'], { type: 'image/png' }),
  };
  const done = (id: string): Photo => ({
    ...newPhoto(id, `${id}.png`, new Blob(), null),
    state: 'done',
    size: SIZE,
    ms: 100,
    share: 1,
    result,
    ...photo,
  });
  const queue = new TestQueue({
    ...emptyQueue,
    settings: { ...settings, ...change },
    photos: [done('a'), done('b')],
    currentId: 'a',
    open: new Set(['a']),
    stage: { original: true, derained: 'worker', ticket: 1 },
    serial: 1,
  });
  return queue;
}

describe('another photo comes to the stage', () => {
  it('and what the worker found on it is drawn again', () => {
    const queue = viewing({ compare: 'rainMap' }).send({ type: 'photoFocused', id: 'b' });
    expect(queue.asked.map(({ type }) => type)).toEqual([
      'clearStage',
      'openPhoto',
      'closePhoto',
      'rememberViewed',
      'noteTask',
    ]);
    queue.opened('b').composed(true);
    expect(queue.state.stage).toMatchObject({ original: true, derained: 'worker' });
    expect(queue.last('composeSide'), 'then what it is compared with').toMatchObject({ id: 'b', side: 'compare' });
    expect(queue.photo.state).toBe('done');
  });

  it('or its kept file, when the worker has let go of it', () => {
    const queue = viewing().send({ type: 'photoFocused', id: 'b' }).opened('b').composed(false);
    const { ticket, file } = queue.last('showResultFile')!;
    expect(file).toBe(queue.photo.result!.file);
    queue.send({ type: 'resultFileShown', ticket, shown: true });
    expect(queue.state.stage.derained).toBe('file');
    expect(queue.photo.state).toBe('done');
  });

  it('or it is done once more, when there is no file of it or the file is damaged', () => {
    const none = viewing({}, { result: null }).send({ type: 'photoFocused', id: 'b' }).opened('b').composed(false);
    expect(none.photo.state).toBe('opening');
    const damaged = viewing().send({ type: 'photoFocused', id: 'b' }).opened('b').composed(false);
    const { ticket } = damaged.last('showResultFile')!;
    damaged.send({ type: 'resultFileShown', ticket, shown: false });
    expect(damaged.photo.state).toBe('opening');
  });

  it('and a strength that is moved while it still comes, is what it comes with', () => {
    const coming = (): TestQueue => viewing().send({ type: 'photoFocused', id: 'b' });
    const decoding = coming().set({ strength: 50 }).opened('b');
    expect(decoding.last('composeResult')).toMatchObject({ layer: { strength: 0.5 } });
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
    const queue = viewing().send({ type: 'photoFocused', id: 'b' }).set({ compare: 'rainMap' }).opened('b');
    expect(queue.last('composeSide'), 'the worker has nothing to draw it from yet').toBeUndefined();
    queue.composed(true);
    expect(queue.last('composeSide')).toMatchObject({ id: 'b', side: 'compare' });
    expect(queue.sideComposed(true).state.sides.compare.status).toBe('ready');
  });

  it('answers for the photo before it are ignored', () => {
    const queue = viewing().send({ type: 'photoFocused', id: 'b' }).opened('b').composed(false);
    const stale = queue.last('showResultFile')!.ticket;
    const compose = queue.last('composeResult')!;
    queue.send({ type: 'photoFocused', id: 'a' }).opened('a');
    const before = queue.state;
    queue.send({ type: 'resultFileShown', ticket: stale, shown: false });
    queue.send({ type: 'resultComposed', ticket: compose.ticket, purpose: 'look', found: false });
    queue.send({ type: 'sideComposed', side: 'compare', ticket: stale, found: false });
    queue.send({ type: 'sideFailed', side: 'compare', ticket: stale });
    expect(queue.state).toEqual(before);
  });

  it('one that is being worked on shows what is there, and goes on', () => {
    const queue = new TestQueue({ ...emptyQueue, settings });
    queue.send({ type: 'photosAdded', photos: ['a', 'b'].map((id) => newPhoto(id, id, new Blob(), null)) });
    queue.send({ type: 'photoCancelled', id: 'b' });
    queue.opened('a').ready().send({ type: 'photoFocused', id: 'b' });
    expect(queue.state.task, 'b needs no device').toMatchObject({ id: 'a', stopping: false });
    queue.opened('b').composed(true).send({ type: 'photoFocused', id: 'a' }).opened('a');
    expect(queue.last('composeResult')).toMatchObject({ id: 'a', purpose: 'look' });
    queue.composed(false);
    expect(queue.photo.state).toBe('working');
  });

  it('looking at the same photo, or at one that is gone, changes nothing', () => {
    const queue = viewing();
    const before = queue.state;
    queue.send({ type: 'photoFocused', id: 'a' }).send({ type: 'photoFocused', id: 'gone' });
    expect(queue.state).toBe(before);
  });

  it('a refused one shows its reason, and nothing is opened', () => {
    const queue = viewing();
    queue.state = {
      ...queue.state,
      photos: queue.state.photos.map((one) => (one.id === 'b' ? { ...one, state: 'refused' } : one)),
    };
    queue.send({ type: 'photoFocused', id: 'b' });
    expect(queue.last('openPhoto')).toBeUndefined();
    expect(queue.last('clearStage')).toBeDefined();
  });
});

describe('what the result is compared with', () => {
  it('another model runs, its progress never goes back, and then it is there', () => {
    const queue = viewing().set({ compare: 'shipped:fine' });
    expect(queue.last('composeSide')).toMatchObject({
      model: 'shipped:fine',
      layer: { kind: 'derained', strength: 1 },
    });
    expect(queue.state.sides.compare.status).toBe('composing');
    queue.sideComposed(false);
    expect(queue.state.task).toMatchObject({ kind: 'compare', model: 'shipped:fine' });
    queue.ready();
    const { run, layer } = queue.last('derain')!;
    expect(layer).toBe('compare');
    const shares = [0, 0.48, 0, 0.3, 0.6].map((share) => {
      queue.send({ type: 'runProgressed', run, share, msLeft: 1 });
      return queue.state.sides.compare.share;
    });
    expect(shares).toEqual([0, 0.48, 0.48, 0.48, 0.6]);
    queue.send({ type: 'runFinished', run, ms: 5, residual: null });
    expect(queue.state.sides.compare).toMatchObject({ status: 'ready', share: 1 });
    expect(queue.photo, 'the photo itself is as it was').toMatchObject({ state: 'done', ms: 100 });
  });

  it('one that was found before needs no run', () => {
    const queue = viewing().set({ show: 'shipped:fine' }).sideComposed(true);
    expect(queue.state.sides.shown.status).toBe('ready');
    expect(queue.state.task).toBeNull();
  });

  it('the run of a photo that nobody looks at gives way to it, and comes after it', () => {
    const queue = viewing();
    queue.state = { ...queue.state, photos: [...queue.state.photos, newPhoto('c', 'c', new Blob(), null)] };
    queue.set({ gain: 5 }); // Anything: the waiting photo is begun.
    queue.opened('c').ready();
    queue.set({ compare: 'shipped:fine' }).sideComposed(false);
    expect(queue.last('cancelRun')).toBeDefined();
    queue.send({ type: 'runStopped', run: queue.state.task!.run });
    expect(queue.state.task).toMatchObject({ kind: 'compare', id: 'a' });
    queue.ready().send({ type: 'runFinished', run: queue.state.task!.run, ms: 1, residual: null });
    expect(queue.state.task).toMatchObject({ kind: 'photo', id: 'c' });
  });

  it('something else is chosen in mid-run: the run ends, and what it says is ignored', () => {
    const queue = viewing().set({ compare: 'shipped:fine' }).sideComposed(false).ready();
    const { run } = queue.last('derain')!;
    queue.set({ compare: 'rainMap' });
    expect(queue.last('cancelRun')).toBeDefined();
    queue.send({ type: 'runProgressed', run, share: 0.9, msLeft: 1 });
    expect(queue.state.sides.compare).toMatchObject({ what: 'rainMap', share: 0 });
    queue.send({ type: 'runFinished', run, ms: 1, residual: null }).sideComposed(true);
    expect(queue.state.sides.compare).toMatchObject({ what: 'rainMap', status: 'ready' });
  });

  it('another photo comes in mid-run: the run ends for good', () => {
    const queue = viewing().set({ compare: 'shipped:fine' }).sideComposed(false).ready();
    const { run } = queue.last('derain')!;
    queue.send({ type: 'photoFocused', id: 'b' }).send({ type: 'runStopped', run });
    expect(queue.state.sides.compare.status).toBe('none');
    expect(queue.state.task).toBeNull();
  });

  it('one that fails is said to, and tried again only after something else was looked at', () => {
    const queue = viewing().set({ compare: 'shipped:fine' }).sideComposed(false).ready();
    queue.send({ type: 'runFailed', run: queue.state.task!.run, error: { reason: 'No.', hint: 'Yes.' } });
    expect(queue.state.sides.compare.status).toBe('failed');
    expect(queue.set({ strength: 90 }).state.sides.compare.status).toBe('failed');
    queue.set({ compare: 'original' }).set({ compare: 'shipped:fine' });
    expect(queue.state.sides.compare.status).toBe('composing');
    const refused = viewing().set({ compare: 'shipped:fine' }).sideComposed(false);
    refused.send({
      type: 'modelRefused',
      model: 'shipped:fine',
      name: 'Fine',
      error: { reason: 'No.', hint: 'Yes.' },
    });
    expect(refused.state.sides.compare.status).toBe('failed');
    expect(refused.state.modelError, 'the photo has its own model').toBeNull();
  });

  it('a run that stopped of itself waits for its turn again', () => {
    const queue = viewing().set({ compare: 'shipped:fine' }).sideComposed(false).ready();
    const { run } = queue.last('derain')!;
    queue.send({ type: 'runStopped', run });
    expect(queue.state.task).toMatchObject({ kind: 'compare', phase: 'preparing' });
    expect(queue.state.task!.run).not.toBe(run);
  });

  it('the strength moves another model’s result too', () => {
    const queue = viewing().set({ compare: 'shipped:fine' }).sideComposed(true).set({ strength: 40 });
    expect(queue.last('composeSide')).toMatchObject({ model: 'shipped:fine', layer: { strength: 0.4 } });
  });

  it('the rain map comes from the photo’s own run; its brightness changes without beginning anew', () => {
    const queue = viewing().set({ compare: 'rainMap' }).sideComposed(true);
    queue.asked = [];
    queue.set({ gain: 9 });
    expect(queue.last('composeSide')).toMatchObject({ layer: { kind: 'rainMap', gain: 9 } });
    expect(queue.last('beginLayer')).toBeUndefined();
    queue.sideComposed(false);
    expect(queue.state.sides.compare.status, 'the worker should have it').toBe('failed');
  });

  it('of a result that came from its file the rain map needs a run, and so does another strength', () => {
    const fromFile = (): TestQueue => {
      const queue = viewing().send({ type: 'photoFocused', id: 'b' }).opened('b').composed(false);
      return queue.send({ type: 'resultFileShown', ticket: queue.last('showResultFile')!.ticket, shown: true });
    };
    const map = fromFile().set({ compare: 'rainMap' }).sideComposed(false);
    expect(map.photo.state).toBe('opening');
    const weaker = fromFile().set({ strength: 50 }).composed(false);
    expect(weaker.photo.state).toBe('opening');
    weaker.ready().send({ type: 'runFinished', run: weaker.state.task!.run, ms: 1, residual: 1 });
    expect(weaker.photo.state).toBe('done');
  });

  it('a strength that the worker was overtaken at is drawn by the newer request', () => {
    const queue = viewing().set({ strength: 50 });
    const first = queue.last('composeResult')!;
    queue
      .set({ strength: 60 })
      .send({ type: 'resultComposed', ticket: first.ticket, purpose: 'strength', found: false });
    expect(queue.photo.state).toBe('done');
    expect(queue.composed(false).photo.state, 'and one that is refused leaves all as it is').toBe('done');
  });

  it('the ground truth is shown and measured against', () => {
    const queue = viewing({ compare: 'truth' }).send({ type: 'truthGiven', id: 'a', truth });
    expect(queue.last('score')).toMatchObject({ id: 'a', model: 'shipped:swift', layer: { strength: 1 }, truth });
    expect(queue.last('showTruth')).toMatchObject({ side: 'compare', truth });
    expect(queue.last('saveTruth')).toMatchObject({ id: 'a', truth });
    const scores = { refused: false } as NonNullable<Photo['scores']>;
    queue.send({ type: 'scored', id: 'a', model: 'shipped:swift', layer: queue.last('score')!.layer, scores });
    expect(queue.photo.scores).toBe(scores);
    queue.set({ strength: 80 }).composed(true);
    expect(queue.last('score')).toMatchObject({ layer: { strength: 0.8 } });
    queue.send({
      type: 'scored',
      id: 'a',
      model: 'shipped:swift',
      layer: { kind: 'derained', strength: 1 },
      scores: null,
    });
    expect(queue.photo.scores, 'figures of another strength are out of date').toBe(scores);
  });

  it('a compared model is measured against the ground truth too, and again at another strength', () => {
    const queue = viewing({}, { truth }).set({ compare: 'shipped:fine' });
    queue.sideComposed(true);
    expect(queue.last('score')).toMatchObject({ id: 'a', model: 'shipped:fine', layer: { strength: 1 }, truth });
    const own = queue.photo.scores;
    const scores = { refused: false } as NonNullable<Photo['scores']>;
    queue.send({ type: 'scored', id: 'a', model: 'shipped:fine', layer: queue.last('score')!.layer, scores });
    expect(queue.state.sides.compare.scores).toBe(scores);
    expect(queue.photo.scores, "and are not taken for the photo's own").toBe(own);
    queue.set({ strength: 80 }).composed(true).sideComposed(true);
    expect(queue.last('score')).toMatchObject({ model: 'shipped:fine', layer: { strength: 0.8 } });
    queue.set({ compare: 'original' });
    expect(queue.state.sides.compare.scores).toBeNull();
  });

  it('a ground truth of another size lies nowhere', () => {
    const queue = viewing({ compare: 'truth' }, { truth }).set({ show: 'truth' });
    const { side, ticket } = queue.last('showTruth')!;
    queue.send({ type: 'sideFailed', side, ticket });
    expect(queue.state.sides[side].status).toBe('failed');
    expect(queue.last('removeLayer')).toEqual({ type: 'removeLayer', layer: side });
  });

  it('a truth for a photo behind, or for one that is not done, waits', () => {
    const queue = viewing({ compare: 'truth' });
    queue.state = {
      ...queue.state,
      photos: queue.state.photos.map((one) => ({ ...one, state: 'cancelled' as const })),
    };
    queue.send({ type: 'truthGiven', id: 'b', truth }).send({ type: 'truthGiven', id: 'a', truth });
    expect([queue.last('score'), queue.last('showTruth')]).toEqual([undefined, undefined]);
  });

  it('a finished run is measured and compared by itself', () => {
    const queue = new TestQueue({ ...emptyQueue, settings: { ...settings, compare: 'truth' } });
    queue.send({ type: 'photosAdded', photos: [{ ...newPhoto('a', 'a', new Blob(), truth) }] });
    queue.opened('a').ready();
    queue.send({ type: 'runFinished', run: queue.state.task!.run, ms: 1, residual: 1 });
    expect(queue.last('score')).toMatchObject({ id: 'a' });
    expect(queue.last('showTruth')).toMatchObject({ side: 'compare' });
  });
});

describe('where the person looks', () => {
  it('is told to a run of the photo on the stage, and to no other', () => {
    const queue = new TestQueue({ ...emptyQueue, settings }).send({ type: 'viewMoved' });
    queue.send({ type: 'photosAdded', photos: ['a', 'b'].map((id) => newPhoto(id, id, new Blob(), null)) });
    queue.opened('a').send({ type: 'viewMoved' });
    expect(queue.last('moveFocus'), 'it does not run yet').toBeUndefined();
    queue.ready().send({ type: 'viewMoved' });
    expect(queue.last('moveFocus')).toEqual({ type: 'moveFocus', id: 'a', size: SIZE });
    queue.send({ type: 'photoCancelled', id: 'b' }).send({ type: 'photoFocused', id: 'b' }).opened('b');
    queue.asked = [];
    expect(queue.send({ type: 'viewMoved' }).last('moveFocus')).toBeUndefined();
  });
});

describe('the result as its file shows it', () => {
  const jpeg = { ...settings.save, format: 'image/jpeg' } as const;
  const kept = (queue: TestQueue): TestQueue =>
    queue.send({
      type: 'resultKept',
      id: 'a',
      key: resultKey(queue.state.settings, queue.photo),
      file: new Blob(['jpeg'], { type: 'image/jpeg' }),
    });

  it('comes when it is written, and again at another quality', () => {
    const queue = viewing({ save: jpeg }).set({ show: 'saved' });
    expect(queue.state.sides.shown).toMatchObject({ what: 'saved', status: 'composing' });
    expect(queue.last('showSaved'), 'the kept file is a PNG').toBeUndefined();
    const first = kept(queue).last('showSaved')!;
    expect(first).toMatchObject({ side: 'shown', id: 'a' });
    queue.send({ type: 'sideComposed', side: 'shown', ticket: first.ticket, found: true });
    expect(queue.state.sides.shown.status).toBe('ready');
    queue.set({ save: { ...jpeg, quality: 10 } });
    expect(queue.state.sides.shown.status).toBe('composing');
    expect(queue.last('showSaved')).toBe(first);
    expect(kept(queue).last('showSaved')!.ticket).toBeGreaterThan(first.ticket);
  });

  it('is the result itself where nothing is lost', () => {
    const queue = viewing().set({ show: 'saved' });
    expect(queue.state.sides.shown.status).toBe('none');
    expect(queue.last('showSaved')).toBeUndefined();
  });

  it('leaves with another choice, and a file that comes late is not shown', () => {
    const queue = viewing({ save: jpeg, show: 'saved' });
    queue.set({ show: 'result' });
    expect(kept(queue).last('showSaved')).toBeUndefined();
    expect(queue.state.sides.shown.status).toBe('none');
  });
});
