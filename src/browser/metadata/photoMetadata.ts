/** What an image file says besides its pixels; each part as the format-free bytes that all containers share. */
export interface PhotoMetadata {
  /** The TIFF block, without any prefix. */
  readonly exif: Uint8Array | null;
  /** The XMP packet, UTF-8, whole: what lay in further segments of a JPEG is part of it. */
  readonly xmp: Uint8Array | null;
  /** Photoshop image resources with IPTC among them; WebP has no place for them. */
  readonly iptc: Uint8Array | null;
  /** The ICC profile, of an RGB colour space. */
  readonly icc: Uint8Array | null;
  /** Texts (author, copyright …) and density of a PNG as its whole chunks; only PNG has a place for them. */
  readonly pngTexts?: Uint8Array;
  /** What an AVIF or HEIC says of its pixels and of images beside them, which a result may lack. */
  readonly features?: readonly IsoFeature[];
}

export type IsoFeature = 'HDR gain map' | 'depth map' | 'transparency' | 'over 8 bits';

/** A part that is larger is no honest one, and is left out. */
export const MAX_METADATA_BYTES = 16 * 2 ** 20;

export const noMetadata: PhotoMetadata = { exif: null, xmp: null, iptc: null, icc: null };
