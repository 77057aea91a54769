import { saveFile } from '../ui/saveFile.ts';
import type { DeskPhoto, Trouble } from './deskStore.ts';
import { resultOf } from './results.ts';
import { resultFileName } from './saving.ts';

/** Hands the result over as a download. Null when that worked, else what went wrong. */
export async function downloadResult(photo: DeskPhoto): Promise<Trouble | null> {
  const file = await resultOf(photo);
  if (!(file instanceof Blob)) return file;
  saveFile(file, resultFileName(photo));
  return null;
}

/** Whether the system takes pictures to hand them to other apps. */
export function canShareFiles(): boolean {
  const probe = new File([], 'photo.png', { type: 'image/png' });
  return navigator.canShare?.({ files: [probe] }) ?? false;
}

/** Hands the result to another app of the person's choice. Null when that worked or was called off, else what went wrong. */
export async function shareResult(photo: DeskPhoto): Promise<Trouble | null> {
  const result = await resultOf(photo);
  if (!(result instanceof Blob)) return result;
  const file = new File([result], resultFileName(photo), { type: result.type });
  try {
    await navigator.share({ files: [file] });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    return { reason: 'The system did not take the picture.', advice: 'Download it instead.' };
  }
  return null;
}
