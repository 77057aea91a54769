import { create } from 'zustand';

/** A photo on its way from one view to another. */
export interface HandedPhoto {
  readonly name: string;
  readonly file: Blob;
  /** The same image without rain, where it is known. */
  readonly truth: Blob | null;
}

/** What another view has handed to Derain, which takes it as soon as it is there. */
export const useHandedPhotos = create<{ readonly photos: readonly HandedPhoto[] }>(() => ({ photos: [] }));

export function handPhoto(photo: HandedPhoto): void {
  useHandedPhotos.setState(({ photos }) => ({ photos: [...photos, photo] }));
}

/** Gives out what was handed over, once. */
export function takeHandedPhotos(): readonly HandedPhoto[] {
  const { photos } = useHandedPhotos.getState();
  if (photos.length > 0) useHandedPhotos.setState({ photos: [] });
  return photos;
}
