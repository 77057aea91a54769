import { WorkerDiedError } from '../../workers/workerClient.ts';
import type { BackendReport } from '../../../core/backend/backendReport.ts';
import type {
  DerainerApi,
  DerainEvent,
  LayerTile,
  ModelSummary,
  OpenedPhoto,
  UserError as Refused,
} from '../../../protocol/derainer.ts';
import type { Size } from '../../../core/inference/tiles.ts';
import type { ResidualMeter } from '../../stage/bitmaps.ts';
import type { Effect, QueueEvent } from './effects.ts';
import type { QueueStorage } from './persistence.ts';
import { photoOf } from './state.ts';
import type { Photo, QueueState, Side, UserError } from './state.ts';

type Rect = LayerTile['rect'];
type LayerName = 'derained' | Side;

/** The deraining worker. Calls reject with a WorkerDiedError when it dies meanwhile. */
export interface WorkerPort extends Pick<
  DerainerApi,
  'openPhoto' | 'closePhoto' | 'derain' | 'setFocus' | 'cancel' | 'compose' | 'save' | 'score'
> {
  /** Loads a model once. */
  prepareModel(id: string): Promise<ModelSummary | Refused>;
}

/** The pixels on screen. It takes over every bitmap it is given. */
export interface StagePort {
  show(bitmap: ImageBitmap, size: Size, colorSpace: PredefinedColorSpace): void;
  sharpen(bitmap: ImageBitmap): void;
  begin(layer: LayerName): void;
  add(layer: LayerName, tile: LayerTile): void;
  remove(layer: LayerName): void;
  clear(): void;
  /** The part of the photo that is on screen, in its pixels. */
  visible(size: Size): Rect;
}

/** What else the page does. */
export interface PagePort {
  /** Why a file cannot be derained, from its header; null when it can. */
  check(file: Blob): Promise<UserError | null>;
  thumbnail(bitmap: ImageBitmap): Promise<Blob | null>;
  decode(file: Blob): Promise<ImageBitmap | null>;
  meter(size: Size, colorSpace: PredefinedColorSpace): ResidualMeter;
  nameOf(model: string): string;
  reportBackend(report: BackendReport): void;
  /** Resolves when no update of the app stands in the way of work. */
  mayWork(): Promise<void>;
  noteTask(note: { readonly id: string; readonly attempts: number } | null): void;
  rememberPause(paused: boolean): void;
  offerUndo(photos: readonly Photo[]): void;
  warnUnkept(full: boolean): void;
  settleRerun(id: string, error: UserError | null): void;
}

export interface RunnerOptions {
  readonly worker: WorkerPort;
  readonly stage: StagePort;
  readonly page: PagePort;
  /** Null until the databases were read: what comes before is stored then. */
  readonly storage: () => Pick<QueueStorage, 'save' | 'saveTruth' | 'forget' | 'saveSetup'> | null;
  readonly state: () => QueueState;
  readonly dispatch: (event: QueueEvent) => void;
}

type EffectOf<Type extends Effect['type']> = Extract<Effect, { readonly type: Type }>;
type Run = { readonly [Type in Effect['type']]: (effect: EffectOf<Type>) => void | Promise<void> };

/** Carries out effects against worker, stage and storage, and feeds back what came of them. */
export function createRunner({
  worker,
  stage,
  page,
  storage,
  state,
  dispatch,
}: RunnerOptions): (effect: Effect) => void {
  /** By photo that the worker holds. */
  const meters = new Map<string, ResidualMeter>();
  const isCurrent = (id: string): boolean => state().currentId === id;

  /** Hands tiles to the stage as long as they are wanted there. */
  const tilesTo =
    (layer: LayerName, isWanted: () => boolean) =>
    (tiles: readonly LayerTile[]): void => {
      for (const tile of tiles) {
        if (isWanted()) stage.add(layer, tile);
        else tile.bitmap.close();
      }
    };

  const open = async (id: string): Promise<void> => {
    const photo = photoOf(state(), id);
    if (!photo) return;
    const sharpen = (bitmap: ImageBitmap): void => {
      meters.get(id)?.take(bitmap);
      if (isCurrent(id)) stage.sharpen(bitmap);
      else bitmap.close();
    };
    const opened = await worker.openPhoto(id, photo.file, sharpen);
    if (opened.refused) return dispatch({ type: 'photoRefused', id, error: plain(opened) });
    await arrived(id, opened);
  };

  const arrived = async (
    id: string,
    { width, height, type, metadata, bitmap, colorSpace }: OpenedPhoto,
  ): Promise<void> => {
    const size = { width, height };
    const meter = page.meter(size, colorSpace);
    meters.set(id, meter);
    meter.take(bitmap);
    const thumbnail = photoOf(state(), id)?.thumbnail === null ? page.thumbnail(bitmap) : null;
    const isShown = isCurrent(id);
    if (isShown) stage.show(bitmap, size, colorSpace);
    dispatch({ type: 'photoOpened', id, size, format: type, metadata });
    const made = await thumbnail;
    if (!isShown) bitmap.close();
    if (made) dispatch({ type: 'thumbnailMade', id, thumbnail: made });
  };

  const hear = ({ run, job, layer }: EffectOf<'derain'>, events: readonly DerainEvent[]): void => {
    const meter = layer === 'derained' ? meters.get(job.photo) : undefined;
    const show = tilesTo(
      layer ?? 'derained',
      () => layer !== null && isCurrent(job.photo) && state().task?.run === run,
    );
    for (const event of events) {
      switch (event.type) {
        case 'derainStarted':
          meter?.begin();
          page.reportBackend(event.report);
          break;
        case 'tileDerained':
          meter?.add(event.tile);
          show([event.tile]);
          dispatch({ type: 'runProgressed', run, share: event.share, msLeft: event.msLeft });
          break;
        case 'derained': {
          const mean = meter?.mean() ?? null;
          // What was measured is the change at the run's strength; too weak a one says nothing of what was found, nor does
          // one of which parts were left alone.
          const isTelling = job.strength >= 0.25 && !job.protection;
          const residual = mean !== null && isTelling ? mean / job.strength : null;
          dispatch({ type: 'runFinished', run, ms: event.ms, residual });
          break;
        }
        case 'cancelled':
          dispatch({ type: 'runStopped', run });
          break;
        case 'derainFailed':
          dispatch({ type: 'runFailed', run, error: plain(event) });
          break;
        default:
          event satisfies never;
      }
    }
  };

  const derain = async (effect: EffectOf<'derain'>): Promise<void> => {
    const { run, size, job } = effect;
    await page.mayWork();
    const task = state().task;
    if (task?.run !== run || task.stopping) return dispatch({ type: 'runStopped', run }); // Ended before it began.
    const whole = { left: 0, top: 0, ...size };
    const { left, top, width, height } = isCurrent(job.photo) ? stage.visible(size) : whole;
    const focus = { x: left + width / 2, y: top + height / 2 };
    await worker.derain({ ...job, focus }, (events) => hear(effect, events));
  };

  const composeSide = async (effect: EffectOf<'composeSide'>): Promise<void> => {
    const { side, ticket, id, size, model, layer } = effect;
    const isWanted = (): boolean => isCurrent(id) && state().sides[side].ticket === ticket;
    const ready = await worker.prepareModel(model);
    if (ready.refused) return dispatch({ type: 'sideFailed', side, ticket });
    if (!isWanted()) return;
    const found = await worker.compose(id, model, layer, stage.visible(size), tilesTo(side, isWanted));
    dispatch({ type: 'sideComposed', side, ticket, found });
  };

  const showTruth = async ({ side, ticket, size, truth }: EffectOf<'showTruth'>): Promise<void> => {
    const bitmap = await page.decode(truth);
    const fits = bitmap?.width === size.width && bitmap.height === size.height;
    if (!bitmap || !fits) {
      bitmap?.close();
      return dispatch({ type: 'sideFailed', side, ticket });
    }
    tilesTo(side, () => state().sides[side].ticket === ticket)([{ rect: { left: 0, top: 0, ...size }, bitmap }]);
    dispatch({ type: 'sideComposed', side, ticket, found: true });
  };

  /** Decodes a file in the colour space of its own. Null when it cannot be. */
  const decodeResult = async (name: string, file: Blob): Promise<ImageBitmap | null> => {
    const opened = await worker.openPhoto(name, file);
    void worker.closePhoto(name).catch(() => undefined);
    return opened.refused ? null : opened.bitmap;
  };

  const showSaved = async ({ side, ticket, id, size, file }: EffectOf<'showSaved'>): Promise<void> => {
    const bitmap = await decodeResult(`file of ${id} ${ticket}`, file);
    if (!bitmap) return dispatch({ type: 'sideFailed', side, ticket });
    const isWanted = (): boolean => isCurrent(id) && state().sides[side].ticket === ticket;
    if (isWanted()) stage.begin(side); // What lay there stays until now.
    tilesTo(side, isWanted)([{ rect: { left: 0, top: 0, ...size }, bitmap }]);
    dispatch({ type: 'sideComposed', side, ticket, found: true });
  };

  const showResultFile = async ({ id, size, file, ticket }: EffectOf<'showResultFile'>): Promise<void> => {
    const bitmap = await decodeResult(`result of ${id}`, file);
    const isWanted = (): boolean => isCurrent(id) && state().stage.ticket === ticket;
    if (bitmap) tilesTo('derained', isWanted)([{ rect: { left: 0, top: 0, ...size }, bitmap }]);
    dispatch({ type: 'resultFileShown', ticket, shown: bitmap !== null });
  };

  const run: Run = {
    openPhoto: ({ id }) =>
      open(id).catch((error: unknown) => dispatch({ type: 'openFailed', id, error: words(error) })),
    closePhoto: ({ id }) => {
      meters.delete(id);
      return worker.closePhoto(id);
    },
    checkFile: async ({ id }) => {
      const file = photoOf(state(), id)?.file;
      if (file) dispatch({ type: 'fileChecked', id, error: await page.check(file) });
    },
    prepareModel: async ({ model }) => {
      const refuse = (error: UserError): void =>
        dispatch({ type: 'modelRefused', model, name: page.nameOf(model), error: plain(error) });
      const ready = await worker.prepareModel(model).catch(unlessDied(refuse));
      if (ready?.refused) refuse(ready);
      else if (ready) dispatch({ type: 'modelReady', model });
    },
    derain: (effect) =>
      derain(effect).catch(unlessDied((error) => dispatch({ type: 'runFailed', run: effect.run, error }))),
    cancelRun: () => worker.cancel(),
    moveFocus: ({ id, size }) => {
      const { left, top, width, height } = stage.visible(size);
      return worker.setFocus(id, { x: left + width / 2, y: top + height / 2 });
    },
    composeResult: async ({ id, size, model, layer, ticket, purpose }) => {
      const isWanted = (): boolean => isCurrent(id) && state().stage.ticket === ticket;
      const found = await worker.compose(id, model, layer, stage.visible(size), tilesTo('derained', isWanted));
      dispatch({ type: 'resultComposed', ticket, purpose, found });
    },
    composeSide: (effect) => {
      const { side, ticket } = effect;
      return composeSide(effect).catch(unlessDied(() => dispatch({ type: 'sideFailed', side, ticket })));
    },
    showResultFile,
    showTruth,
    showSaved: (effect) => {
      const { side, ticket } = effect;
      return showSaved(effect).catch(unlessDied(() => dispatch({ type: 'sideFailed', side, ticket })));
    },
    score: async ({ id, model, layer, truth }) => {
      const scores = await worker.score(id, model, layer, truth);
      dispatch({ type: 'scored', id, layer, scores: scores.refused ? null : scores });
    },
    keepResult: async ({ key, request }) => {
      const id = request.photo;
      const file = await worker.save(request).catch(() => null);
      dispatch({ type: 'resultKept', id, key, file: file instanceof Blob ? file : null });
    },
    clearStage: () => stage.clear(),
    beginLayer: ({ layer }) => stage.begin(layer),
    removeLayer: ({ layer }) => stage.remove(layer),
    save: ({ id }) => storage()?.save(id),
    saveTruth: ({ id, truth }) => storage()?.saveTruth(id, truth),
    forget: ({ ids }) => storage()?.forget(ids),
    saveSetup: ({ soon }) => storage()?.saveSetup(soon),
    rememberPause: ({ paused }) => page.rememberPause(paused),
    noteTask: ({ id, attempts }) => page.noteTask(id === null ? null : { id, attempts }),
    offerUndo: ({ photos }) => page.offerUndo(photos),
    warnUnkept: ({ full }) => page.warnUnkept(full),
    settleRerun: ({ id, error }) => page.settleRerun(id, error),
  };

  return <Type extends Effect['type']>(effect: EffectOf<Type>) => {
    const done = (run[effect.type] as (effect: EffectOf<Type>) => void | Promise<void>)(effect);
    // What a dead worker leaves unanswered is told by its death.
    if (done) done.catch(() => undefined);
  };
}

function plain({ reason, hint }: UserError): UserError {
  return { reason, hint };
}

/** Tells of an error in words, unless the worker's death has told already. */
function unlessDied(tell: (error: UserError) => void): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof WorkerDiedError)) tell(words(error));
  };
}

function words(error: unknown): UserError {
  const reason = error instanceof Error ? error.message : String(error);
  return { reason, hint: 'Try again; a smaller photo or another backend may help.' };
}
