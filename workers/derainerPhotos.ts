import { cropPixels, pastePixels } from '../src/core/images/pixels.ts';
import type { Pixels } from '../src/core/images/pixels.ts';
import { applyResidual, rainMapOf } from '../src/core/inference/residual.ts';
import type { Residual } from '../src/core/inference/residual.ts';
import { intersection } from '../src/core/inference/tiles.ts';
import type { Rect } from '../src/core/inference/tiles.ts';
import { readImageHeader } from '../src/browser/imageHeader.ts';
import type { ImageHeader } from '../src/browser/imageHeader.ts';
import { ImageRefusal } from '../src/browser/imageRefusal.ts';
import { isDisplayP3, readMetadata } from '../src/browser/metadata/copyMetadata.ts';
import type { PhotoMetadata } from '../src/browser/metadata/photoMetadata.ts';
import { openPhoto, pixelsOf } from '../src/browser/photoReader.ts';
import type { Layer, LayerTile, OpenedPhoto, Refusal } from './protocol.ts';

/** One tile of what a model found. */
export interface Finding {
  readonly residual: Residual;
  /** z = F1(x), from a teacher. */
  readonly rainMap: Residual | null;
}

/** A decoded photo with what models found on it. */
export interface Photo {
  readonly pixels: Pixels;
  /** MIME type of its file. */
  readonly type: string;
  readonly metadata: PhotoMetadata;
  readonly colorSpace: PredefinedColorSpace;
  /** By model; the one used last comes last. */
  readonly findings: Map<string, Finding[]>;
}

/** A photo with its findings and its way into a file takes about 30 bytes a pixel for a moment. */
const MAX_PIXELS = 64e6;

/** Findings take half as much again as the photo itself; comparing needs two models. */
const MODELS_KEPT = 2;

/** Decodes a file. Pixels of a file with an RGB profile stay in that profile's colour space, so that it can be kept. */
export async function readDerainPhoto(file: Blob): Promise<Photo | Refusal> {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const metadata = readMetadata(bytes, typeOf(bytes));
    assertRoomFor(readImageHeader(bytes));
    const { bitmap, header } = await openPhoto(file, metadata.icc ? { colorSpaceConversion: 'none' } : {});
    const pixels = pixelsOf(bitmap, bitmap.width, bitmap.height);
    bitmap.close();
    return { pixels, type: header.type, metadata, colorSpace: metadata.icc && isDisplayP3(metadata.icc) ? 'display-p3' : 'srgb', findings: new Map() };
  } catch (error) {
    if (error instanceof ImageRefusal) return { refused: true, reason: error.reason, advice: error.advice };
    if (error instanceof DOMException) {
      return { refused: true, reason: 'The file cannot be read any more.', advice: 'It may have been moved or changed; choose it again.' };
    }
    throw error;
  }
}

/** The photo as the page shows it. */
export async function openedPhoto({ pixels, type, metadata: { exif, xmp, icc }, colorSpace }: Photo): Promise<OpenedPhoto> {
  const metadata = [exif && 'EXIF', xmp && 'XMP', icc && 'ICC profile'].filter((part) => part !== null);
  return { refused: false, width: pixels.width, height: pixels.height, type, bitmap: await bitmapOf(pixels, colorSpace), metadata, colorSpace };
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

/** The findings with those inside `region` first. */
export function nearFirst(findings: readonly Finding[], region: Rect): Finding[] {
  const seen = (finding: Finding): boolean => intersection(finding.residual.rect, region) !== null;
  return [...findings.filter(seen), ...findings.filter((finding) => !seen(finding))];
}

/** A layer's pixels in the rectangle of a finding. */
export function layerPixels({ pixels }: Photo, { residual, rainMap }: Finding, layer: Layer): Pixels {
  switch (layer.kind) {
    case 'derained': {
      const { left, top, width, height } = residual.rect;
      return applyResidual(cropPixels(pixels, left, top, width, height), residual, layer.strength);
    }
    case 'rainMap':
      return rainMapOf(rainMap ?? residual, layer.gain);
    default:
      return layer satisfies never;
  }
}

/** A layer's whole picture. */
export function wholeLayer(photo: Photo, findings: readonly Finding[], layer: Layer): Pixels {
  const { width, height, data } = photo.pixels;
  const whole: Pixels = { width, height, data: data.slice() };
  for (const finding of findings) {
    const { left, top } = finding.residual.rect;
    pastePixels(whole, layerPixels(photo, finding, layer), left, top);
  }
  return whole;
}

/** Pixels as the page shows them. */
export async function tileOf(rect: Rect, pixels: Pixels, colorSpace: PredefinedColorSpace): Promise<LayerTile> {
  return { rect, bitmap: await bitmapOf(pixels, colorSpace) };
}

function bitmapOf({ width, height, data }: Pixels, colorSpace: PredefinedColorSpace): Promise<ImageBitmap> {
  return createImageBitmap(new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height, { colorSpace }));
}

function assertRoomFor({ width, height }: ImageHeader): void {
  if (width * height <= MAX_PIXELS) return;
  const megapixels = Math.round((width * height) / 1e6);
  throw new ImageRefusal(
    'tooLarge',
    `The photo is ${width} × ${height} (${megapixels} megapixels); rain is removed from photos of up to ${MAX_PIXELS / 1e6}.`,
    'Make it smaller in another program first, or use the command line.',
  );
}

/** By the file's first bytes, for the formats whose metadata is read; names and MIME types may lie. */
function typeOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'image/jpeg';
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return 'image/png';
  return bytes[0] === 0x52 && bytes[8] === 0x57 ? 'image/webp' : '';
}
