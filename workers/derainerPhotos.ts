import { cropPixels, pastePixels } from '../src/core/images/pixels.ts';
import type { Pixels } from '../src/core/images/pixels.ts';
import type { PictureSource, Tiled } from '../src/core/inference/derain.ts';
import { packResidual, unpackResidual } from '../src/core/inference/packedResidual.ts';
import type { PackedResidual } from '../src/core/inference/packedResidual.ts';
import { applyResidual, rainMapOf } from '../src/core/inference/residual.ts';
import { intersection } from '../src/core/inference/tiles.ts';
import type { Rect } from '../src/core/inference/tiles.ts';
import { readImageHeader } from '../src/browser/imageHeader.ts';
import type { ImageHeader } from '../src/browser/imageHeader.ts';
import { ImageRefusal } from '../src/browser/imageRefusal.ts';
import { readMetadata } from '../src/browser/metadata/copyMetadata.ts';
import { isDisplayP3 } from '../src/browser/metadata/iccProfile.ts';
import type { PhotoMetadata } from '../src/browser/metadata/photoMetadata.ts';
import { assertPhotoFits } from '../src/browser/photoRoom.ts';
import { bitmapSource, decodePhoto, pixelsOf } from '../src/browser/photoReader.ts';
import type { PictureBands } from '../src/browser/pngWriter.ts';
import type { Layer, LayerTile, OpenedPhoto, UserError } from '../src/protocol/derainer.ts';

/** One tile of what a model found. */
export interface Finding {
  readonly residual: PackedResidual;
  /** z = F1(x), from a teacher. */
  readonly rainMap: PackedResidual | null;
}

/** A decoded photo with what models found on it. Its pixels lie in the bitmap alone and are read from there. */
export interface Photo {
  readonly bitmap: ImageBitmap;
  readonly picture: PictureSource;
  /** MIME type of its file. */
  readonly type: string;
  readonly metadata: PhotoMetadata;
  readonly colorSpace: PredefinedColorSpace;
  /** By model; the one used last comes last. */
  readonly findings: Map<string, Finding[]>;
  /** Work under way that reads its pixels. */
  readonly readers: Set<Promise<unknown>>;
}

/** Findings take nearly as much as the photo itself; comparing two others beside the result needs three models. */
const MODELS_KEPT = 3;
/** Longer side of what is shown of a photo at first, pixels. */
const SMALL_SIDE = 2048;
/** Rows that are read at once where a whole picture is gone through. */
const STRIP_ROWS = 256;

/** Decodes a file. Pixels of a file with an RGB profile stay in that profile's colour space, so that it can be kept. */
export async function readDerainPhoto(file: Blob): Promise<Photo | UserError> {
  try {
    const { header, metadata } = await readHead(file);
    const bitmap = await decodePhoto(file, header, metadata.icc ? { colorSpaceConversion: 'none' } : {});
    const colorSpace = metadata.icc && isDisplayP3(metadata.icc) ? 'display-p3' : 'srgb';
    return {
      bitmap,
      picture: bitmapSource(bitmap),
      type: header.type,
      metadata,
      colorSpace,
      findings: new Map(),
      readers: new Set(),
    };
  } catch (error) {
    if (error instanceof ImageRefusal) return { refused: true, reason: error.reason, advice: error.advice };
    if (error instanceof DOMException) {
      return {
        refused: true,
        reason: 'The file cannot be read any more.',
        advice: 'It may have been moved or changed; choose it again.',
      };
    }
    throw error;
  }
}

/** What the file says of itself; refused when there is no room for the picture, before it is decoded. */
export async function readHead(file: Blob): Promise<{ header: ImageHeader; metadata: PhotoMetadata }> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const header = readImageHeader(bytes);
  assertPhotoFits(header, (navigator as { readonly deviceMemory?: number }).deviceMemory);
  return { header, metadata: readMetadata(bytes, header.type) };
}

/** Work that reads a photo's pixels, which stay until it has ended. */
export async function using<Result>({ readers }: Photo, work: () => Promise<Result>): Promise<Result> {
  const reading = work();
  readers.add(reading);
  try {
    return await reading;
  } finally {
    readers.delete(reading);
  }
}

/** Frees a photo's pixels as soon as nothing reads them any more. */
export async function closeWhenFree({ bitmap, readers }: Photo): Promise<void> {
  await Promise.allSettled(readers);
  bitmap.close();
}

/** What the page is told of a photo, with the bitmap that it shows. */
export function describedPhoto(photo: Photo, bitmap: ImageBitmap): OpenedPhoto {
  const {
    picture: { width, height },
    type,
    metadata: { exif, xmp, iptc, icc },
    colorSpace,
  } = photo;
  const metadata = [exif && 'EXIF', xmp && 'XMP', iptc && 'IPTC', icc && 'ICC profile'].filter((part) => part !== null);
  return { refused: false, width, height, type, bitmap, metadata, colorSpace };
}

/** A large photo in a wide colour space. A bitmap decoded without regard to its profile cannot be told its colours; a canvas can. */
export function isSlowToShow({ picture: { width, height }, colorSpace }: Photo): boolean {
  return colorSpace !== 'srgb' && Math.max(width, height) > SMALL_SIDE;
}

/** The photo shrunk to what a screen shows of it. */
export function smallBitmap({ bitmap, picture, colorSpace }: Photo): ImageBitmap {
  const scale = Math.min(1, SMALL_SIDE / Math.max(picture.width, picture.height));
  const [width, height] = [
    Math.max(1, Math.round(picture.width * scale)),
    Math.max(1, Math.round(picture.height * scale)),
  ];
  const canvas = new OffscreenCanvas(width, height);
  canvas
    .getContext('2d', { colorSpace, willReadFrequently: true })!
    .putImageData(imageData(pixelsOf(bitmap, width, height, 'low'), colorSpace), 0, 0);
  return canvas.transferToImageBitmap();
}

/** The photo in its size, a strip at a time, with a pause after each. */
export async function wholeBitmap(
  { bitmap, picture, colorSpace }: Photo,
  breathe?: () => Promise<void>,
): Promise<ImageBitmap> {
  if (colorSpace === 'srgb') return createImageBitmap(bitmap);
  const { width, height } = picture;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { colorSpace, willReadFrequently: true })!;
  for (let top = 0; top < height; top += STRIP_ROWS) {
    const strip = await picture.read({ left: 0, top, width, height: Math.min(STRIP_ROWS, height - top) });
    context.putImageData(imageData(strip, colorSpace), 0, top);
    await breathe?.();
  }
  return canvas.transferToImageBitmap();
}

/** An empty list of findings for a model, in place of an older one; the model used longest ago gives way. */
export function beginFindings({ findings }: Photo, model: string): Finding[] {
  findings.delete(model);
  for (const oldest of findings.keys()) {
    if (findings.size < MODELS_KEPT) break;
    findings.delete(oldest);
  }
  const list: Finding[] = [];
  findings.set(model, list);
  return list;
}

export function findingOf({ residual, rainMap }: Pick<Tiled, 'residual' | 'rainMap'>): Finding {
  return { residual: packResidual(residual), rainMap: rainMap && packResidual(rainMap) };
}

/** The findings with those inside `region` first. */
export function nearFirst(findings: readonly Finding[], region: Rect): Finding[] {
  const seen = (finding: Finding): boolean => intersection(finding.residual.rect, region) !== null;
  return [...findings.filter(seen), ...findings.filter((finding) => !seen(finding))];
}

/** A layer's pixels in the rectangle of a finding, where the photo itself has the pixels `original`. */
export function layerPixels(original: Pixels, { residual, rainMap }: Finding, layer: Layer): Pixels {
  switch (layer.kind) {
    case 'derained':
      return applyResidual(original, unpackResidual(residual), layer.strength);
    case 'rainMap':
      return rainMapOf(unpackResidual(rainMap ?? residual), layer.gain);
    default:
      return layer satisfies never;
  }
}

/** A layer's whole picture, a row of tiles at a time; the photo itself where nothing was found. */
export function layerBands({ picture, type }: Photo, findings: readonly Finding[], layer: Layer): PictureBands {
  const { width, height } = picture;
  const edges = findings.flatMap(({ residual: { rect } }) => [rect.top, rect.top + rect.height]);
  const cuts = [...new Set([0, ...edges, height])].sort((a, b) => a - b);
  return {
    width,
    height,
    opaque: type === 'image/jpeg' || layer.kind === 'rainMap',
    async *bands() {
      for (const [i, top] of cuts.slice(0, -1).entries()) {
        const band: Rect = { left: 0, top, width, height: cuts[i + 1]! - top };
        const pixels = await picture.read(band);
        for (const finding of findings) {
          const { rect } = finding.residual;
          if (rect.top !== top || rect.height !== band.height) continue;
          const original = cropPixels(pixels, rect.left, 0, rect.width, rect.height);
          pastePixels(pixels, layerPixels(original, finding, layer), rect.left, 0);
        }
        yield pixels;
      }
    },
  };
}

/** The photo as it is, a strip at a time. */
export function photoBands({ picture }: Photo, opaque: boolean): PictureBands {
  const { width, height } = picture;
  return {
    width,
    height,
    opaque,
    async *bands() {
      for (let top = 0; top < height; top += STRIP_ROWS)
        yield await picture.read({ left: 0, top, width, height: Math.min(STRIP_ROWS, height - top) });
    },
  };
}

/** A layer's whole picture at once. */
export async function wholeLayer(photo: Photo, findings: readonly Finding[], layer: Layer): Promise<Pixels> {
  const { width, height, bands } = layerBands(photo, findings, layer);
  const data = new Uint8ClampedArray(width * height * 4);
  let at = 0;
  for await (const band of bands()) {
    data.set(band.data, at);
    at += band.data.length;
  }
  return { width, height, data };
}

/** Pixels as the page shows them. */
export async function tileOf(rect: Rect, pixels: Pixels, colorSpace: PredefinedColorSpace): Promise<LayerTile> {
  return { rect, bitmap: await createImageBitmap(imageData(pixels, colorSpace)) };
}

function imageData({ width, height, data }: Pixels, colorSpace: PredefinedColorSpace): ImageData {
  return new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height, { colorSpace });
}
