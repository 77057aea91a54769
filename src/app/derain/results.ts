import { proxy } from 'comlink';
import type { DerainEvent } from '../../protocol/derainer.ts';
import { chosenModel, deskSettings, jobFor } from './chosen.ts';
import { ask } from './derainer.ts';
import { useDesk, withPhoto } from './deskStore.ts';
import type { DeskPhoto, Trouble } from './deskStore.ts';
import { encodeResult, rewriteResult, useSaveChoice } from './saving.ts';
import { inTurn } from './turns.ts';
import { holdOpen, noteOpen } from './workerPhotos.ts';

/** Results as files, made when a photo was done: the worker holds only the photos at hand. */
const kept = new Map<string, Blob>();

/** Writes a finished photo of a queue while the worker still holds it. */
export async function keepResult(photo: DeskPhoto): Promise<void> {
  if (useDesk.getState().photos.length < 2) return;
  const settings = present();
  const file = await encodeResult(photo);
  if (file instanceof Blob) remember(photo.id, file, settings);
}

/** Puts a result's file in place of the kept one: the same bytes, elsewhere. */
export function setKeptFile(id: string, file: Blob): void {
  kept.set(id, file);
}

/** The file kept of a photo's result, whatever settings it was made with. */
export function keptFile(id: string): Blob | null {
  return kept.get(id) ?? null;
}

export function forgetResult(id: string): void {
  kept.delete(id);
}

/**
 * The kept result, when it is the file that the present settings ask for. One whose model is gone cannot be made anew, so it
 * stands as it is.
 */
export function standingResult(photo: DeskPhoto): Blob | null {
  return photo.result === present() ? keptFile(photo.id) : orphan(photo);
}

/** The kept result, when it shows what the present settings ask for, whatever kind of file it is. */
export function visibleResult(photo: DeskPhoto): Blob | null {
  return photo.result !== null && looksOf(photo.result) === looksOf(present()) ? keptFile(photo.id) : orphan(photo);
}

function orphan({ id, result }: DeskPhoto): Blob | null {
  return result !== null && !isThere(modelOf(result)) ? keptFile(id) : null;
}

/**
 * The result of a finished photo as a file: the one kept, else written from what the worker holds, else the kept one as
 * another kind of file (which decodes it, at four bytes a pixel), else worked out once more.
 */
export async function resultOf(photo: DeskPhoto): Promise<Blob | Trouble> {
  const before = standingResult(photo);
  if (before) return before;
  const settings = present();
  const visible = visibleResult(photo);
  let file = await encodeResult(photo);
  if (!(file instanceof Blob) && visible?.type === 'image/png') file = await rewriteResult(visible, photo);
  if (!(file instanceof Blob)) {
    const letGo = holdOpen(photo.id);
    const trouble = await findAgain(photo);
    file = trouble ?? (await encodeResult(photo));
    letGo();
  }
  if (file instanceof Blob) remember(photo.id, file, settings);
  return file;
}

function remember(id: string, file: Blob, settings: string): void {
  if (!useDesk.getState().photos.some((photo) => photo.id === id)) return; // Taken away meanwhile.
  kept.set(id, file);
  useDesk.setState((state) => withPhoto(state, id, { result: settings }));
}

async function findAgain({ id, file }: DeskPhoto): Promise<Trouble | null> {
  const model = chosenModel();
  const opened = await ask((api) => api.openPhoto(id, file));
  if (opened.refused) return opened;
  opened.bitmap.close();
  noteOpen(id);
  let trouble: Trouble | null = null;
  const hear = (event: DerainEvent): void => {
    if (event.type === 'tileDerained') event.tile.bitmap.close();
    if (event.type === 'derainFailed') trouble = event;
  };
  await inTurn(() =>
    ask((api) =>
      api.derain(
        jobFor(id, model ?? '', opened),
        proxy((events: readonly DerainEvent[]) => events.forEach(hear)),
      ),
    ),
  );
  return trouble;
}

/** Everything that a result depends on, as one text: what its pixels come from, the model first, and then how it is written. */
function present(): string {
  const { strength, best } = deskSettings();
  return JSON.stringify([chosenModel(), strength, best, { ...useSaveChoice.getState(), suffix: '' }]);
}

/** What of the settings the pixels come from. */
function looksOf(settings: string): string {
  return JSON.stringify((JSON.parse(settings) as unknown[]).slice(0, 3));
}

function modelOf(settings: string): unknown {
  return (JSON.parse(settings) as unknown[])[0];
}

function isThere(model: unknown): boolean {
  return useDesk.getState().models?.some(({ id }) => id === model) ?? false;
}
