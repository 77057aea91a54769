import { proxy } from 'comlink';
import type { DerainEvent, OpenedPhoto } from '../../../workers/protocol.ts';
import { reportBackend } from '../device/deviceStore.ts';
import { chosenModel, deskSettings, jobFor } from './chosen.ts';
import { ask, onDerainerDeath } from './derainer.ts';
import { allWaiting, currentPhoto, meantModel, newPhoto, nextWaiting, useDesk, withoutPhoto, withPhoto } from './deskStore.ts';
import type { DeskPhoto } from './deskStore.ts';
import { showComparison } from './comparison.ts';
import { prepareModel } from './modelShelf.ts';
import { forgetResult, keepResult } from './results.ts';
import { stageLayers } from './stage/stageLayers.ts';
import type { Size } from './stage/viewport.ts';
import { visibleRect } from './stage/stageView.ts';
import { tilesFor } from './stageTiles.ts';
import { makeThumbnail } from './thumbnail.ts';
import { inTurn } from './turns.ts';
import { keepWithin } from './workerPhotos.ts';

let nextId = 1;
let working: Promise<void> | null = null;
/** Photo whose run is under way. */
let runningId: string | null = null;

onDerainerDeath(() => {
  stageLayers.clear();
  useDesk.setState((state) => ({ photos: state.photos.map((photo) => (isUnderWay(photo) ? { ...photo, state: 'failed', trouble: died } : photo)) }));
});

const died = { reason: 'The worker that removes rain stopped.', advice: 'It may have run out of memory. Try again; a smaller photo or another backend may help.' };

/** Lays files on the desk; the first of them is looked at. `truths` belong to the files of the same place. */
export function addPhotos(files: readonly { readonly name: string; readonly file: Blob; readonly truth?: Blob }[]): void {
  if (files.length === 0) return;
  const photos = files.map(({ name, file, truth }) => newPhoto(`photo-${nextId++}`, name, file, truth ?? null));
  useDesk.setState((state) => ({ photos: [...state.photos, ...photos] }));
  lookAt(photos[0]!.id);
}

/** Puts another photo on the stage. */
export function lookAt(id: string): void {
  if (useDesk.getState().currentId === id) return;
  stageLayers.clear();
  useDesk.setState({ currentId: id, comparing: null });
  const photo = currentPhoto(useDesk.getState());
  if (photo?.state === 'waiting') interruptOthers();
  else if (photo && photo.state !== 'refused') void showAgain(photo);
  wake();
}

/** Takes a photo off the desk. */
export function removePhoto(id: string): void {
  const photo = useDesk.getState().photos.find((one) => one.id === id);
  if (!photo) return;
  if (runningId === id) void ask((api) => api.cancel());
  if (photo.thumbnail) URL.revokeObjectURL(photo.thumbnail);
  void ask((api) => api.closePhoto(id));
  forgetResult(id);
  const wasCurrent = useDesk.getState().currentId === id;
  if (wasCurrent) stageLayers.clear();
  const next = withoutPhoto(useDesk.getState(), id);
  useDesk.setState({ ...next, currentId: wasCurrent ? null : next.currentId });
  if (wasCurrent && next.currentId) lookAt(next.currentId);
}

/** Ends the run under way. */
export function cancelRun(): void {
  const id = runningId;
  if (!id) return;
  useDesk.setState((state) => withPhoto(state, id, { state: 'cancelled' }));
  void ask((api) => api.cancel());
}

/** Begins nothing new, and lets the running photo wait. */
export function pauseQueue(): void {
  useDesk.setState({ paused: true });
  if (runningId) void ask((api) => api.cancel());
}

export function resumeQueue(): void {
  useDesk.setState({ paused: false });
  wake();
}

/** Ends everything that waits or runs. */
export function cancelAll(): void {
  const open = ['waiting', 'opening', 'working'];
  useDesk.setState((state) => ({ paused: false, photos: state.photos.map((photo) => (open.includes(photo.state) ? { ...photo, state: 'cancelled' } : photo)) }));
  if (runningId) void ask((api) => api.cancel());
}

/** Tries everything again that was cancelled or failed. */
export function retryAll(): void {
  useDesk.setState((state) => ({
    photos: state.photos.map((photo) =>
      photo.state === 'cancelled' || photo.state === 'failed' ? { ...photo, state: 'waiting', share: 0, trouble: null } : photo,
    ),
  }));
  wake();
}

/** Takes all photos off the desk. */
export function clearDesk(): void {
  for (const { id } of useDesk.getState().photos) removePhoto(id);
  useDesk.setState({ paused: false });
}

/** What is looked at goes first: a run of another photo ends, and waits for its turn again. */
export function interruptOthers(): void {
  if (runningId && runningId !== useDesk.getState().currentId) void ask((api) => api.cancel());
}

/** Works on a photo (again). */
export function retry(id: string): void {
  useDesk.setState((state) => withPhoto(state, id, { state: 'waiting', share: 0, trouble: null }));
  wake();
}

/** Does everything again: another model or quality was chosen. */
export function startOver(): void {
  stageLayers.remove('derained');
  stageLayers.remove('compare');
  if (runningId) void ask((api) => api.cancel());
  useDesk.setState((state) => ({ ...allWaiting(state), modelTrouble: null, comparing: null }));
  wake();
}

/** Draws the current result anew at the strength that is set now; no network runs. */
export async function showStrength(): Promise<void> {
  const photo = currentPhoto(useDesk.getState());
  const model = chosenModel();
  if (!photo?.size || !model || !stageLayers.get('derained')) return;
  const layer = { kind: 'derained', strength: deskSettings().strength / 100 } as const;
  const region = visibleRect(photo.size);
  const found = await ask((api) => api.compose(photo.id, model, layer, region, proxy(tilesFor(photo.id, 'derained'))));
  if (found && photo.state === 'done') void score(photo.id);
}

/** Figures against the truth, where it is known. */
export async function score(id: string): Promise<void> {
  const photo = useDesk.getState().photos.find((one) => one.id === id);
  const model = chosenModel();
  if (!photo?.truth || !model) return;
  const { truth } = photo;
  const scores = await ask((api) => api.score(id, model, deskSettings().strength / 100, truth));
  useDesk.setState((state) => withPhoto(state, id, scores.refused ? { scores: null } : { scores }));
}

/** Gives a photo its picture without rain, to be measured against. */
export function setTruth(id: string, truth: Blob): void {
  useDesk.setState((state) => withPhoto(state, id, { truth }));
  void score(id);
}

/** Goes on with what waits, one photo after another. */
export function wake(): void {
  working ??= workThrough().finally(() => {
    working = null;
  });
}

async function workThrough(): Promise<void> {
  for (;;) {
    const photo = nextWaiting(useDesk.getState());
    if (!photo) return;
    try {
      await workOn(photo);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      useDesk.setState((state) => withPhoto(state, photo.id, { state: 'failed', trouble: { reason, advice: died.advice } }));
    }
  }
}

async function workOn({ id, file }: DeskPhoto): Promise<void> {
  useDesk.setState((state) => withPhoto(state, id, { state: 'opening', share: 0, msLeft: null, trouble: null }));
  const opened = await ask((api) => api.openPhoto(id, file));
  if (opened.refused) return useDesk.setState((state) => withPhoto(state, id, { state: 'refused', trouble: opened }));
  arrived(id, opened);
  const model = chosenModel();
  if (!model) return useDesk.setState((state) => withPhoto(state, id, { state: 'opened' }));
  const ready = await prepareModel(model);
  if (ready.refused) {
    const title = meantModel(useDesk.getState().models, model)?.title ?? model;
    return useDesk.setState((state) => ({ ...withPhoto(state, id, { state: 'opened' }), modelTrouble: { ...ready, name: title } }));
  }
  await run(id, model, opened);
}

async function run(id: string, model: string, size: Size): Promise<void> {
  const { strength } = deskSettings();
  await inTurn(async () => {
    const photo = useDesk.getState().photos.find((one) => one.id === id);
    if (photo?.state !== 'opening') return; // Taken away, or to be done with another model, while it waited for its turn.
    if (useDesk.getState().currentId === id) stageLayers.begin('derained');
    useDesk.setState((state) => withPhoto(state, id, { state: 'working' }));
    runningId = id;
    try {
      await ask((api) => api.derain(jobFor(id, model, size), proxy((events: readonly DerainEvent[]) => events.forEach((event) => apply(id, event)))));
    } finally {
      runningId = null;
    }
  });
  const photo = useDesk.getState().photos.find((one) => one.id === id);
  if (photo?.state !== 'done') return;
  if (deskSettings().strength !== strength && useDesk.getState().currentId === id) await showStrength();
  else void score(id);
  await keepResult(photo);
  if (useDesk.getState().currentId === id) await showComparison();
}

function apply(id: string, event: DerainEvent): void {
  switch (event.type) {
    case 'derainStarted':
      return reportBackend(event.report);
    case 'tileDerained':
      tilesFor(id, 'derained')([event.tile]);
      return useDesk.setState((state) => withPhoto(state, id, { share: event.share, msLeft: event.msLeft }));
    case 'derained':
      return useDesk.setState((state) => withPhoto(state, id, { state: 'done', share: 1, msLeft: null, ms: event.ms }));
    case 'cancelled':
      // Cancelled by hand is said already; otherwise another photo went first and this one waits again.
      return useDesk.setState((state) => {
        const photo = state.photos.find((one) => one.id === id);
        return photo?.state === 'working' ? withPhoto(state, id, { state: 'waiting', share: 0, msLeft: null }) : state;
      });
    case 'derainFailed':
      return useDesk.setState((state) => withPhoto(state, id, { state: 'failed', trouble: event }));
    default:
      event satisfies never;
  }
}

/** A photo that was worked on before comes back to the stage; what was found is drawn again, or looked for again. */
async function showAgain(photo: DeskPhoto): Promise<void> {
  const opened = await ask((api) => api.openPhoto(photo.id, photo.file));
  if (opened.refused) return useDesk.setState((state) => withPhoto(state, photo.id, { state: 'refused', trouble: opened }));
  arrived(photo.id, opened);
  const model = chosenModel();
  if (!model || useDesk.getState().currentId !== photo.id || photo.state === 'opened') return;
  stageLayers.begin('derained');
  const layer = { kind: 'derained', strength: deskSettings().strength / 100 } as const;
  const found = await ask((api) => api.compose(photo.id, model, layer, visibleRect(opened), proxy(tilesFor(photo.id, 'derained'))));
  const now = useDesk.getState().photos.find((one) => one.id === photo.id);
  if (!found && now?.state === 'done' && useDesk.getState().currentId === photo.id) return retry(photo.id);
  if (found) await showComparison();
}

/** The worker has decoded a photo. */
function arrived(id: string, opened: OpenedPhoto): void {
  const { width, height, metadata, bitmap, colorSpace } = opened;
  useDesk.setState((state) => withPhoto(state, id, { size: { width, height }, metadata }));
  keepWithin(id, { width, height });
  const photo = useDesk.getState().photos.find((one) => one.id === id);
  if (photo && !photo.thumbnail) void makeThumbnail(bitmap).then((thumbnail) => useDesk.setState((state) => withPhoto(state, id, { thumbnail })));
  if (useDesk.getState().currentId === id) stageLayers.show(bitmap, colorSpace);
  else bitmap.close();
}

function isUnderWay({ state }: DeskPhoto): boolean {
  return state === 'opening' || state === 'working';
}
