import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import type { Pixels } from '../src/core/images/pixels.ts';
import { writeWhole } from './writeWhole.ts';

/** Formats that can be written, by their extension. */
export const photoFormats = ['png', 'jpg', 'webp'] as const;

/** A photo on the disk. Its stem ('001' of '001.jpg') is what pairs are matched by and what outputs are named after. */
export interface PhotoFile {
  readonly stem: string;
  readonly path: string;
}

/** As in the page: 100 megapixels take 400 MB once decoded. */
const MAX_PIXELS = 100_000_000;
/** What sharp calls formats of pixels. Drawings (SVG, PDF) are none, whatever their file is named: they may name other files. */
const PIXEL_FORMATS = new Set(['jpeg', 'png', 'webp', 'tiff', 'heif', 'gif']);

const readable = new Set(['.png', '.jpg', '.jpeg', '.webp', '.tif', '.tiff', '.avif', '.gif']);

/**
 * Reads a photo as RGBA, upright by its EXIF orientation, and made smaller where a side is longer than `maxSide`.
 * Rejects with an Error that names the file.
 */
export async function readPhoto(path: string, maxSide = Infinity): Promise<Pixels> {
  try {
    const { format, width, height } = await sharp(path, { limitInputPixels: false }).metadata();
    if (!PIXEL_FORMATS.has(format)) throw new Error(`it is ${format.toUpperCase()}, which is no photo`);
    if (width * height > MAX_PIXELS)
      throw new Error(`it has ${Math.round((width * height) / 1e6)} megapixels; the limit is ${MAX_PIXELS / 1e6}`);
    const upright = sharp(path, { limitInputPixels: MAX_PIXELS }).rotate();
    const fitted =
      maxSide === Infinity ? upright : upright.resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true });
    const { data, info } = await fitted.toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    return {
      width: info.width,
      height: info.height,
      data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength),
    };
  } catch (error) {
    throw new Error(
      `${path}: cannot be read as an image (${error instanceof Error ? error.message : String(error)}).`,
      { cause: error },
    );
  }
}

/** An image so many times larger on each side, by sharp's bicubic kernel (Catmull-Rom), rounded to bytes. */
export async function enlargePhoto(image: Pixels, factor: number): Promise<Pixels> {
  if (factor === 1) return image;
  const [width, height] = [image.width * factor, image.height * factor];
  const { data } = await sharp(image.data, { raw: { width: image.width, height: image.height, channels: 4 } })
    .resize(width, height, { kernel: 'cubic', fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width, height, data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength) };
}

/** Writes a photo without alpha, in the format of the path's extension; whole or not at all. Makes the folder if needed. */
export async function writePhoto(path: string, image: Pixels): Promise<void> {
  const { width, height, data } = image;
  const opaque = sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha();
  await writeWhole([path, await encoded(opaque, extname(path).slice(1)).toBuffer()]);
}

function encoded(image: Sharp, format: string): Sharp {
  if (format === 'jpg' || format === 'jpeg') return image.jpeg({ quality: 95, chromaSubsampling: '4:4:4' });
  return format === 'webp' ? image.webp({ quality: 95 }) : image.png({ compressionLevel: 6 });
}

/** The photos directly in a folder, ordered by stem (numbers by value). Throws Error when it is no folder. */
export async function listPhotos(folder: string): Promise<PhotoFile[]> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`${folder}: no such folder.`);
  const names = (await readdir(folder)).filter(
    (name) => readable.has(extname(name).toLowerCase()) && !name.startsWith('.'),
  );
  return names.map((name) => ({ stem: basename(name, extname(name)), path: join(folder, name) })).sort(byStem);
}

/** Photos of folders and single files together, in the order given. Throws Error for a path that is neither. */
export async function gatherPhotos(paths: readonly string[]): Promise<PhotoFile[]> {
  const found: PhotoFile[] = [];
  for (const path of paths) {
    if (!existsSync(path)) throw new Error(`${path}: no such file or folder.`);
    if (statSync(path).isDirectory()) found.push(...(await listPhotos(path)));
    else found.push({ stem: basename(path, extname(path)), path });
  }
  return found;
}

function byStem(a: PhotoFile, b: PhotoFile): number {
  return a.stem.localeCompare(b.stem, 'en', { numeric: true }) || (a.path < b.path ? -1 : 1);
}
