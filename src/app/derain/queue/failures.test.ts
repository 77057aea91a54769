import { describe, expect, it } from 'vitest';
import type { Effect, QueueEvent } from './effects.ts';
import { reduce } from './reduce.ts';
import { resultKey } from './resultFile.ts';
import { newPhoto } from './photo.ts';
import { emptyQueue, isBusy, photoOf } from './state.ts';
import type { Photo, PhotoState } from './photo.ts';
import type { QueueSettings, QueueState } from './state.ts';

const SIZE = { width: 400, height: 300 };
const settings: QueueSettings = {
  ...emptyQueue.settings,
  model: 'shipped:swift',
  models: ['shipped:swift', 'shipped:fine'],
};
const blob = new Blob(['pixels']);

class Queue {
  asked: Effect[] = [];
  constructor(public state: QueueState = { ...emptyQueue, settings }) {}

  send(event: QueueEvent): this {
    const { state, effects } = reduce(this.state, event);
    this.state = state;
    this.asked.push(...effects);
    return this;
  }

  drop(...ids: string[]): this {
    return this.send({ type: 'photosAdded', photos: ids.map((id) => newPhoto(id, `${id}.jpg`, blob, null)) });
  }

  running(): this {
    const { id, phase } = this.state.task!;
    if (phase === 'opening') this.send({ type: 'photoOpened', id, size: SIZE, format: 'image/png', metadata: [] });
    return this.send({ type: 'modelReady', model: this.state.task!.model! });
  }

  finished(): this {
    return this.send({ type: 'runFinished', run: this.state.task!.run, ms: 500, residual: 4 });
  }

  kept(): this {
    for (const [id, key] of Object.entries(this.state.encoding)) this.send({ type: 'resultKept', id, key, file: blob });
    return this;
  }

  workThrough(): this {
    while (this.state.task) this.running().finished().kept();
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

describe('a photo that cannot even be opened', () => {
  /** Finished earlier, and looked at now. */
  const lookedAt = (attempts = 0): Queue => {
    const photo = newPhoto('a', 'a.avif', blob, null);
    const result = { key: resultKey(settings, newPhoto('a', 'a', blob, null)), file: blob };
    const queue = new Queue();
    const done = { ...photo, state: 'done', size: SIZE, ms: 1, result, attempts } as const;
    return queue.send({ type: 'restored', photos: [done], model: settings.model, paused: false, viewed: null });
  };

  it('is tried twice, and then the worker is spared it', () => {
    const queue = lookedAt().send({ type: 'workerDied' });
    expect(queue.wanted('openPhoto')).toHaveLength(2);
    queue.send({ type: 'workerDied' });
    expect(queue.wanted('openPhoto'), 'not a third time').toHaveLength(2);
    expect(queue.photo('a')).toMatchObject({ state: 'failed', result: { file: blob } });
    expect(queue.photo('a').error!.reason).toContain('stopped 2 times on this photo');
    queue.drop('b').send({ type: 'photoFocused', id: 'a' });
    expect(
      queue.wanted('openPhoto').map(({ id }) => id),
      'nor when it is looked at again',
    ).toEqual(['a', 'a', 'b']);
    queue.send({ type: 'photoRetried', id: 'a' });
    expect(queue.photo('a')).toMatchObject({ attempts: 0 });
  });

  it('is noted while it is being opened, so that a page that dies of it knows at its next visit', () => {
    const queue = lookedAt();
    expect(queue.wanted('noteTask').at(-1)).toEqual({ type: 'noteTask', id: 'a', attempts: 1 });
    queue.send({ type: 'photoOpened', id: 'a', size: SIZE, format: 'image/png', metadata: [] });
    expect(queue.wanted('noteTask').at(-1)).toMatchObject({ id: null });
    const again = lookedAt(1);
    expect(again.wanted('noteTask').at(-1)).toMatchObject({ id: 'a', attempts: 2 });
    again.send({ type: 'photoOpened', id: 'a', size: SIZE, format: 'image/png', metadata: [] });
    expect(again.photo('a').attempts, 'it can be opened after all').toBe(0);
  });
});

describe('the worker dies', () => {
  it('in the middle of a photo: it is tried once more, and then it is done', () => {
    const queue = new Queue().drop('a', 'b').running().send({ type: 'workerDied' });
    expect(queue.states()).toBe('a opening, b waiting');
    expect(queue.photo('a').attempts).toBe(2);
    expect(
      queue.wanted('openPhoto').map(({ id }) => id),
      'what it held is gone',
    ).toEqual(['a', 'a']);
    expect(queue.workThrough().states()).toBe('a done, b done');
    expect(queue.photo('a').attempts).toBe(0);
  });

  it('twice on the same photo: it is set aside with the reason, and the rest goes on', () => {
    const queue = new Queue().drop('a', 'b').running().send({ type: 'workerDied' });
    queue.send({ type: 'workerDied' });
    expect(queue.states()).toBe('a failed, b opening');
    expect(queue.photo('a').error?.reason).toBe(
      'The worker that removes rain stopped 2 times on this photo, so it was set aside.',
    );
    expect(queue.workThrough().states()).toBe('a failed, b done');
    queue.send({ type: 'photoRetried', id: 'a' }).workThrough();
    expect(queue.states(), 'asked for by hand it is tried again').toBe('a done, b done');
  });

  it('what it still says of the old run is ignored', () => {
    const queue = new Queue().drop('a').running();
    const { run } = queue.state.task!;
    queue.send({ type: 'workerDied' });
    const before = queue.state;
    for (const event of [
      { type: 'runProgressed', run, share: 0.9, msLeft: 1 },
      { type: 'runFinished', run, ms: 1, residual: 1 },
      { type: 'runStopped', run },
      { type: 'runFailed', run, error: { reason: 'No.', hint: 'Yes.' } },
    ] as const)
      expect(queue.send(event).state).toBe(before);
  });

  it('with a finished photo on the stage: that is shown again', () => {
    const queue = new Queue().drop('a').running().finished().send({ type: 'workerDied' });
    expect(queue.states()).toBe('a done');
    expect(queue.wanted('clearStage').length).toBeGreaterThan(0);
    expect(queue.wanted('openPhoto')).toHaveLength(2);
  });

  it('during a comparison: that is not tried again by itself, and the photo stands', () => {
    const queue = new Queue().drop('a').running().finished();
    queue.send({ type: 'settingsChanged', settings: { ...settings, compare: 'shipped:fine' } });
    const { ticket } = queue.state.sides.compare;
    queue.send({ type: 'sideComposed', side: 'compare', ticket, found: false }).running().send({ type: 'workerDied' });
    queue.send({ type: 'photoOpened', id: 'a', size: SIZE, format: 'image/png', metadata: [] });
    const drawn = queue.wanted('composeResult').at(-1)!;
    queue.send({ type: 'resultComposed', ticket: drawn.ticket, purpose: 'look', found: true });
    expect(queue.state.sides.compare.status).toBe('failed');
    expect(queue.state.task).toBeNull();
    expect(queue.states()).toBe('a done');
  });

  it('while it ends a run that was cancelled: nothing is set aside', () => {
    const queue = new Queue()
      .drop('a')
      .running()
      .send({ type: 'photoCancelled', id: 'a' })
      .send({ type: 'workerDied' });
    expect(queue.states()).toBe('a cancelled');
    expect(new Queue().send({ type: 'workerDied' }).states()).toBe('');
  });
});

describe('the page is loaded again', () => {
  const stored = (id: string, state: PhotoState, change: Partial<Photo> = {}): Photo => ({
    ...newPhoto(id, `${id}.jpg`, blob, null),
    state,
    size: SIZE,
    ...change,
  });
  const result = { key: resultKey(settings, newPhoto('a', 'a', blob, null)), file: blob };
  const done = (id: string): Photo => stored(id, 'done', { result });

  it('what was finished stands, what was not goes on by itself, in whatever state it was left', () => {
    const queue = new Queue();
    const photos = [
      done('a'),
      stored('b', 'waiting'),
      stored('c', 'cancelled'),
      stored('d', 'failed'),
      stored('e', 'refused'),
    ];
    queue.send({ type: 'restored', photos, model: 'shipped:swift', paused: false, viewed: null });
    expect(queue.state.currentId, 'the first that waits is looked at').toBe('b');
    expect(queue.states()).toBe('a done, b opening, c cancelled, d failed, e refused');
    expect(queue.wanted('save'), 'all of it is stored already').toEqual([]);
    expect(queue.workThrough().states()).toBe('a done, b done, c cancelled, d failed, e refused');
    expect(queue.wanted('derain').map(({ job }) => job.photo)).toEqual(['b']);
  });

  it('a finished queue shows its first photo, and no network runs', () => {
    const queue = new Queue().send({
      type: 'restored',
      photos: [done('a'), done('b')],
      model: 'shipped:swift',
      paused: true,
      viewed: null,
    });
    expect(queue.state).toMatchObject({ currentId: 'a', paused: false });
    queue.send({ type: 'photoOpened', id: 'a', size: SIZE, format: 'image/png', metadata: [] });
    expect(queue.state.task).toBeNull();
  });

  it('a pause is kept while there is something to pause', () => {
    const queue = new Queue().send({
      type: 'restored',
      photos: [stored('a', 'waiting')],
      model: 'shipped:swift',
      paused: true,
      viewed: null,
    });
    expect(queue.state).toMatchObject({ paused: true, otherModel: false, task: null });
    expect(queue.send({ type: 'resumed' }).workThrough().states()).toBe('a done');
  });

  it('a queue that was started with another model waits to be told', () => {
    const queue = new Queue().send({
      type: 'restored',
      photos: [stored('a', 'waiting')],
      model: 'shipped:fine',
      paused: false,
      viewed: null,
    });
    expect(queue.state).toMatchObject({ paused: true, otherModel: true, task: null });
    queue.send({ type: 'resumed' });
    expect(queue.state).toMatchObject({ otherModel: false, task: { id: 'a' } });
  });

  it('photos that came meanwhile stay, and the one looked at too', () => {
    const queue = new Queue()
      .drop('new')
      .send({ type: 'restored', photos: [done('a')], model: null, paused: false, viewed: null });
    expect(queue.states()).toBe('a done, new opening');
    expect(queue.state.currentId).toBe('new');
  });

  it('files that nobody has looked into are checked: another app may have shared them', () => {
    const photos = [stored('a', 'waiting', { size: null }), stored('b', 'waiting')];
    const queue = new Queue().send({ type: 'restored', photos, model: null, paused: false, viewed: null });
    expect(queue.wanted('checkFile').map(({ id }) => id)).toEqual(['a']);
  });

  it('nothing stored is nothing restored', () => {
    const queue = new Queue().send({ type: 'restored', photos: [], model: null, paused: false, viewed: null });
    expect(queue.state).toMatchObject({ currentId: null, paused: false });
  });

  it('while a photo runs, a note says which, and for the how-manieth time', () => {
    const queue = new Queue().drop('a').running();
    expect(queue.wanted('noteTask')).toEqual([{ type: 'noteTask', id: 'a', attempts: 1 }]);
    queue.send({ type: 'workerDied' }).workThrough();
    expect(queue.wanted('noteTask').slice(1)).toEqual([
      { type: 'noteTask', id: 'a', attempts: 2 },
      { type: 'noteTask', id: null, attempts: 0 },
    ]);
  });

  it('one that killed the page is stored with that, when it comes back', () => {
    const photos = [stored('a', 'waiting', { attempts: 1 }), stored('b', 'failed', { attempts: 2 }), done('c')];
    const queue = new Queue().send({ type: 'restored', photos, model: 'shipped:swift', paused: false, viewed: null });
    expect(queue.wanted('save').map(({ id }) => id)).toEqual(['a', 'b']);
    expect(queue.photo('a').attempts, 'and this is its second attempt').toBe(2);
  });
});

describe('the storage', () => {
  it('hears of every photo, result and change, but not of every tile', () => {
    const queue = new Queue().drop('a', 'b');
    expect(queue.wanted('save').map(({ id }) => id)).toEqual(['a', 'b']);
    expect(queue.wanted('saveSetup')).toEqual([{ type: 'saveSetup', soon: false }]);
    queue.running();
    queue.asked = [];
    queue.send({ type: 'runProgressed', run: queue.state.task!.run, share: 0.2, msLeft: 1 });
    expect(queue.asked).toEqual([]);
    queue.finished();
    expect(queue.wanted('save').map(({ id }) => id)).toEqual(['a']);
    queue.kept();
    expect(queue.wanted('save').map(({ id }) => id)).toEqual(['a', 'a']);
    queue.send({ type: 'thumbnailMade', id: 'a', thumbnail: blob });
    expect(queue.wanted('save')).toHaveLength(3);
    queue.send({ type: 'settingsChanged', settings: { ...settings, strength: 90 } });
    expect(queue.wanted('saveSetup')).toEqual([{ type: 'saveSetup', soon: true }]);
  });

  it('new photos are being stored until it says that they are, or cannot be, or they are removed', () => {
    const queue = new Queue().drop('a', 'b', 'c');
    const storing = (): string[] => [...queue.state.storing];
    expect(storing()).toEqual(['a', 'b', 'c']);
    queue.send({ type: 'saved', id: 'a' }).send({ type: 'saveFailed', id: 'b', full: true });
    expect(storing()).toEqual(['c']);
    queue.send({ type: 'photoRemoved', id: 'c' });
    expect(storing()).toEqual([]);
    queue.send({ type: 'photosReturned', photos: [queue.photo('a')] });
    expect(storing(), 'its removal had it deleted').toEqual(['a']);
  });

  it('when it is full the work goes on in memory, which is said once', () => {
    const queue = new Queue().drop('a', 'b').send({ type: 'saveFailed', id: 'a', full: true });
    queue.send({ type: 'saveFailed', id: 'b', full: true }).send({ type: 'saveFailed', id: 'gone', full: true });
    expect(queue.wanted('warnUnkept')).toEqual([{ type: 'warnUnkept', full: true }]);
    expect([...queue.state.unkept]).toEqual(['a', 'b']);
    expect(queue.workThrough().states()).toBe('a done, b done');
  });

  it('when there is room again what is in this tab alone is stored', () => {
    const queue = new Queue().drop('a', 'b', 'c').send({ type: 'saveFailed', id: 'a', full: true });
    queue.send({ type: 'photoRemoved', id: 'c' });
    expect(queue.wanted('forget')).toEqual([{ type: 'forget', ids: ['c'] }]);
    queue.asked = [];
    queue.send({ type: 'storageFreed' });
    expect(queue.wanted('save').map(({ id }) => id)).toEqual(['a']);
    queue.send({ type: 'saved', id: 'a' }).send({ type: 'saved', id: 'b' });
    expect([...queue.state.unkept]).toEqual([]);
  });

  it('the stored file takes the place of the one in memory, unless a newer one is there', () => {
    const queue = new Queue().drop('a', 'b').workThrough();
    const given = queue.photo('a').result!.file;
    const onDisk = new Blob(['the same']);
    queue.send({ type: 'resultSaved', id: 'a', given: new Blob(), file: onDisk });
    expect(queue.photo('a').result!.file).toBe(given);
    queue.send({ type: 'resultSaved', id: 'a', given, file: onDisk });
    expect(queue.photo('a').result!.file).toBe(onDisk);
    queue.send({ type: 'resultSaved', id: 'gone', given, file: onDisk });
  });

  it('a result that could not be written as a file stays in the worker’s hands', () => {
    const queue = new Queue().drop('a', 'b').running().finished();
    const [[id, key]] = Object.entries(queue.state.encoding) as [[string, string]];
    queue.send({ type: 'resultKept', id, key, file: null });
    expect(queue.photo('a')).toMatchObject({ state: 'done', result: null });
    expect(queue.state.encoding).toEqual({});
  });
});

describe('photos are removed', () => {
  it('the neighbour comes to the stage, and the work on it ends', () => {
    const queue = new Queue().drop('a', 'b', 'c').running().send({ type: 'photoRemoved', id: 'a' });
    expect(queue.state.currentId).toBe('b');
    expect(queue.wanted('cancelRun')).toHaveLength(1);
    queue.send({ type: 'runStopped', run: queue.state.task!.run });
    expect(queue.wanted('closePhoto').map(({ id }) => id)).toEqual(['a']);
    queue.workThrough().send({ type: 'photoFocused', id: 'c' }).send({ type: 'photoRemoved', id: 'c' });
    expect(queue.state.currentId, 'the left-hand one at the end').toBe('b');
    queue.send({ type: 'photoRemoved', id: 'gone' }).send({ type: 'photoRemoved', id: 'b' });
    expect(queue.state).toMatchObject({ currentId: null, photos: [] });
  });

  it('another one than that on the stage leaves it alone', () => {
    const queue = new Queue().drop('a', 'b').running().send({ type: 'photoRemoved', id: 'b' });
    expect(queue.states()).toBe('a working');
  });

  it('while it is being decoded: it is closed as soon as it is open', () => {
    const queue = new Queue().drop('a', 'b').send({ type: 'photoRemoved', id: 'a' });
    queue.send({ type: 'photoOpened', id: 'a', size: SIZE, format: 'image/png', metadata: [] });
    expect(queue.wanted('closePhoto').map(({ id }) => id)).toEqual(['a']);
    expect(queue.states()).toBe('b opening');
  });

  it('all at once, and brought back with their results', () => {
    const queue = new Queue().drop('a', 'b', 'c').running().finished().kept().running();
    const { file } = queue.photo('a').result!;
    queue.send({ type: 'allRemoved' });
    expect(queue.state).toMatchObject({ photos: [], currentId: null, encoding: {} });
    expect(queue.wanted('forget')).toEqual([{ type: 'forget', ids: ['a', 'b', 'c'] }]);
    const { photos } = queue.wanted('offerUndo')[0]!;
    queue.asked = [];
    queue.send({ type: 'photosReturned', photos });
    expect(queue.states()).toBe('a done, b waiting, c waiting');
    expect(queue.photo('a').result!.file).toBe(file);
    expect(queue.wanted('save').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    queue.send({ type: 'runStopped', run: queue.state.task!.run }).workThrough();
    expect(queue.states()).toBe('a done, b done, c done');
  });

  it('brought back beside others that came meanwhile; a result that only the worker had is done again', () => {
    const queue = new Queue().drop('a').running().finished().send({ type: 'allRemoved' });
    const { photos } = queue.wanted('offerUndo')[0]!;
    queue.drop('new').send({ type: 'photosReturned', photos });
    expect(queue.states()).toBe('a waiting, new opening');
    expect(queue.state.currentId).toBe('new');
    expect(new Queue().send({ type: 'photosReturned', photos: [] }).states()).toBe('');
  });
});

describe('the export needs a result once more', () => {
  const finishedTwo = (): Queue => new Queue().drop('a', 'b').workThrough();

  it('it is computed, held until it is written, and let go', () => {
    const queue = finishedTwo().send({ type: 'rerunRequested', id: 'b' }).send({ type: 'rerunRequested', id: 'b' });
    expect(queue.state.task).toMatchObject({ kind: 'rerun', id: 'b' });
    queue.running();
    expect(queue.wanted('derain').at(-1)).toMatchObject({ layer: null, job: { photo: 'b' } });
    queue.send({ type: 'runProgressed', run: queue.state.task!.run, share: 0.5, msLeft: 1 });
    expect(queue.photo('b'), 'on screen it stays done').toMatchObject({ state: 'done', share: 1 });
    queue.finished();
    expect(queue.wanted('settleRerun')).toEqual([{ type: 'settleRerun', id: 'b', error: null }]);
    expect([...queue.state.open].sort()).toEqual(['a', 'b']);
    queue.send({ type: 'rerunReleased', id: 'b' });
    expect([...queue.state.open]).toEqual(['a']);
  });

  it('whatever stands in its way is told to the export', () => {
    const error = { reason: 'No.', hint: 'Yes.' };
    const ended = (end: (queue: Queue) => void): string | undefined => {
      const queue = finishedTwo().send({ type: 'rerunRequested', id: 'b' });
      end(queue);
      expect(queue.state.reruns).toEqual([]);
      return queue.wanted('settleRerun').at(-1)?.error?.reason;
    };
    expect(ended((queue) => queue.send({ type: 'photoRefused', id: 'b', error }))).toBe('No.');
    expect(ended((queue) => queue.running().send({ type: 'runFailed', run: queue.state.task!.run, error }))).toBe(
      'No.',
    );
    expect(ended((queue) => queue.send({ type: 'photoRemoved', id: 'b' }))).toBe('The photo was removed.');
    expect(ended((queue) => queue.running().send({ type: 'workerDied' }))).toBe(
      'The worker that removes rain stopped.',
    );
    expect(
      ended((queue) => {
        queue.send({ type: 'photoOpened', id: 'b', size: SIZE, format: 'image/png', metadata: [] });
        queue.send({ type: 'modelRefused', model: 'shipped:swift', name: 'Swift', error });
      }),
    ).toBe('No.');
    expect(
      ended((queue) => queue.send({ type: 'settingsChanged', settings: { ...settings, model: 'shipped:fine' } })),
    ).toBe('Another model was chosen meanwhile.');
    const none = new Queue({ ...finishedTwo().state, settings: { ...settings, model: null } });
    none
      .send({ type: 'rerunRequested', id: 'b' })
      .send({ type: 'photoOpened', id: 'b', size: SIZE, format: 'image/png', metadata: [] });
    expect(none.wanted('settleRerun')[0]?.error?.reason).toBe('There is no model to remove the rain with.');
  });

  it('a run of it that stopped is begun again', () => {
    const queue = finishedTwo().send({ type: 'rerunRequested', id: 'b' }).running();
    const { run } = queue.state.task!;
    queue.send({ type: 'runStopped', run });
    expect(queue.state.task).toMatchObject({ kind: 'rerun', id: 'b' });
    expect(queue.state.task!.run).not.toBe(run);
  });
});

it('is busy while it works or writes, and then no more', () => {
  const queue = new Queue().drop('a', 'b');
  expect(isBusy(queue.state)).toBe(true);
  queue.running().finished().running().finished();
  expect([queue.state.task, isBusy(queue.state)]).toEqual([null, true]);
  expect(isBusy(queue.kept().state)).toBe(false);
});
