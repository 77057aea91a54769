import { transfer } from 'comlink';
import type { OpenedPhoto, UserError } from '../../src/protocol/derainer.ts';
import type { DerainerHost } from './derainerHost.ts';
import { describePhoto, isSlowToShow, smallBitmap } from './photoStore.ts';
import type { PhotoStore } from './photoStore.ts';

/** A photo is shown in its size so long after it was shown small, milliseconds: by then something of it is derained. */
const WHOLE_AFTER_MS = 500;

export type OnWhole = (bitmap: ImageBitmap) => void;

/** Opens a photo for the page; with `onWhole` one that takes long to show comes small first, and whole soon after. */
export async function showPhoto(
  photos: PhotoStore,
  { imaging, yieldToEventLoop }: Pick<DerainerHost, 'imaging' | 'yieldToEventLoop'>,
  { id, file, onWhole }: { readonly id: string; readonly file: Blob; readonly onWhole: OnWhole | undefined },
): Promise<OpenedPhoto | UserError> {
  const photo = await photos.open(id, file);
  if ('refused' in photo) return photo;
  const { decoded } = photo;
  const showWhole = async (onWhole: OnWhole): Promise<void> => {
    if (photos.get(id) !== photo) return;
    const bitmap = await photo.using(() => imaging.copy(decoded, yieldToEventLoop));
    onWhole(transfer(bitmap, [bitmap]));
  };
  const isSlow = onWhole !== undefined && isSlowToShow(decoded);
  if (isSlow) setTimeout(() => void showWhole(onWhole), WHOLE_AFTER_MS);
  const bitmap = await photo.using(async () => (isSlow ? smallBitmap(decoded, imaging) : imaging.copy(decoded)));
  return transfer(describePhoto(decoded, bitmap), [bitmap]);
}
