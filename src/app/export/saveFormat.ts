import type { PhotoFormat } from '../../protocol/derainer.ts';

/** 'original' writes the kind of file that the photo came as, where the browser can. */
export type SaveFormat = PhotoFormat | 'original';

/** How results are written. */
export interface SaveSettings {
  readonly format: SaveFormat;
  /** 1…100, for JPEG and WebP. */
  readonly quality: number;
  readonly keepMetadata: boolean;
  /** Whether the browser can write WebP. */
  readonly writesWebp: boolean;
}

/** A photo's file, with its MIME type by its own bytes; null until they were read. */
export interface GivenFile {
  readonly type: string | null;
  readonly file: Blob;
}

/** MIME type of a photo's file: by its bytes once they were read, before that by its name. */
export function typeOf({ type, file }: GivenFile): string {
  return type ?? file.type;
}

/**
 * The kind of file that a photo's result is written as. What the browser cannot write becomes a PNG, which loses nothing; a HEIC, which
 * no browser writes, a JPEG, because phones make it of photos.
 */
export function outputFormat({ format, writesWebp }: SaveSettings, photo: GivenFile): PhotoFormat {
  const wanted = format === 'original' ? typeOf(photo) : format;
  if (wanted === 'image/heic') return 'image/jpeg';
  return wanted === 'image/jpeg' || (wanted === 'image/webp' && writesWebp) ? wanted : 'image/png';
}
