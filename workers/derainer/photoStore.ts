import { hasLocation } from '../../src/browser/metadata/location.ts';
import { besideOf } from '../../src/browser/metadata/besideImage.ts';
import type { DecodedPhoto, Imaging } from '../../src/browser/photoImaging.ts';
import type { OpenedPhoto, UserError } from '../../src/protocol/derainer.ts';
import type { Finding } from './layers.ts';
import { toFileError } from './userError.ts';

/** Findings take nearly as much as the photo itself; comparing two others beside the result needs three models. */
const MODELS_KEPT = 3;
/** Longer side of what is shown of a photo at first, pixels. */
const SMALL_SIDE = 2048;

/** A decoded photo with what models found on it. */
export class Photo {
  /** By model; the one used last comes last. */
  private readonly findings = new Map<string, Finding[]>();
  /** Work under way that reads its pixels. */
  private readonly readers = new Set<Promise<unknown>>();

  constructor(readonly decoded: DecodedPhoto) {}

  /** Does work that reads the pixels, which stay until it has ended. */
  async using<Result>(work: () => Promise<Result>): Promise<Result> {
    const reading = work();
    this.readers.add(reading);
    try {
      return await reading;
    } finally {
      this.readers.delete(reading);
    }
  }

  /** What a model found so far; undefined before its first run. */
  findingsOf(model: string): readonly Finding[] | undefined {
    return this.findings.get(model);
  }

  /** An empty list of findings for a model, in place of an older one; the model used longest ago gives way. */
  beginFindings(model: string): Finding[] {
    this.findings.delete(model);
    for (const oldest of this.findings.keys()) {
      if (this.findings.size < MODELS_KEPT) break;
      this.findings.delete(oldest);
    }
    const list: Finding[] = [];
    this.findings.set(model, list);
    return list;
  }

  /** Frees the pixels as soon as nothing reads them any more. */
  async close(): Promise<void> {
    await Promise.allSettled(this.readers);
    this.decoded.bitmap.close();
  }
}

/** The decoded photos by id. */
export class PhotoStore {
  private readonly opening = new Map<string, Promise<Photo | UserError>>();
  private readonly photos = new Map<string, Photo>();

  constructor(private readonly imaging: Imaging) {}

  /** Decodes a photo, unless it is held under this id already. */
  open(id: string, file: Blob): Promise<Photo | UserError> {
    const before = this.opening.get(id);
    if (before) return before;
    const opening = this.decode(file).then((photo) => {
      if (this.opening.get(id) !== opening) return photo; // Closed meanwhile.
      if (photo instanceof Photo) this.photos.set(id, photo);
      else this.opening.delete(id);
      return photo;
    });
    this.opening.set(id, opening);
    opening.catch(() => this.opening.delete(id));
    return opening;
  }

  /** A photo that was opened and not closed. */
  get(id: string): Photo | undefined {
    return this.photos.get(id);
  }

  /** Frees a photo and everything derived from it, after those that read it have ended. */
  async close(id: string): Promise<void> {
    const opening = this.opening.get(id);
    this.opening.delete(id);
    this.photos.delete(id);
    const photo = await opening?.catch(() => undefined);
    if (photo instanceof Photo) await photo.close();
  }

  private async decode(file: Blob): Promise<Photo | UserError> {
    try {
      return new Photo(await this.imaging.decode(file));
    } catch (error) {
      return toFileError(error);
    }
  }
}

/** What the page is told of a photo, with the bitmap that it shows. */
export function describePhoto(photo: DecodedPhoto, bitmap: ImageBitmap): OpenedPhoto {
  const {
    image: { width, height },
    type,
    metadata: given,
    colorSpace,
  } = photo;
  const { exif, xmp, iptc, icc, pngTexts, features } = given;
  const parts = [
    exif && 'EXIF',
    hasLocation(given) ? 'GPS location' : null,
    xmp && 'XMP',
    iptc && 'IPTC',
    icc && 'ICC profile',
    pngTexts ? 'PNG texts' : null,
    photo.deepRows && type === 'image/png' ? '16 bits' : null,
    ...(type === 'image/heic' ? heicParts(features ?? [], photo.deepRows !== null) : []),
    ...besideOf(given),
  ];
  const metadata = parts.filter((part) => part !== null);
  return { refused: false, width, height, type, bitmap, metadata, colorSpace };
}

/** What of a HEIC's pixels a result may lack; bits that are not read are those of high dynamic range. */
function heicParts(features: readonly string[], isDeep: boolean): string[] {
  return [
    ...features.filter((one) => one === 'transparency'),
    ...(features.includes('over 8 bits') ? [isDeep ? 'over 8 bits' : 'high dynamic range'] : []),
  ];
}

/** Whether a photo takes long to show: a large one in other colours than sRGB. */
export function isSlowToShow({ image: { width, height }, colorSpace, convert }: DecodedPhoto): boolean {
  return (colorSpace !== 'srgb' || convert !== null) && Math.max(width, height) > SMALL_SIDE;
}

/** The photo shrunk to what a screen shows of it. */
export function smallBitmap(photo: DecodedPhoto, imaging: Imaging): ImageBitmap {
  return imaging.shrink(photo, SMALL_SIDE);
}
