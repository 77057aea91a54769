import { existsSync, statSync } from 'node:fs';
import { open, readFile, readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { isClutter } from '../src/browser/library/fileNames.ts';
import type { Pixels } from '../src/core/images/pixels.ts';
import { decodePhoto } from './decodePhoto.ts';
import type { DecodedFile, Decoding } from './decodePhoto.ts';
import { writeWhole } from './writeWhole.ts';

/** A photo on the disk. Its stem ('001' of '001.jpg') is what pairs are matched by and what outputs are named after. */
export interface PhotoFile {
  readonly stem: string;
  readonly path: string;
}

const readable = new Set('.png .apng .jpg .jpeg .jpe .jfif .jif .webp .tif .tiff .avif .gif .heic .heif'.split(' '));
/** First bytes of images, read as Latin-1. */
const MAGIC: readonly (readonly [RegExp, string])[] = [
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^\x89PNG\r\n/, 'image/png'],
  [/^RIFF[^]{4}WEBP/, 'image/webp'],
  [/^[^]{4}ftypavi[fs]/, 'image/avif'],
  [/^[^]{4}ftyp(hei|hev|mif1|msf1)/, 'image/heic'],
  [/^GIF8/, 'image/gif'],
  [/^(II\*\0|MM\0\*)/, 'image/tiff'],
];

/**
 * Reads a photo as RGBA in sRGB, upright by its orientation, and made smaller where a side is longer than `maxSide`.
 * Rejects with an Error that names the file.
 */
export async function readPhoto(path: string, maxSide = Infinity): Promise<Pixels> {
  return (await openPhoto(path, { colors: 'sRGB', maxSide })).pixels;
}

/** Reads a photo with what its file says besides. Rejects with an Error that names the file. */
export async function openPhoto(path: string, decoding: Decoding): Promise<DecodedFile> {
  try {
    return await decodePhoto(await readFile(path), decoding);
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
    throw new Error(`${path}: cannot be read as an image (${reason}).`, { cause: error });
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

/** Writes an image without alpha or metadata, in the format of the path's extension; whole or not at all. Makes the folder if needed. */
export async function writePhoto(path: string, image: Pixels): Promise<void> {
  const { width, height, data } = image;
  const opaque = sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha();
  await writeWhole([path, await encoded(opaque, extname(path).slice(1)).toBuffer()]);
}

function encoded(image: Sharp, format: string): Sharp {
  if (format === 'jpg' || format === 'jpeg') return image.jpeg({ quality: 95, chromaSubsampling: '4:4:4' });
  return format === 'webp' ? image.webp({ quality: 95 }) : image.png({ compressionLevel: 6 });
}

/** What a folder holds. */
export interface FolderContent {
  /** Ordered by stem (numbers by value). */
  readonly photos: readonly PhotoFile[];
  /** Names of what is no photo; what operating systems leave behind is not counted. */
  readonly leftOut: readonly string[];
}

/** The photos directly in a folder, by their content where the name does not tell. Throws Error when it is no folder. */
export async function readFolder(folder: string): Promise<FolderContent> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`${folder}: no such folder.`);
  const photos: PhotoFile[] = [];
  const leftOut: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const { name } = entry;
    if (isClutter(name)) continue;
    const path = join(folder, name);
    const isFolder =
      entry.isDirectory() || (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isDirectory());
    if (isFolder) leftOut.push(`${name}/`);
    else if (readable.has(extname(name).toLowerCase()) || (await typeByContent(path)) !== null)
      photos.push({ stem: basename(name, extname(name)), path });
    else leftOut.push(name);
  }
  return { photos: photos.sort(byStem), leftOut: leftOut.sort() };
}

/** The photos directly in a folder, ordered by stem. Throws Error when it is no folder. */
export async function listPhotos(folder: string): Promise<readonly PhotoFile[]> {
  return (await readFolder(folder)).photos;
}

/**
 * Photos of folders and single files together, in the order given; `say` hears what of the folders is left out. Throws Error for a
 * path that is neither.
 */
export async function gatherPhotos(paths: readonly string[], say?: (line: string) => void): Promise<PhotoFile[]> {
  const found: PhotoFile[] = [];
  for (const path of paths) {
    if (!existsSync(path)) throw new Error(`${path}: no such file or folder.`);
    if (!statSync(path).isDirectory()) {
      found.push({ stem: basename(path, extname(path)), path });
      continue;
    }
    const { photos, leftOut } = await readFolder(path);
    found.push(...photos);
    if (leftOut.length > 0) say?.(leftOutLine(path, leftOut));
  }
  return found;
}

/** Names that are told one by one. */
const NAMES_TOLD = 8;

function leftOutLine(folder: string, names: readonly string[]): string {
  const more = names.length > NAMES_TOLD ? ` and ${names.length - NAMES_TOLD} more` : '';
  return `${folder}: left out ${names.length}, which ${names.length > 1 ? 'are' : 'is'} no image here: ${names.slice(0, NAMES_TOLD).join(', ')}${more}.`;
}

/** What the first bytes say, a MIME type; null for what is no image, or cannot be read. */
export async function typeByContent(path: string): Promise<string | null> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return null;
  const file = await open(path).catch(() => null);
  try {
    const start = (await file?.read(Buffer.alloc(16), 0, 16, 0))?.buffer.toString('latin1');
    return start === undefined ? null : (MAGIC.find(([magic]) => magic.test(start))?.[1] ?? null);
  } finally {
    await file?.close();
  }
}

function byStem(a: PhotoFile, b: PhotoFile): number {
  return a.stem.localeCompare(b.stem, 'en', { numeric: true }) || (a.path < b.path ? -1 : 1);
}
