import { Unzlib, zlibSync } from 'fflate';
import { crc32 } from '../crc32.ts';
import { dataView, hasText, joined, latin1 } from './byteWriting.ts';
import { MAX_METADATA_BYTES } from './photoMetadata.ts';
import type { PhotoMetadata } from './photoMetadata.ts';
import { RAW_PROFILE, rawProfileText, readRawProfile } from './rawProfile.ts';

const SIGNATURE_BYTES = 8;
const XMP_KEYWORD = 'XML:com.adobe.xmp';
/** What a byte unpacks to at most. */
const MAX_RATIO = 1032;
/** Longest keyword of a text (ISO 15948, 11.3.4.2). */
const MAX_KEYWORD = 79;

/**
 * EXIF from eXIf, the profile from iCCP, XMP from its iTXt: the first of each, as there is one in an honest file; where one is
 * missing, what other programs wrote as a raw profile. All other texts and the density as they are. Throws RangeError for chunks
 * beyond the end.
 */
export function readPngMetadata(bytes: Uint8Array): PhotoMetadata {
  const first = new Map<string, Uint8Array>();
  const texts = new TextChunks();
  for (const { name, body } of chunks(bytes)) {
    const isXmp = name === 'iTXt' && hasText(body, 0, `${XMP_KEYWORD}\0`);
    if (isXmp || name === 'eXIf' || name === 'iCCP') {
      if (!first.has(name)) first.set(name, body);
    } else texts.add(name, body);
  }
  const [icc, xmp] = [first.get('iCCP'), first.get('iTXt')];
  return {
    exif: first.get('eXIf') ?? texts.raw('exif'),
    xmp: xmp ? textOf(xmp.subarray(XMP_KEYWORD.length + 1)) : texts.raw('xmp'),
    iptc: texts.raw('iptc'),
    icc: icc ? inflated(icc.subarray(icc.indexOf(0) + 2)) : null,
    ...(texts.kept.length > 0 ? { pngTexts: joined(texts.kept) } : {}),
  };
}

/** The metadata as chunks that belong right behind the header chunk. */
export function pngMetadataChunks({ exif, xmp, iptc, icc, pngTexts }: PhotoMetadata): Uint8Array<ArrayBuffer>[] {
  const raw = iptc && zlibSync(rawProfileText('iptc', iptc));
  return [
    ...(icc ? [pngChunk('iCCP', [latin1('ICC profile\0\0'), zlibSync(icc)])] : []),
    ...(exif ? [pngChunk('eXIf', [exif])] : []),
    ...(xmp ? [pngChunk('iTXt', [latin1(`${XMP_KEYWORD}\0\0\0\0\0`), xmp])] : []),
    ...(raw ? [pngChunk('zTXt', [latin1(`${RAW_PROFILE}iptc\0\0`), raw])] : []),
    ...(pngTexts ? [new Uint8Array(pngTexts)] : []),
  ];
}

/** A PNG's chunks from the first to IEND. Throws RangeError where one reaches beyond the file. */
export function* chunks(bytes: Uint8Array): Generator<{ name: string; body: Uint8Array }> {
  const view = dataView(bytes);
  for (let at = SIGNATURE_BYTES; at < bytes.length;) {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length) throw new RangeError('A chunk reaches beyond the file.');
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    yield { name, body: bytes.subarray(at + 8, end - 4) };
    if (name === 'IEND') return;
    at = end;
  }
}

/** Chunks that a decoder needs for the pixels; of profiles the first. */
const OF_PIXELS = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'iCCP', 'sRGB', 'gAMA', 'cHRM']);

/** The PNG without texts and other chunks that have no part in its pixels: decoders unpack them, however many there are. */
export function pixelsOnly(bytes: Uint8Array): Uint8Array {
  const view = dataView(bytes);
  const kept: Uint8Array[] = [bytes.subarray(0, SIGNATURE_BYTES)];
  let at = SIGNATURE_BYTES;
  let profiles = 0;
  for (const { name } of chunks(bytes)) {
    const end = at + 12 + view.getUint32(at);
    if (name === 'iCCP') profiles++;
    if (OF_PIXELS.has(name) && (name !== 'iCCP' || profiles === 1)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return joined(kept);
}

/** A chunk with its length and check sum. */
export function pngChunk(name: string, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = joined([latin1(name), ...parts]);
  const whole = joined([new Uint8Array(4), body, new Uint8Array(4)]);
  const view = dataView(whole);
  view.setUint32(0, body.length - 4);
  view.setUint32(whole.length - 4, crc32(body));
  return whole;
}

/** Gathers texts and density. What all compressed texts together unpack to is bounded; what goes beyond is left out. */
class TextChunks {
  /** Chunks to copy, whole. */
  readonly kept: Uint8Array[] = [];
  private readonly profiles = new Map<'exif' | 'xmp' | 'iptc', Uint8Array>();
  private room = MAX_METADATA_BYTES;
  private hasDensity = false;

  add(name: string, body: Uint8Array): void {
    if (name === 'pHYs' && body.length === 9 && !this.hasDensity) {
      this.hasDensity = true;
      this.kept.push(pngChunk(name, [body]));
    }
    if ((name !== 'tEXt' && name !== 'zTXt' && name !== 'iTXt') || body.length > this.room) return;
    const end = body.subarray(0, MAX_KEYWORD + 1).indexOf(0);
    if (end < 1) return;
    const keyword = String.fromCharCode(...body.subarray(0, end));
    const text = this.textOf(name, body.subarray(end + 1));
    // Damaged or too large: what it cost to find out counts too.
    this.room -= body.length + (text ? text.length : body.length * MAX_RATIO);
    if (!text) return;
    if (!keyword.startsWith(RAW_PROFILE)) {
      this.kept.push(pngChunk(name, [body]));
      return;
    }
    for (const [part, found] of Object.entries(readRawProfile(keyword.slice(RAW_PROFILE.length).toLowerCase(), text)))
      if (found && !this.profiles.has(part as 'exif')) this.profiles.set(part as 'exif', found as Uint8Array);
  }

  /** What raw profiles tell of a part. */
  raw(part: 'exif' | 'xmp' | 'iptc'): Uint8Array | null {
    return this.profiles.get(part) ?? null;
  }

  private textOf(name: string, rest: Uint8Array): Uint8Array | null {
    if (name === 'tEXt') return rest;
    return name === 'zTXt' ? inflated(rest.subarray(1), this.room) : textOf(rest, this.room);
  }
}

/** What follows the keyword of an iTXt chunk: a compression flag and method, language, translated keyword, text. */
function textOf(rest: Uint8Array, most = MAX_METADATA_BYTES): Uint8Array | null {
  const language = rest.indexOf(0, 2);
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (translated < 0) return null;
  const text = rest.subarray(translated + 1);
  return rest[0] === 1 ? inflated(text, most) : text;
}

/** Null when the data is damaged or grows beyond `most` bytes. */
function inflated(data: Uint8Array, most = MAX_METADATA_BYTES): Uint8Array | null {
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Unzlib((part) => {
    length += part.length;
    if (length <= most) parts.push(part);
  });
  const step = 16384;
  try {
    for (let at = 0; at < data.length && length <= most; at += step) {
      stream.push(data.subarray(at, at + step), at + step >= data.length);
    }
  } catch {
    return null;
  }
  return length > 0 && length <= most ? joined(parts) : null;
}
