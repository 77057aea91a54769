/** What an image file says besides its pixels; each part as the format-free bytes that all containers share. */
export interface PhotoMetadata {
  /** The TIFF block, without any prefix. */
  readonly exif: Uint8Array | null;
  /** The XMP packet, UTF-8. */
  readonly xmp: Uint8Array | null;
  /** What of the XMP had no room in one packet, as the segments of a JPEG; only JPEG has a place for them. */
  readonly extendedXmp?: Uint8Array;
  /** Photoshop image resources with IPTC among them; only JPEG has a place for them. */
  readonly iptc: Uint8Array | null;
  /** The ICC profile, of an RGB colour space. */
  readonly icc: Uint8Array | null;
}

/** A part that is larger is no honest one, and is left out. */
export const MAX_METADATA_BYTES = 16 * 2 ** 20;

export const noMetadata: PhotoMetadata = { exif: null, xmp: null, iptc: null, icc: null };
