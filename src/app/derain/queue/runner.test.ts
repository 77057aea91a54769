import { describe, expect, it } from 'vitest';
import type { DerainEvent, DerainJob, LayerTile, OpenedPhoto } from '../../../protocol/derainer.ts';
import type { Effect, QueueEvent } from './effects.ts';
import { reduce } from './reduce.ts';
import { WorkerDiedError } from '../../workers/workerClient.ts';
import { createRunner } from './runner.ts';
import type { ResidualMeter } from '../../stage/bitmaps.ts';
import type { PagePort, StagePort, WorkerPort } from './ports.ts';
import { newPhoto } from './photo.ts';
import { emptyQueue, photoOf } from './state.ts';
import type { Photo } from './photo.ts';
import type { QueueSettings, QueueState } from './state.ts';

const SIZE = { width: 40, height: 30 };
const WHOLE = { left: 0, top: 0, ...SIZE };
const REFUSED = { refused: true, reason: 'No.', hint: 'Yes.' } as const;
const SUMMARY = { refused: false, role: 'student', parameters: 1, size: '', provenance: null } as const;

/** A bitmap that knows whether it was closed. */
class Bitmap {
  closed = false;
  constructor(
    readonly name: string,
    readonly width = SIZE.width,
    readonly height = SIZE.height,
  ) {}
  close(): void {
    this.closed = true;
  }
}
const bitmap = (name: string, width?: number, height?: number): ImageBitmap & Bitmap =>
  new Bitmap(name, width, height) as unknown as ImageBitmap & Bitmap;
const tile = (name: string): LayerTile & { readonly bitmap: Bitmap } => ({ rect: WHOLE, bitmap: bitmap(name) });

/** The queue as it is wired in the page, with a worker that answers when it is told to. */
class World {
  state: QueueState = {
    ...emptyQueue,
    settings: { ...emptyQueue.settings, model: 'shipped:swift', models: ['shipped:swift', 'shipped:fine'] },
  };
  readonly log: string[] = [];
  readonly stored: string[] = [];
  readonly bitmaps: Bitmap[] = [];
  hasStorage = true;
  mean: number | null = 2;
  /** What the worker says to `openPhoto`, `prepareModel`, `compose`, `save`, `score`; an Error is thrown. */
  answers: Record<string, unknown> = {};
  job: {
    readonly job: DerainJob;
    readonly tell: (events: readonly DerainEvent[]) => void;
    end(error?: Error): void;
  } | null = null;
  whole: ((bitmap: ImageBitmap) => void) | undefined;
  tiles: ((tiles: readonly LayerTile[]) => void) | null = null;
  /** Awaited by the next compositions. */
  composing: Promise<void> = Promise.resolve();
  private readonly run: (effect: Effect) => void;
  private readonly waiting: QueueEvent[] = [];

  constructor() {
    this.run = createRunner({
      worker: this.worker,
      stage: this.stage,
      page: this.page,
      storage: () => (this.hasStorage ? this.storage : null),
      state: () => this.state,
      dispatch: this.dispatch,
    });
  }

  dispatch = (event: QueueEvent): void => {
    this.waiting.push(event);
    if (this.waiting.length > 1) return;
    for (; this.waiting[0]; this.waiting.shift()) {
      const { state, effects } = reduce(this.state, this.waiting[0]);
      this.state = state;
      effects.forEach(this.run);
    }
  };

  /** Lets everything that is ready happen. */
  settle = async (): Promise<this> => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
    return this;
  };

  drop(...ids: string[]): Promise<this> {
    this.dispatch({ type: 'photosAdded', photos: ids.map((id) => newPhoto(id, id, new Blob([id]), null)) });
    return this.settle();
  }

  set(change: Partial<QueueSettings>): Promise<this> {
    this.dispatch({ type: 'settingsChanged', settings: { ...this.state.settings, ...change } });
    return this.settle();
  }

  /** The run under way reports and, if it is over, ends. */
  async tell(...events: DerainEvent[]): Promise<this> {
    this.job!.tell(events);
    if (events.some(({ type }) => type === 'derained' || type === 'cancelled' || type === 'derainFailed'))
      this.job!.end();
    return this.settle();
  }

  finish(): Promise<this> {
    return this.tell({ type: 'derained', ms: 5, networkMs: 5 });
  }

  photo(id: string): Photo {
    return photoOf(this.state, id)!;
  }

  private async answer<Answer>(name: string, otherwise: Answer): Promise<Answer> {
    await Promise.resolve();
    const given = this.answers[name] ?? otherwise;
    if (given instanceof Error) throw given;
    return given as Answer;
  }

  private readonly worker: WorkerPort = {
    openPhoto: (id, _, onWhole) => {
      this.log.push(`open ${id}`);
      this.whole = onWhole;
      const shown = bitmap(id);
      this.bitmaps.push(shown);
      const opened: OpenedPhoto = {
        refused: false,
        ...SIZE,
        type: 'image/png',
        bitmap: shown,
        metadata: [],
        colorSpace: 'srgb',
      };
      return this.answer('openPhoto', opened);
    },
    closePhoto: async (id) => void this.log.push(`close ${id}`),
    prepareModel: () => this.answer('prepareModel', SUMMARY),
    derain: (job, tell) => {
      this.log.push(`derain ${job.photo} ${job.model} from ${job.focus.x},${job.focus.y}`);
      return new Promise((resolve, reject) => {
        this.job = { job, tell, end: (error) => (error ? reject(error) : resolve()) };
      });
    },
    setFocus: async (id, { x, y }) => void this.log.push(`focus ${id} ${x},${y}`),
    cancel: async () => void this.log.push('cancel'),
    compose: async (id, model, layer, _, onTiles) => {
      this.log.push(`compose ${id} ${model} ${layer.kind}`);
      this.tiles = onTiles;
      await this.composing;
      onTiles([tile(`${layer.kind} tile`)]);
      return this.answer('compose', true);
    },
    save: ({ photo }) => {
      this.log.push(`save ${photo}`);
      return this.answer('save', new Blob(['result']));
    },
    score: () => this.answer('score', { refused: false } as never),
  };

  private readonly stage: StagePort = {
    show: (shown) => void this.log.push(`show ${(shown as unknown as Bitmap).name}`),
    sharpen: (shown) => void this.log.push(`sharpen ${(shown as unknown as Bitmap).name}`),
    begin: (layer) => void this.log.push(`begin ${layer}`),
    add: (layer, { bitmap: shown }) => void this.log.push(`add ${layer} ${(shown as unknown as Bitmap).name}`),
    remove: (layer) => void this.log.push(`remove ${layer}`),
    clear: () => void this.log.push('clear'),
    visible: () => ({ left: 30, top: 20, width: 10, height: 10 }),
  };

  private readonly meter: ResidualMeter = {
    take: (shown) => void this.log.push(`sample ${(shown as unknown as Bitmap).name}`),
    begin: () => undefined,
    add: ({ bitmap: shown }) => void this.log.push(`measure ${(shown as unknown as Bitmap).name}`),
    mean: () => this.mean,
  };

  private readonly page: PagePort = {
    check: (file) =>
      this.answer('check', file.size === 0 ? { reason: 'The file is empty.', hint: 'Copy it again.' } : null),
    thumbnail: () => this.answer('thumbnail', new Blob(['small'])),
    decode: () => this.answer('decode', bitmap('truth')),
    meter: () => this.meter,
    nameOf: (model) => model.slice('shipped:'.length),
    reportBackend: ({ description }) => void this.log.push(`backend ${description}`),
    mayWork: () => this.answer('mayWork', undefined),
    noteTask: (note) => void this.stored.push(note ? `note ${note.id} ${note.attempts}` : 'no note'),
    rememberViewed: (id) => void this.stored.push(`viewed ${id}`),
    rememberPause: (paused) => void this.stored.push(`paused ${paused}`),
    offerUndo: (photos) => void this.log.push(`undo ${photos.length}`),
    warnUnkept: (full) => void this.log.push(`warn ${full}`),
    settleRerun: (id, error) => void this.log.push(`rerun ${id} ${error?.reason ?? 'done'}`),
  };

  private readonly storage = {
    save: (id: string) => void this.stored.push(`save ${id}`),
    saveTruth: (id: string) => void this.stored.push(`truth ${id}`),
    forget: (ids: readonly string[]) => void this.stored.push(`forget ${ids.join(' ')}`),
    saveSetup: (soon: boolean) => void this.stored.push(`setup ${soon}`),
  };
}

const started: DerainEvent = {
  type: 'derainStarted',
  report: { backend: 'wasm', description: '8 threads', software: false, threads: 8, fellBack: null },
  tiles: 2,
  tile: 64,
};
const derainedTile = (name: string, share: number): DerainEvent & { readonly tile: { readonly bitmap: Bitmap } } => ({
  type: 'tileDerained',
  tile: tile(name),
  share,
  msLeft: 10,
});

describe('a photo', () => {
  it('is opened, shown, derained where the person looks, measured, and kept', async () => {
    const world = await new World().drop('a', 'b');
    expect(world.log).toEqual([
      'clear',
      'open a',
      'sample a',
      'show a',
      'begin derained',
      'derain a shipped:swift from 35,25',
    ]);
    await world.tell(started, derainedTile('one', 0.5));
    expect(world.photo('a')).toMatchObject({ state: 'working', share: 0.5, thumbnail: expect.any(Blob) });
    expect(world.log.slice(-3)).toEqual(['backend 8 threads', 'measure one', 'add derained one']);
    await world.finish();
    expect(world.photo('a')).toMatchObject({ state: 'done', residual: 2, result: { file: expect.any(Blob) } });
    expect(world.bitmaps[0]!.closed, 'the stage has it').toBe(false);
    expect(world.log).toContain('derain b shipped:swift from 20,15');
    expect(world.bitmaps[1]!.closed, 'nobody looks at b').toBe(true);
    const unseen = derainedTile('unseen', 0.5);
    await world.tell(unseen);
    expect(unseen.tile.bitmap.closed).toBe(true);
    await world.finish();
    expect(world.log.at(-1)).toBe('close b');
    expect(world.stored.filter((line) => line.includes('note'))).toEqual(['note a 1', 'note b 1', 'no note']);
  });

  it('that is none is refused by its header, and by the decoder', async () => {
    const world = new World();
    world.answers['openPhoto'] = REFUSED;
    world.dispatch({
      type: 'photosAdded',
      photos: [newPhoto('a', 'a', new Blob(['x']), null), newPhoto('empty', 'e', new Blob(), null)],
    });
    await world.settle();
    expect(world.state.photos.map(({ state, error }) => [state, error?.reason])).toEqual([
      ['refused', 'No.'],
      ['refused', 'The file is empty.'],
    ]);
  });

  it('that was removed before its turn is not looked for', async () => {
    const world = new World();
    world.dispatch({ type: 'photosAdded', photos: [] });
    const run = createRunner({
      worker: {} as WorkerPort,
      stage: {} as StagePort,
      page: {} as PagePort,
      storage: () => null,
      state: () => world.state,
      dispatch: world.dispatch,
    });
    for (const type of ['openPhoto', 'checkFile'] as const) run({ type, id: 'gone' });
    await world.settle();
    expect(world.state.photos).toEqual([]);
  });

  it('whose run was too weak, or not seen, has no measure', async () => {
    const world = await new World().set({ strength: 10 });
    await (await world.drop('a')).finish();
    expect(world.photo('a').residual).toBeNull();
    const unseen = new World();
    unseen.mean = null;
    await (await unseen.drop('a')).finish();
    expect(unseen.photo('a').residual).toBeNull();
  });

  it('of a run at another strength is measured as at full strength', async () => {
    const world = await new World().set({ strength: 50 });
    await (await world.drop('a')).finish();
    expect(world.photo('a').residual).toBe(4);
  });

  it('comes sharp when it was shown small, if it is still looked at', async () => {
    const world = await new World().drop('a');
    world.whole!(bitmap('whole'));
    expect(world.log.slice(-2)).toEqual(['sample whole', 'sharpen whole']);
    const late = world.whole!;
    world.dispatch({ type: 'photoRemoved', id: 'a' });
    const unwanted = bitmap('late');
    late(unwanted);
    expect(unwanted.closed).toBe(true);
  });

  it('that fails, is stopped, or is cancelled before it began, is told so', async () => {
    const failed = await new World().drop('a');
    await failed.tell({ type: 'derainFailed', reason: 'No memory.', hint: 'Close tabs.' });
    expect(failed.photo('a')).toMatchObject({
      state: 'failed',
      error: { reason: 'No memory.', hint: 'Close tabs.' },
    });
    const stopped = await new World().drop('a');
    stopped.dispatch({ type: 'photoCancelled', id: 'a' });
    await stopped.tell({ type: 'cancelled' });
    expect([stopped.photo('a').state, stopped.state.task]).toEqual(['cancelled', null]);
    const early = new World();
    let may = (): void => undefined;
    early.answers['mayWork'] = new Promise<void>((resolve) => (may = resolve));
    await early.drop('a');
    early.dispatch({ type: 'photoCancelled', id: 'a' });
    may();
    await early.settle();
    expect(early.log.filter((line) => line.startsWith('derain'))).toEqual([]);
    expect([early.photo('a').state, early.state.task]).toEqual(['cancelled', null]);
  });
});

describe('errors', () => {
  it('of the worker are said in words, and hold nothing up', async () => {
    const open = new World();
    open.answers['openPhoto'] = new Error('Out of memory.');
    await open.drop('a');
    expect(open.photo('a').error?.reason).toBe('Out of memory.');
    const run = await new World().drop('a');
    run.job!.end(new Error('A bug.'));
    await run.settle();
    expect(run.photo('a').error?.reason).toBe('A bug.');
    const model = new World();
    model.answers['prepareModel'] = new Error('Gone.');
    await model.drop('a');
    expect(model.state.modelError).toMatchObject({ name: 'swift', reason: 'Gone.' });
    const refused = new World();
    refused.answers['prepareModel'] = REFUSED;
    await refused.drop('a');
    expect(refused.state.modelError).toEqual({ name: 'swift', reason: 'No.', hint: 'Yes.' });
    const save = new World();
    save.answers['save'] = new Error('No room.');
    await (await save.drop('a', 'b')).finish();
    expect(save.photo('a')).toMatchObject({ state: 'done', result: null });
    save.answers['save'] = REFUSED;
    await save.finish();
    expect(save.photo('b')).toMatchObject({ state: 'done', result: null });
    const odd = new World();
    odd.answers['openPhoto'] = Object.assign(new Error(), { toString: () => 'odd' });
    await odd.drop('a');
    expect(odd.photo('a').state).toBe('failed');
  });

  it('that a dead worker leaves behind say nothing of the next attempt', async () => {
    const world = await new World().drop('a');
    const { end } = world.job!;
    world.dispatch({ type: 'workerDied' });
    end(new WorkerDiedError('gone'));
    await world.settle();
    expect(world.photo('a')).toMatchObject({ state: 'working', attempts: 2 });
    expect((await world.finish()).photo('a').state).toBe('done');
  });
});

describe('the stage', () => {
  const finished = async (change: Partial<QueueSettings> = {}): Promise<World> => {
    const world = await new World().set(change);
    return (await world.drop('a')).finish();
  };

  it('gets another model’s result, a rain map, and what was asked for last only', async () => {
    const world = await finished();
    await world.set({ compare: 'shipped:fine' });
    expect(world.log.slice(-3)).toEqual([
      'begin compare',
      'compose a shipped:fine derained',
      'add compare derained tile',
    ]);
    await world.set({ compare: 'rainMap' });
    expect(world.log.at(-1)).toBe('add compare rainMap tile');
    const late = tile('late');
    const before = world.tiles!;
    await world.set({ compare: 'original' });
    before([late]);
    expect(late.bitmap.closed).toBe(true);
    expect(world.log.at(-1)).toBe('remove compare');
  });

  it('computes another model’s result that is not there yet', async () => {
    const world = await finished();
    world.answers['compose'] = false;
    await world.set({ show: 'shipped:fine' });
    expect(world.state.task).toMatchObject({ kind: 'compare', side: 'shown', phase: 'running' });
    await world.tell(derainedTile('fine', 0.5));
    expect(world.log.at(-1)).toBe('add shown fine');
    expect((await world.finish()).state.sides.shown.status).toBe('ready');
  });

  it('says of a model that cannot be used that it failed', async () => {
    const world = await finished();
    world.answers['prepareModel'] = REFUSED;
    expect((await world.set({ compare: 'shipped:fine' })).state.sides.compare.status).toBe('failed');
    world.answers['prepareModel'] = new Error('A bug.');
    expect((await world.set({ show: 'shipped:fine' })).state.sides.shown.status).toBe('failed');
  });

  it('asks for nothing that is no longer wanted once the model is there', async () => {
    const world = await finished();
    const { settings } = world.state;
    world.dispatch({ type: 'settingsChanged', settings: { ...settings, compare: 'shipped:fine' } });
    await world.set({ compare: 'original' });
    expect(world.log).not.toContain('compose a shipped:fine derained');
    expect(world.state.sides.compare.status).toBe('none');
  });

  it('gets the ground truth when it has the photo’s size', async () => {
    const world = await finished({ compare: 'truth' });
    world.dispatch({ type: 'truthGiven', id: 'a', truth: new Blob() });
    await world.settle();
    expect(world.log.at(-1)).toBe('add compare truth');
    expect([world.photo('a').scores, world.state.sides.compare.status]).toEqual([{ refused: false }, 'ready']);
    expect(world.stored).toContain('truth a');
    for (const other of [bitmap('small', 1, 1), null]) {
      const wrong = await finished({ compare: 'truth' });
      wrong.answers['decode'] = other ?? Promise.resolve(null);
      wrong.answers['score'] = REFUSED;
      wrong.dispatch({ type: 'truthGiven', id: 'a', truth: new Blob() });
      await wrong.settle();
      expect([wrong.photo('a').scores, wrong.state.sides.compare.status]).toEqual([null, 'failed']);
    }
  });

  it('gets the kept file of a result that the worker has let go of, and is told where the person looks', async () => {
    const world = await new World().drop('a', 'b');
    await (await world.finish()).finish();
    world.answers['compose'] = false;
    world.dispatch({ type: 'photoFocused', id: 'b' });
    await world.settle();
    expect(world.log.slice(-3)).toEqual(['open result of b', 'close result of b', 'add derained result of b']);
    expect(world.state.stage.derained).toBe('file');
    world.answers['openPhoto'] = undefined;
    await world.set({ strength: 50 });
    world.dispatch({ type: 'viewMoved' });
    expect(world.log.at(-1)).toBe('focus b 35,25');
    await world.finish();
    const damaged = await new World().drop('a', 'b');
    await (await damaged.finish()).finish();
    damaged.answers['compose'] = false;
    damaged.dispatch({ type: 'photoFocused', id: 'b' });
    await Promise.resolve();
    await Promise.resolve();
    damaged.answers['openPhoto'] = REFUSED;
    await damaged.settle();
    expect(damaged.log).toContain('open result of b');
  });
});

describe('storage and page', () => {
  it('are told what to keep, and nothing before the databases were read', async () => {
    const world = new World();
    world.hasStorage = false;
    await world.drop('a');
    world.dispatch({ type: 'truthGiven', id: 'a', truth: new Blob() });
    world.dispatch({ type: 'allRemoved' });
    await world.set({ strength: 50 });
    expect(world.stored.filter((line) => !/note|viewed/.test(line))).toEqual([]);
    world.hasStorage = true;
    await world.drop('b');
    world.dispatch({ type: 'paused' });
    world.dispatch({ type: 'saveFailed', id: 'b', full: true });
    world.dispatch({ type: 'allRemoved' });
    await world.settle();
    expect(world.stored).toEqual(expect.arrayContaining(['save b', 'setup false', 'paused true', 'forget b']));
    expect(world.log).toEqual(expect.arrayContaining(['warn true', 'undo 1']));
  });

  it('the export hears how its wish ended', async () => {
    const world = await new World().drop('a', 'b');
    await (await world.finish()).finish();
    world.dispatch({ type: 'rerunRequested', id: 'b' });
    await world.settle();
    const hidden = derainedTile('hidden', 0.5);
    await world.tell(hidden);
    expect(hidden.tile.bitmap.closed).toBe(true);
    await world.finish();
    expect(world.log).toContain('rerun b done');
  });
});
