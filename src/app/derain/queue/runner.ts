import type { ResidualMeter } from '../../stage/bitmaps.ts';
import { WorkerDiedError } from '../../workers/workerClient.ts';
import type { DerainEvent, LayerTile, OpenedPhoto } from '../../../protocol/derainer.ts';
import type { Effect } from './effects.ts';
import type { UserError } from './photo.ts';
import type { LayerName, Ports } from './ports.ts';
import { photoOf } from './state.ts';
import type { Side } from './state.ts';

interface Context extends Ports {
  /** By photo that the worker holds. */
  readonly meters: Map<string, ResidualMeter>;
}

type EffectOf<Type extends Effect['type']> = Extract<Effect, { readonly type: Type }>;
type Run = (context: Context, effect: Effect) => void | Promise<void>;
type Runs = { readonly [Type in Effect['type']]: (context: Context, effect: EffectOf<Type>) => void | Promise<void> };

/** Carries out effects against worker, stage and storage, and feeds back what came of them. */
export function createRunner(ports: Ports): (effect: Effect) => void {
  const context: Context = { ...ports, meters: new Map() };
  return (effect) => {
    const done = (runs[effect.type] as Run)(context, effect);
    // What a dead worker leaves unanswered is told by its death.
    if (done) done.catch(() => undefined);
  };
}

const runs: Runs = {
  // Photos and models in the worker.
  openPhoto: (context, { id }) =>
    open(context, id).catch((error: unknown) => context.dispatch({ type: 'openFailed', id, error: words(error) })),
  closePhoto({ meters, worker }, { id }) {
    meters.delete(id);
    return worker.closePhoto(id);
  },
  async checkFile({ state, page, dispatch }, { id }) {
    const file = photoOf(state(), id)?.file;
    if (file) dispatch({ type: 'fileChecked', id, error: await page.check(file) });
  },
  prepareModel,

  // Runs, and what is made of them.
  derain: (context, effect) =>
    derain(context, effect).catch(
      unlessDied((error) => context.dispatch({ type: 'runFailed', run: effect.run, error })),
    ),
  cancelRun: ({ worker }) => worker.cancel(),
  moveFocus: ({ worker, stage }, { id, size }) => worker.setFocus(id, middleOf(stage.visible(size))),
  async score({ worker, dispatch }, { id, model, layer, truth }) {
    const scores = await worker.score(id, model, layer, truth);
    dispatch({ type: 'scored', id, model, layer, scores: scores.refused ? null : scores });
  },
  async keepResult({ worker, dispatch }, { key, request }) {
    const file = await worker.save(request).catch(() => null);
    dispatch({ type: 'resultKept', id: request.photo, key, file: file instanceof Blob ? file : null });
  },

  // The stage.
  composeResult,
  showResultFile,
  composeSide: (context, effect) => composeSide(context, effect).catch(sideFails(context, effect)),
  showTruth,
  showSaved: (context, effect) => showSaved(context, effect).catch(sideFails(context, effect)),
  clearStage: ({ stage }) => stage.clear(),
  beginLayer: ({ stage }, { layer }) => stage.begin(layer),
  removeLayer: ({ stage }, { layer }) => stage.remove(layer),

  // Storage and page.
  save: ({ storage }, { id }) => storage()?.save(id),
  saveTruth: ({ storage }, { id, truth }) => storage()?.saveTruth(id, truth),
  forget: ({ storage }, { ids }) => storage()?.forget(ids),
  saveSetup: ({ storage }, { soon }) => storage()?.saveSetup(soon),
  rememberPause: ({ page }, { paused }) => page.rememberPause(paused),
  rememberViewed: ({ page }, { id }) => page.rememberViewed(id),
  noteTask: ({ page }, { id, attempts }) => page.noteTask(id === null ? null : { id, attempts }),
  offerUndo: ({ page }, { photos }) => page.offerUndo(photos),
  warnUnkept: ({ page }, { full }) => page.warnUnkept(full),
  settleRerun: ({ page }, { id, error }) => page.settleRerun(id, error),
};

async function open(context: Context, id: string): Promise<void> {
  const { worker, stage, state, dispatch, meters } = context;
  const photo = photoOf(state(), id);
  if (!photo) return;
  const sharpen = (bitmap: ImageBitmap): void => {
    meters.get(id)?.take(bitmap);
    if (isCurrent(context, id)) stage.sharpen(bitmap);
    else bitmap.close();
  };
  const opened = await worker.openPhoto(id, photo.file, sharpen);
  if (opened.refused) return dispatch({ type: 'photoRefused', id, error: plain(opened) });
  await arrived(context, id, opened);
}

async function arrived(context: Context, id: string, photo: OpenedPhoto): Promise<void> {
  const { stage, page, state, dispatch, meters } = context;
  const { width, height, type, metadata, bitmap, colorSpace } = photo;
  const size = { width, height };
  const meter = page.meter(size, colorSpace);
  meters.set(id, meter);
  meter.take(bitmap);
  const thumbnail = photoOf(state(), id)?.thumbnail === null ? page.thumbnail(bitmap) : null;
  const isShown = isCurrent(context, id);
  if (isShown) stage.show(bitmap, size, colorSpace);
  dispatch({ type: 'photoOpened', id, size, format: type, metadata });
  const made = await thumbnail;
  if (!isShown) bitmap.close();
  if (made) dispatch({ type: 'thumbnailMade', id, thumbnail: made });
}

async function prepareModel({ worker, page, dispatch }: Context, { model }: EffectOf<'prepareModel'>): Promise<void> {
  const refuse = (error: UserError): void =>
    dispatch({ type: 'modelRefused', model, name: page.nameOf(model), error: plain(error) });
  const ready = await worker.prepareModel(model).catch(unlessDied(refuse));
  if (ready?.refused) refuse(ready);
  else if (ready) dispatch({ type: 'modelReady', model });
}

async function derain(context: Context, effect: EffectOf<'derain'>): Promise<void> {
  const { worker, stage, page, state, dispatch } = context;
  const { run, size, job } = effect;
  await page.mayWork();
  const task = state().task;
  if (task?.run !== run || task.stopping) return dispatch({ type: 'runStopped', run }); // Ended before it began.
  const focus = middleOf(isCurrent(context, job.photo) ? stage.visible(size) : wholeOf(size));
  await worker.derain({ ...job, focus }, (events) => {
    for (const event of events) hear(context, effect, event);
  });
}

/** Passes on what the worker tells of a run. */
function hear(context: Context, { run, job, layer }: EffectOf<'derain'>, event: DerainEvent): void {
  const { page, state, dispatch, meters } = context;
  const meter = layer === 'derained' ? meters.get(job.photo) : undefined;
  switch (event.type) {
    case 'derainStarted':
      meter?.begin();
      return page.reportBackend(event.report);
    case 'tileDerained': {
      const isWanted = layer !== null && isCurrent(context, job.photo) && state().task?.run === run;
      meter?.add(event.tile);
      addTile(context, layer ?? 'derained', event.tile, isWanted);
      return dispatch({ type: 'runProgressed', run, share: event.share, msLeft: event.msLeft });
    }
    case 'derained': {
      const mean = meter?.mean() ?? null;
      // What was measured is the change at the run's strength; too weak a one says nothing of what was found, nor does
      // one of which parts were left alone.
      const isTelling = job.strength >= 0.25 && !job.protection;
      const residual = mean !== null && isTelling ? mean / job.strength : null;
      return dispatch({ type: 'runFinished', run, ms: event.ms, residual });
    }
    case 'cancelled':
      return dispatch({ type: 'runStopped', run });
    case 'derainFailed':
      return dispatch({ type: 'runFailed', run, error: plain(event) });
    default:
      event satisfies never;
  }
}

async function composeResult(context: Context, effect: EffectOf<'composeResult'>): Promise<void> {
  const { worker, stage, dispatch } = context;
  const { id, size, model, layer, ticket, purpose } = effect;
  const found = await worker.compose(id, model, layer, stage.visible(size), (tiles) => {
    for (const tile of tiles) addTile(context, 'derained', tile, awaitsResult(context, effect));
  });
  dispatch({ type: 'resultComposed', ticket, purpose, found });
}

async function showResultFile(context: Context, effect: EffectOf<'showResultFile'>): Promise<void> {
  const { id, size, file, ticket } = effect;
  const bitmap = await decodeResult(context, `result of ${id}`, file);
  if (bitmap) addTile(context, 'derained', { rect: wholeOf(size), bitmap }, awaitsResult(context, effect));
  context.dispatch({ type: 'resultFileShown', ticket, shown: bitmap !== null });
}

async function composeSide(context: Context, effect: EffectOf<'composeSide'>): Promise<void> {
  const { worker, stage, dispatch } = context;
  const { side, ticket, id, size, model, layer } = effect;
  const isWanted = (): boolean => isCurrent(context, id) && awaitsSide(context, effect);
  const ready = await worker.prepareModel(model);
  if (ready.refused) return dispatch({ type: 'sideFailed', side, ticket });
  if (!isWanted()) return;
  const found = await worker.compose(id, model, layer, stage.visible(size), (tiles) => {
    for (const tile of tiles) addTile(context, side, tile, isWanted());
  });
  dispatch({ type: 'sideComposed', side, ticket, found });
}

async function showTruth(context: Context, effect: EffectOf<'showTruth'>): Promise<void> {
  const { side, ticket, size, truth } = effect;
  const bitmap = await context.page.decode(truth);
  const fits = bitmap?.width === size.width && bitmap.height === size.height;
  if (!bitmap || !fits) {
    bitmap?.close();
    return context.dispatch({ type: 'sideFailed', side, ticket });
  }
  addTile(context, side, { rect: wholeOf(size), bitmap }, awaitsSide(context, effect));
  context.dispatch({ type: 'sideComposed', side, ticket, found: true });
}

async function showSaved(context: Context, effect: EffectOf<'showSaved'>): Promise<void> {
  const { side, ticket, id, size, file } = effect;
  const bitmap = await decodeResult(context, `file of ${id} ${ticket}`, file);
  if (!bitmap) return context.dispatch({ type: 'sideFailed', side, ticket });
  const isWanted = isCurrent(context, id) && awaitsSide(context, effect);
  if (isWanted) context.stage.begin(side); // What lay there stays until now.
  addTile(context, side, { rect: wholeOf(size), bitmap }, isWanted);
  context.dispatch({ type: 'sideComposed', side, ticket, found: true });
}

/** Decodes a file in the colour space of its own. Null when it cannot be. */
async function decodeResult({ worker }: Context, name: string, file: Blob): Promise<ImageBitmap | null> {
  const opened = await worker.openPhoto(name, file);
  void worker.closePhoto(name).catch(() => undefined);
  return opened.refused ? null : opened.bitmap;
}

/** Hands a tile to the stage while it is wanted there. */
function addTile({ stage }: Context, layer: LayerName, tile: LayerTile, isWanted: boolean): void {
  if (isWanted) stage.add(layer, tile);
  else tile.bitmap.close();
}

function isCurrent({ state }: Context, id: string): boolean {
  return state().currentId === id;
}

/** Whether the stage still waits for this result. */
function awaitsResult(context: Context, { id, ticket }: { readonly id: string; readonly ticket: number }): boolean {
  return isCurrent(context, id) && context.state().stage.ticket === ticket;
}

/** Whether a side still waits for this. */
function awaitsSide({ state }: Context, { side, ticket }: { readonly side: Side; readonly ticket: number }): boolean {
  return state().sides[side].ticket === ticket;
}

function sideFails(
  { dispatch }: Context,
  { side, ticket }: { readonly side: Side; readonly ticket: number },
): (error: unknown) => void {
  return unlessDied(() => dispatch({ type: 'sideFailed', side, ticket }));
}

function wholeOf({ width, height }: { readonly width: number; readonly height: number }): LayerTile['rect'] {
  return { left: 0, top: 0, width, height };
}

function middleOf({ left, top, width, height }: LayerTile['rect']): { readonly x: number; readonly y: number } {
  return { x: left + width / 2, y: top + height / 2 };
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
