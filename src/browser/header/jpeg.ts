import { damaged, ImageFileError, truncated, unsupported } from '../imageFileError.ts';
import { joined } from '../metadata/byteWriting.ts';
import { ByteReader } from './byteReader.ts';
import type { Orientation } from './exif.ts';
import { exifOrientation } from './exif.ts';
import { isWholeJpeg } from './jpegScan.ts';
import type { RawHeader } from './rawHeader.ts';

const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const APP1 = 0xe1;

/**
 * ITU T.81: walks the segments to the frame header, then through every scan to the end-of-image marker. A file that lacks only this
 * marker is taken, as every viewer does.
 */
export function readJpegHeader(bytes: Uint8Array): RawHeader {
  try {
    return walkSegments(bytes);
  } catch (error) {
    if (!(error instanceof ImageFileError) || error.kind !== 'truncated' || !isWholeJpeg(bytes)) throw error;
    const ending = Uint8Array.of(0xff, END_OF_IMAGE);
    return { ...walkSegments(joined([bytes, ending])), ending };
  }
}

function walkSegments(bytes: Uint8Array): RawHeader {
  const reader = new ByteReader(bytes, 'JPEG');
  let frame: { width: number; height: number } | null = null;
  let orientation: Orientation | null = null;
  let scanned = false;
  let at = 2;
  for (;;) {
    const marker = nextMarker(reader, at);
    at = marker.end;
    if (marker.code === END_OF_IMAGE) break;
    if (marker.code === START_OF_IMAGE || isStandalone(marker.code)) continue;
    const length = reader.u16(at);
    if (length < 2) throw damaged('JPEG');
    reader.need(at, length);
    if (isFrameHeader(marker.code) && !frame) {
      assertCommon(marker.code, reader.u8(at + 2));
      frame = { height: reader.u16(at + 3), width: reader.u16(at + 5) };
    }
    if (marker.code === APP1 && orientation === null && length >= 8 && reader.text(at + 2, 6) === 'Exif\0\0') {
      orientation = exifOrientation(bytes.subarray(at + 8, at + length));
    }
    at += length;
    if (marker.code === START_OF_SCAN) {
      scanned = true;
      at = endOfScan(bytes, at);
    }
  }
  if (!frame || !scanned) throw damaged('JPEG');
  return { type: 'image/jpeg', ...frame, orientation: orientation ?? 1 };
}

/** The next 0xFF (any number of them) followed by a code other than 0; decoders skip stray bytes before it, and so does this. */
function nextMarker(reader: ByteReader, from: number): { code: number; end: number } {
  for (let at = from; ;) {
    at = reader.bytes.indexOf(0xff, at);
    if (at < 0) throw truncated('JPEG');
    while (reader.u8(at) === 0xff) at++;
    const code = reader.u8(at++);
    if (code !== 0) return { code, end: at };
  }
}

/** Entropy-coded bytes run on through stuffed zeros (FF 00) and restart markers (FF D0…D7). */
function endOfScan(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(0xff, from);
  while (at >= 0 && at + 1 < bytes.length) {
    const code = bytes[at + 1]!;
    if (code === 0xff) at += 1;
    else if (code === 0 || isRestart(code)) at = bytes.indexOf(0xff, at + 2);
    else return at;
  }
  throw truncated('JPEG');
}

function isRestart(code: number): boolean {
  return code >= 0xd0 && code <= 0xd7;
}

function isStandalone(code: number): boolean {
  return code === 0x01 || isRestart(code);
}

/** SOF0…SOF15 without DHT (C4), JPG (C8) and DAC (CC). */
function isFrameHeader(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
}

/** Browsers and most programs read Huffman-coded JPEGs of 8 bits, sequential (SOF0, SOF1) or progressive (SOF2), and no other kind. */
function assertCommon(frame: number, precision: number): void {
  if (frame > 0xc2) throw unsupported('a lossless, hierarchical or arithmetic-coded JPEG', UNCOMMON);
  if (precision !== 8) throw unsupported(`a JPEG of ${precision} bits a colour`, UNCOMMON);
}

const UNCOMMON = 'Browsers do not read this kind: open it in a photo program and save it as a usual JPEG.';
