import { proxy } from 'comlink';
import { newPhotoId } from '../../browser/desk/storedDesk.ts';
import { whileDeraining } from '../../browser/jobLocks.ts';
import type { DerainEvent, OpenedPhoto, UserError } from '../../protocol/derainer.ts';
import { reportBackend } from '../device/deviceStore.ts';
import { chosenModel, deskSettings, jobFor } from './chosen.ts';
import { ask, onDerainerDeath } from './derainer.ts';
import {
  allWaiting,
  currentPhoto,
  meantModel,
  newPhoto,
  nextWaiting,
  openedWaiting,
  useDesk,
  withPhoto,
} from './deskStore.ts';
import type { DeskPhoto } from './deskStore.ts';
import { showComparison } from './comparison.ts';
import { prepareModel } from './modelShelf.ts';
import { ANSWERS } from './deskSettings.ts';
import { keepResult, visibleResult } from './results.ts';
import { score } from './scores.ts';
import { stageLayers } from './stage/stageLayers.ts';
import type { Size } from './stage/viewport.ts';
import { visibleRect } from './stage/stageView.ts';
import { tilesFor } from './stageTiles.ts';
import { makeThumbnail } from './thumbnail.ts';
import { inTurn } from './turns.ts';
import { closeForGood, holdOpen, isOpen, noteOpen } from './workerPhotos.ts';

const tab = crypto.randomUUID().slice(0, 8);
let serial = 0;
let working: Promise<void> | null = null;
/** Photo whose run is under way. */
let runningId: string | null = null;
/** Photo whose result on the stage was read from its file: strength and rain map need a run first. */
let shownFromFile: string | null = null;

onDerainerDeath(() => {
  stageLayers.clear();
  useDesk.setState((state) => ({
    photos: state.photos.map((photo) => (isUnderWay(photo) ? { ...photo, state: 'failed', trouble: died } : photo)),
  }));
});

const died = {
  reason: 'The worker that removes rain stopped.',
  advice: 'It may have run out of memory. Try again; a smaller photo or another backend may help.',
};

/** Lays files on the desk; the first of them is looked at. `truths` belong to the files of the same place. */
export function addPhotos(
  files: readonly { readonly name: string; readonly file: Blob; readonly truth?: Blob }[],
): void {
  if (files.length === 0) return;
  const photos = files.map(({ name, file, truth }) =>
    newPhoto(newPhotoId(Date.now(), tab, serial++), name, file, truth ?? null),
  );
  for (const photo of useDesk.getState().photos)
    if (photo.state === 'done' && photo.result === null) void keepLate(photo.id);
  useDesk.setState((state) => ({ photos: [...state.photos, ...photos] }));
  lookAt(photos[0]!.id);
}

/** Puts another photo on the stage. */
export function lookAt(id: string): void {
  if (useDesk.getState().currentId === id) return;
  stageLayers.clear();
  shownFromFile = null;
  useDesk.setState({ currentId: id, comparing: null });
  const photo = currentPhoto(useDesk.getState());
  if (photo?.state === 'waiting') interruptOthers();
  else if (photo && photo.state !== 'refused') void showAgain(photo);
  wake();
}

/** Ends the run of a photo, or of whichever is under way. */
export function endRun(id: string | null = runningId): void {
  if (id !== null && id === runningId) void ask((api) => api.cancel());
}

/** What is looked at goes first: a run of another photo ends, and waits for its turn again. */
export function interruptOthers(): void {
  if (runningId !== useDesk.getState().currentId) endRun();
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
  stageLayers.remove('shown');
  endRun();
  useDesk.setState((state) => ({ ...allWaiting(state), modelTrouble: null, comparing: null, begunOtherwise: false }));
  wake();
}

/** Goes on with what waited for a model: there is one now. */
export function modelArrived(): void {
  useDesk.setState(openedWaiting);
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
  if (!found && shownFromFile === photo.id) return retry(photo.id);
  if (found && photo.state === 'done') void score(photo.id);
}

/** Lays what is compared with on the stage; a result that was read from its file is worked out first where that needs it. */
export async function compareNow(): Promise<void> {
  const photo = currentPhoto(useDesk.getState());
  if (!(await showComparison()) && photo && shownFromFile === photo.id) retry(photo.id);
}

/** Goes on with what waits, one photo after another. */
export function wake(): void {
  working ??= whileDeraining(workThrough).finally(() => {
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
      useDesk.setState((state) =>
        withPhoto(state, photo.id, { state: 'failed', trouble: { reason, advice: died.advice } }),
      );
    }
  }
}

async function workOn(photo: DeskPhoto): Promise<void> {
  const letGo = holdOpen(photo.id);
  try {
    await openAndRun(photo);
  } finally {
    letGo();
  }
}

async function openAndRun({ id, file }: DeskPhoto): Promise<void> {
  useDesk.setState((state) => withPhoto(state, id, { state: 'opening', share: 0, msLeft: null, trouble: null }));
  const size = sizeOnStage(id) ?? (await decoded(id, file));
  if (!size) return;
  const model = chosenModel();
  if (!model) return useDesk.setState((state) => withPhoto(state, id, { state: 'opened' }));
  const ready = await prepareModel(model);
  if (ready.refused) {
    const title = meantModel(useDesk.getState().models, model)?.title ?? model;
    return useDesk.setState((state) => ({
      ...withPhoto(state, id, { state: 'opened' }),
      modelTrouble: { ...ready, name: title },
    }));
  }
  await run(id, model, size);
}

/** Of the photo that is on the stage and that the worker holds: with another model its visible part is done anew at once. */
function sizeOnStage(id: string): Size | null {
  return useDesk.getState().currentId === id && isOpen(id) && stageLayers.get('original') ? stageLayers.size : null;
}

/** Lets the worker decode a photo; null when it is refused. */
async function decoded(id: string, file: Blob): Promise<Size | null> {
  const opened = await openForStage(id, file);
  if (opened.refused) {
    useDesk.setState((state) => withPhoto(state, id, { state: 'refused', trouble: opened }));
    return null;
  }
  arrived(id, opened);
  return opened;
}

async function run(id: string, model: string, size: Size): Promise<void> {
  const { strength } = deskSettings();
  await inTurn(async () => {
    const photo = useDesk.getState().photos.find((one) => one.id === id);
    if (photo?.state !== 'opening') return; // Taken away, or to be done with another model, while it waited for its turn.
    if (useDesk.getState().currentId === id) stageLayers.begin('derained');
    if (shownFromFile === id) shownFromFile = null;
    useDesk.setState((state) => withPhoto(state, id, { state: 'working' }));
    runningId = id;
    try {
      await ask((api) =>
        api.derain(
          jobFor(id, model, size),
          proxy((events: readonly DerainEvent[]) => events.forEach((event) => apply(id, event))),
        ),
      );
    } finally {
      runningId = null;
    }
  });
  const photo = useDesk.getState().photos.find((one) => one.id === id);
  if (photo?.state !== 'done') return;
  if (deskSettings().strength !== strength && useDesk.getState().currentId === id) await showStrength();
  else void score(id);
  await keepResult(photo);
  if (useDesk.getState().currentId === id) await compareNow();
}

/** The result of a photo that was alone on the desk, while the worker still holds it. */
async function keepLate(id: string): Promise<void> {
  const letGo = holdOpen(id);
  await Promise.resolve(); // By then the others are on the desk.
  const photo = useDesk.getState().photos.find((one) => one.id === id);
  if (photo) await keepResult(photo).catch(() => undefined);
  letGo();
}

function apply(id: string, event: DerainEvent): void {
  switch (event.type) {
    case 'derainStarted':
      return reportBackend(event.report);
    case 'tileDerained':
      tilesFor(id, 'derained')([event.tile]);
      return useDesk.setState((state) => withPhoto(state, id, { share: event.share, msLeft: event.msLeft }));
    case 'derained':
      noteSpeed(id, event.ms);
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

/** What a run took, for the price of others. */
function noteSpeed(id: string, ms: number): void {
  const size = useDesk.getState().photos.find((one) => one.id === id)?.size;
  const model = chosenModel();
  if (!size || !model) return;
  const perPixel = ms / (size.width * size.height) / (deskSettings().best ? ANSWERS : 1);
  useDesk.setState(({ speeds }) => ({ speeds: { ...speeds, [model]: perPixel } }));
}

/** A photo that was worked on before comes back to the stage; what was found is drawn again, or looked for again. */
async function showAgain(photo: DeskPhoto): Promise<void> {
  const opened = await openForStage(photo.id, photo.file);
  if (opened.refused)
    return useDesk.setState((state) => withPhoto(state, photo.id, { state: 'refused', trouble: opened }));
  arrived(photo.id, opened);
  const model = chosenModel();
  if (!model || useDesk.getState().currentId !== photo.id || photo.state === 'opened') return;
  stageLayers.begin('derained');
  const layer = { kind: 'derained', strength: deskSettings().strength / 100 } as const;
  const found = await ask((api) =>
    api.compose(photo.id, model, layer, visibleRect(opened), proxy(tilesFor(photo.id, 'derained'))),
  );
  if (found) return void (await showComparison());
  const now = useDesk.getState().photos.find((one) => one.id === photo.id);
  if (now?.state !== 'done' || useDesk.getState().currentId !== photo.id) return;
  if (await showFromFile(now, opened)) await compareNow();
  else retry(photo.id);
}

/** Lays the kept result on the stage. False when there is none that shows what is asked for now. */
async function showFromFile(photo: DeskPhoto, { width, height }: Size): Promise<boolean> {
  const file = visibleResult(photo);
  if (!file) return false;
  const name = `result of ${photo.id}`;
  const opened = await ask((api) => api.openPhoto(name, file)); // Decoded in the same colour space as the photo.
  closeForGood(name);
  if (opened.refused) return false;
  shownFromFile = photo.id;
  tilesFor(photo.id, 'derained')([{ rect: { left: 0, top: 0, width, height }, bitmap: opened.bitmap }]);
  return true;
}

/** Lets the worker decode a photo; what it shows small at first comes in its size when there is time. */
function openForStage(id: string, file: Blob): Promise<OpenedPhoto | UserError> {
  const sharpen = (bitmap: ImageBitmap): void => {
    if (useDesk.getState().currentId === id) stageLayers.sharpen(bitmap);
    else bitmap.close();
  };
  return ask((api) => api.openPhoto(id, file, proxy(sharpen)));
}

/** The worker has decoded a photo. */
function arrived(id: string, opened: OpenedPhoto): void {
  const { width, height, metadata, bitmap, colorSpace } = opened;
  useDesk.setState((state) => withPhoto(state, id, { size: { width, height }, metadata }));
  noteOpen(id);
  const isLookedAt = useDesk.getState().currentId === id;
  if (isLookedAt) stageLayers.show(bitmap, { width, height }, colorSpace);
  const photo = useDesk.getState().photos.find((one) => one.id === id);
  const picture = isLookedAt ? stageLayers.get('original')!.overview : bitmap; // What is small already is shrunk sooner.
  if (photo && !photo.thumbnail)
    void makeThumbnail(picture).then((thumbnail) => useDesk.setState((state) => withPhoto(state, id, { thumbnail })));
  if (!isLookedAt) bitmap.close();
}

function isUnderWay({ state }: DeskPhoto): boolean {
  return state === 'opening' || state === 'working';
}
