import { dataView, hasText, joined, latin1 } from './byteWriting.ts';
import { extendedGuid, joinXmp, splitXmp } from './extendedXmp.ts';
import { MAX_METADATA_BYTES } from './photoMetadata.ts';
import type { PhotoMetadata } from './photoMetadata.ts';

const EXIF = 'Exif\0\0';
const XMP = 'http://ns.adobe.com/xap/1.0/\0';
const EXTENDED_XMP = 'http://ns.adobe.com/xmp/extension/\0';
const ICC = 'ICC_PROFILE\0';
const PHOTOSHOP = 'Photoshop 3.0\0';
const [APP0, APP1, APP2, APP13, START_OF_SCAN] = [0xe0, 0xe1, 0xe2, 0xed, 0xda];
/** A segment counts its own two length bytes. */
const MAX_BODY = 65533;
/** ICC chunks carry their number and the count. */
const MAX_ICC_PART = MAX_BODY - ICC.length - 2;
const GUID_LENGTH = 32;
/** Extended XMP carries its id, its whole length and its offset. */
const EXTENDED_HEAD = EXTENDED_XMP.length + GUID_LENGTH + 8;
/** Room for EXIF in its one segment, bytes. */
const MAX_EXIF = MAX_BODY - EXIF.length;

interface Segment {
  readonly marker: number;
  readonly body: Uint8Array;
  /** Offset behind the segment. */
  readonly end: number;
}

/** EXIF and XMP from APP1 (the part of XMP that lies in further segments joined to it), the ICC profile from its APP2 chunks, IPTC with its neighbours from APP13. Throws RangeError for segments beyond the end. */
export function readJpegMetadata(bytes: Uint8Array): PhotoMetadata {
  let exif: Uint8Array | null = null;
  let xmp: Uint8Array | null = null;
  const icc = new Map<number, Uint8Array>();
  const iptc: Uint8Array[] = [];
  const extended: Uint8Array[] = [];
  for (const { marker, body } of segments(bytes)) {
    if (marker === APP1 && hasText(body, 0, EXIF)) exif ??= body.subarray(EXIF.length);
    if (marker === APP1 && hasText(body, 0, XMP)) xmp ??= body.subarray(XMP.length);
    if (marker === APP1 && hasText(body, 0, EXTENDED_XMP)) extended.push(body);
    if (marker === APP2 && hasText(body, 0, ICC)) icc.set(body[ICC.length]!, body.subarray(ICC.length + 2));
    if (marker === APP13 && hasText(body, 0, PHOTOSHOP)) iptc.push(body.subarray(PHOTOSHOP.length));
  }
  const parts = [...icc].sort(([a], [b]) => a - b).map(([, part]) => part);
  const guid = xmp && extendedGuid(xmp);
  return {
    exif,
    xmp: xmp && guid ? joinXmp(xmp, extendedXmpOf(extended, guid)) : xmp,
    iptc: iptc.length ? joined(iptc) : null,
    icc: parts.length ? joined(parts) : null,
  };
}

/** Parts that a JPEG has no room for. */
export function lostInJpeg({ exif, xmp, icc }: PhotoMetadata): ('EXIF' | 'XMP' | 'ICC profile')[] {
  return [
    ...(exif && exif.length > MAX_EXIF ? ['EXIF' as const] : []),
    ...(xmp && !splitXmp(xmp, MAX_BODY - XMP.length) ? ['XMP' as const] : []),
    ...(icc && iccParts(icc).length === 0 ? ['ICC profile' as const] : []),
  ];
}

/** Puts the metadata behind the encoder's JFIF header, in place of what the encoder itself wrote of the kind. */
export function writeJpegMetadata(bytes: Uint8Array, { exif, xmp, iptc, icc }: PhotoMetadata): Uint8Array<ArrayBuffer> {
  const head: Uint8Array[] = [bytes.subarray(0, 2)];
  const kept: Uint8Array[] = [];
  let end = 2;
  for (const segment of segments(bytes)) {
    const whole = bytes.subarray(end, segment.end);
    end = segment.end;
    if (segment.marker === APP0) head.push(whole);
    else if (segment.marker !== APP1 && !(segment.marker === APP2 && icc)) kept.push(whole);
  }
  const added = [
    ...segmentOf(APP1, EXIF, exif),
    ...xmpSegments(xmp),
    ...piecesOf(iptc, MAX_BODY - PHOTOSHOP.length).flatMap((piece) => segmentOf(APP13, PHOTOSHOP, piece)),
    ...iccParts(icc).flatMap(({ prefix, part }) => segmentOf(APP2, prefix, part)),
  ];
  return joined([...head, ...added, ...kept, bytes.subarray(end)]);
}

/** XMP in its segment, or with its largest properties in further ones. */
function xmpSegments(xmp: Uint8Array | null): Uint8Array[] {
  const split = xmp && splitXmp(xmp, MAX_BODY - XMP.length);
  if (!split) return [];
  const { main, extended } = split;
  if (!extended) return segmentOf(APP1, XMP, main);
  const most = MAX_BODY - EXTENDED_HEAD;
  const further = piecesOf(extended.bytes, most).flatMap((piece, i) => {
    const places = new DataView(new ArrayBuffer(8));
    places.setUint32(0, extended.bytes.length);
    places.setUint32(4, i * most);
    const body = joined([latin1(extended.guid), new Uint8Array(places.buffer), piece]);
    return segmentOf(APP1, EXTENDED_XMP, body);
  });
  return [...segmentOf(APP1, XMP, main), ...further];
}

/** The extended XMP of that id, put together; null when a part is missing. */
function extendedXmpOf(bodies: readonly Uint8Array[], guid: string): Uint8Array | null {
  const own = bodies.filter((body) => body.length > EXTENDED_HEAD && hasText(body, EXTENDED_XMP.length, guid));
  if (own.length === 0) return null;
  const length = dataView(own[0]!).getUint32(EXTENDED_HEAD - 8);
  const parts = own.map((body) => ({
    offset: dataView(body).getUint32(EXTENDED_HEAD - 4),
    part: body.subarray(EXTENDED_HEAD),
  }));
  parts.sort((a, b) => a.offset - b.offset);
  let end = 0;
  for (const { offset, part } of parts) {
    if (offset !== end) return null;
    end += part.length;
  }
  return end === length && length <= MAX_METADATA_BYTES ? joined(parts.map(({ part }) => part)) : null;
}

/** The segments between the start of the file and its first scan. */
function* segments(bytes: Uint8Array): Generator<Segment> {
  const view = dataView(bytes);
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (view.getUint8(at) !== 0xff) return;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === START_OF_SCAN) return;
    const length = view.getUint16(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) throw new RangeError('A segment reaches beyond the file.');
    yield { marker, body: bytes.subarray(at + 4, end), end };
    at = end;
  }
}

/** A segment in a list, or an empty list when there is nothing or too much to write. */
function segmentOf(marker: number, prefix: string, payload: Uint8Array | null): Uint8Array[] {
  if (!payload || prefix.length + payload.length > MAX_BODY) return [];
  const length = 2 + prefix.length + payload.length;
  return [joined([Uint8Array.of(0xff, marker, length >> 8, length & 0xff), latin1(prefix), payload])];
}

function iccParts(icc: Uint8Array | null): { prefix: string; part: Uint8Array }[] {
  const parts = piecesOf(icc, MAX_ICC_PART);
  if (parts.length > 255) return [];
  return parts.map((part, i) => ({ prefix: `${ICC}${String.fromCharCode(i + 1, parts.length)}`, part }));
}

/** The bytes in pieces that a segment holds; readers put them together again. */
function piecesOf(bytes: Uint8Array | null, most: number): Uint8Array[] {
  if (!bytes) return [];
  return Array.from({ length: Math.ceil(bytes.length / most) }, (_, i) => bytes.subarray(i * most, (i + 1) * most));
}
