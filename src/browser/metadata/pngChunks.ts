import { Unzlib, zlibSync } from 'fflate';
import { crc32 } from '../crc32.ts';
import { dataView, hasText, joined, latin1 } from './byteWriting.ts';
import { MAX_METADATA_BYTES } from './photoMetadata.ts';
import type { PhotoMetadata } from './photoMetadata.ts';

const SIGNATURE_BYTES = 8;
const XMP_KEYWORD = 'XML:com.adobe.xmp';

/** EXIF from eXIf, the profile from iCCP, XMP from its iTXt: the first of each, as there is one in an honest file. Throws RangeError for chunks beyond the end. */
export function readPngMetadata(bytes: Uint8Array): PhotoMetadata {
  const first = new Map<string, Uint8Array>();
  for (const { name, body } of chunks(bytes)) {
    const isWanted = name !== 'iTXt' || hasText(body, 0, `${XMP_KEYWORD}\0`);
    if (isWanted && !first.has(name)) first.set(name, body);
  }
  const [icc, xmp] = [first.get('iCCP'), first.get('iTXt')];
  return {
    exif: first.get('eXIf') ?? null,
    xmp: xmp ? textOf(xmp.subarray(XMP_KEYWORD.length + 1)) : null,
    iptc: null,
    icc: icc ? inflated(icc.subarray(icc.indexOf(0) + 2)) : null,
  };
}

/** The metadata as chunks that belong right behind the header chunk. */
export function pngMetadataChunks({ exif, xmp, icc }: PhotoMetadata): Uint8Array<ArrayBuffer>[] {
  return [
    ...(icc ? [pngChunk('iCCP', [latin1('ICC profile\0\0'), zlibSync(icc)])] : []),
    ...(exif ? [pngChunk('eXIf', [exif])] : []),
    ...(xmp ? [pngChunk('iTXt', [latin1(`${XMP_KEYWORD}\0\0\0\0\0`), xmp])] : []),
  ];
}

function* chunks(bytes: Uint8Array): Generator<{ name: string; body: Uint8Array }> {
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

/** A chunk with its length and check sum. */
export function pngChunk(name: string, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = joined([latin1(name), ...parts]);
  const whole = joined([new Uint8Array(4), body, new Uint8Array(4)]);
  const view = dataView(whole);
  view.setUint32(0, body.length - 4);
  view.setUint32(whole.length - 4, crc32(body));
  return whole;
}

/** What follows the keyword of an iTXt chunk: a compression flag and method, language, translated keyword, text. */
function textOf(rest: Uint8Array): Uint8Array | null {
  const language = rest.indexOf(0, 2);
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (translated < 0) return null;
  const text = rest.subarray(translated + 1);
  return rest[0] === 1 ? inflated(text) : text;
}

/** Null when the data is damaged or grows beyond reason. */
function inflated(data: Uint8Array): Uint8Array | null {
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Unzlib((part) => {
    length += part.length;
    if (length <= MAX_METADATA_BYTES) parts.push(part);
  });
  const step = 16384;
  try {
    for (let at = 0; at < data.length && length <= MAX_METADATA_BYTES; at += step) {
      stream.push(data.subarray(at, at + step), at + step >= data.length);
    }
  } catch {
    return null;
  }
  return length > 0 && length <= MAX_METADATA_BYTES ? joined(parts) : null;
}
