import { proxy } from 'comlink';
import type { DerainEvent } from '../../../workers/protocol.ts';
import { chosenModel, deskSettings, jobFor } from './chosen.ts';
import { ask } from './derainer.ts';
import { useDesk } from './deskStore.ts';
import type { DeskPhoto, Trouble } from './deskStore.ts';
import { encodeResult, useSaveChoice } from './saving.ts';
import { inTurn } from './turns.ts';

/** Results as files, made when a photo was done: the worker does not hold every photo of a long queue. */
const kept = new Map<string, { readonly settings: string; readonly file: Blob }>();

/** Writes a finished photo of a queue while the worker still holds it. */
export async function keepResult(photo: DeskPhoto): Promise<void> {
  if (useDesk.getState().photos.length < 2) return;
  const settings = present();
  const file = await encodeResult(photo);
  if (file instanceof Blob) kept.set(photo.id, { settings, file });
}

export function forgetResult(id: string): void {
  kept.delete(id);
}

/** The result of a finished photo as a file: the one kept, else written from what the worker holds, else worked out once more. */
export async function resultOf(photo: DeskPhoto): Promise<Blob | Trouble> {
  const settings = present();
  const before = kept.get(photo.id);
  if (before?.settings === settings) return before.file;
  let file = await encodeResult(photo);
  if (!(file instanceof Blob)) {
    const trouble = await findAgain(photo);
    if (trouble) return trouble;
    file = await encodeResult(photo);
  }
  if (file instanceof Blob) kept.set(photo.id, { settings, file });
  return file;
}

async function findAgain({ id, file }: DeskPhoto): Promise<Trouble | null> {
  const model = chosenModel();
  const opened = await ask((api) => api.openPhoto(id, file));
  if (opened.refused) return opened;
  opened.bitmap.close();
  let trouble: Trouble | null = null;
  const hear = (event: DerainEvent): void => {
    if (event.type === 'tileDerained') event.tile.bitmap.close();
    if (event.type === 'derainFailed') trouble = event;
  };
  await inTurn(() => ask((api) => api.derain(jobFor(id, model ?? '', opened), proxy((events: readonly DerainEvent[]) => events.forEach(hear)))));
  return trouble;
}

/** Everything that a result depends on, as one text. */
function present(): string {
  const { strength, best } = deskSettings();
  return JSON.stringify([chosenModel(), strength, best, { ...useSaveChoice.getState(), suffix: '' }]);
}
