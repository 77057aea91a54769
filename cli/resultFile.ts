import sharp from 'sharp';
import { lostParts, metadataOfResult, partsOf, writeMetadata } from '../src/browser/metadata/copyMetadata.ts';
import type { MetadataPart } from '../src/browser/metadata/copyMetadata.ts';
import { besideOf } from '../src/browser/metadata/besideImage.ts';
import type { BesideImage } from '../src/browser/metadata/besideImage.ts';
import { noMetadata } from '../src/browser/metadata/photoMetadata.ts';
import type { PhotoMetadata } from '../src/browser/metadata/photoMetadata.ts';
import type { DeepRows } from '../src/browser/deepPng.ts';
import { writePng } from '../src/browser/pngWriter.ts';
import type { DeepBands } from '../src/browser/pngWriter.ts';
import { flattenedOnWhite, isOpaque } from '../src/core/images/pixels.ts';
import type { Pixels } from '../src/core/images/pixels.ts';
import { applyResidual16 } from '../src/core/inference/residual.ts';
import type { Residual } from '../src/core/inference/residual.ts';
import type { DecodedFile } from './decodePhoto.ts';

/** Formats that can be written, by the ending of their files. */
export const resultFormats = ['jpg', 'png', 'webp'] as const;
export type ResultFormat = (typeof resultFormats)[number];

export interface ResultChoice {
  readonly format: ResultFormat;
  /** 1…100, for JPEG and WebP. */
  readonly quality: number;
  /** 'strip' leaves all but the ICC profile out. */
  readonly metadata: 'keep' | 'strip';
}

/** What of a photo's file a result may lack. */
export type LostPart = MetadataPart | BesideImage | '16 bits a channel' | 'over 8 bits a channel' | 'transparency';

/** A result as a file. */
export interface ResultFile {
  readonly bytes: Uint8Array;
  /** What of the photo's file is in it. */
  readonly kept: readonly MetadataPart[];
  /** What the format, or no result at all, has a place for. */
  readonly lost: readonly LostPart[];
}

const TYPES: Readonly<Record<ResultFormat, string>> = { jpg: 'image/jpeg', png: 'image/png', webp: 'image/webp' };

/** The format of a result in that of its photo; where that cannot be written JPEG for a HEIC, which loses as much as it did, and else PNG. */
export function sameFormat(type: string): ResultFormat {
  if (type === 'image/heic') return 'jpg';
  return resultFormats.find((format) => TYPES[format] === type) ?? 'png';
}

/** What `derain` found, for results of 16 bits a channel. */
export interface DeepResult {
  readonly rows: DeepRows;
  readonly residuals: readonly Residual[];
  readonly strength: number;
}

/**
 * The derained pixels as a file with the photo's metadata, written by the same code as in the page; with `deep` a PNG holds the 16
 * bits a channel of its original.
 */
export async function encodeResult(
  pixels: Pixels,
  { metadata: original, deepRows = null }: Pick<DecodedFile, 'metadata'> & Partial<Pick<DecodedFile, 'deepRows'>>,
  { format, quality, metadata }: ResultChoice,
  deep: DeepResult | null = null,
): Promise<ResultFile> {
  const given = metadata === 'keep' ? original : { ...noMetadata, icc: original.icc };
  const type = TYPES[format];
  const lostMetadata = lostParts(given, type, pixels);
  const kept = partsOf(given).filter((part) => !lostMetadata.includes(part));
  const depth = format === 'png' && deepRows !== null ? [] : depthLost(original, deepRows !== null);
  const lost = [...lostMetadata, ...depth, ...besideOf(original)];
  const result = metadataOfResult(given, pixels);
  const opaque = isOpaque(pixels);
  if (format === 'png') {
    const { width, height } = pixels;
    const image = deep ? deepBands(deep) : { width, height, opaque, bands: () => [pixels] };
    const file = await writePng(image, result);
    return { bytes: new Uint8Array(await file.arrayBuffer()), kept, lost };
  }
  const encoded = new Uint8Array(await encode(pixels, opaque, format, quality));
  return {
    bytes: writeMetadata(encoded, type, result),
    kept,
    lost: format === 'jpg' && !opaque ? [...lost, 'transparency'] : lost,
  };
}

/** Depth that a result of 8 bits lacks. */
function depthLost({ features }: PhotoMetadata, isDeep: boolean): LostPart[] {
  if (features?.includes('over 8 bits')) return ['over 8 bits a channel'];
  return isDeep ? ['16 bits a channel'] : [];
}

function deepBands({ rows, residuals, strength }: DeepResult): DeepBands {
  const { width, height, opaque } = rows;
  const tops = [...new Set([0, ...residuals.map(({ rect }) => rect.top), height])].sort((a, b) => a - b);
  return {
    width,
    height,
    opaque,
    async *deepBands() {
      for (const [i, top] of tops.slice(0, -1).entries()) {
        const band = await rows.read(tops[i + 1]! - top);
        for (const residual of residuals)
          if (residual.rect.top === top) applyResidual16(band, { width, left: residual.rect.left }, residual, strength);
        yield band;
      }
    },
  };
}

async function encode(pixels: Pixels, opaque: boolean, format: 'jpg' | 'webp', quality: number): Promise<Buffer> {
  const { width, height, data } = format === 'jpg' ? flattenedOnWhite(pixels) : pixels;
  const raw = sharp(data, { raw: { width, height, channels: 4 } });
  if (format === 'jpg') return raw.removeAlpha().jpeg({ quality, chromaSubsampling: '4:4:4' }).toBuffer();
  return (opaque ? raw.removeAlpha() : raw).webp({ quality }).toBuffer();
}
