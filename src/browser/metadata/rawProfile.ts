import { hasText, joined, latin1 } from './byteWriting.ts';

/** Keyword under which ImageMagick, GIMP and darktable store metadata as hexadecimal text in a PNG. */
export const RAW_PROFILE = 'Raw profile type ';

const XMP = 'http://ns.adobe.com/xap/1.0/\0';
const EXIF = 'Exif\0\0';
const IPTC_RESOURCE = 0x0404;
const DIGITS_A_LINE = 72;

/** Metadata out of such texts. */
export interface RawProfiles {
  readonly exif: Uint8Array | null;
  readonly xmp: Uint8Array | null;
  readonly iptc: Uint8Array | null;
}

/** The parts that a profile's text holds; `type` is what follows the keyword. Nothing for other profiles, or text that is no hexadecimal. */
export function readRawProfile(type: string, text: Uint8Array): RawProfiles {
  const nothing = { exif: null, xmp: null, iptc: null };
  const bytes = bytesOf(text);
  if (!bytes) return nothing;
  if (hasText(bytes, 0, EXIF)) return { ...nothing, exif: bytes.subarray(EXIF.length) };
  if (hasText(bytes, 0, XMP)) return { ...nothing, xmp: bytes.subarray(XMP.length) };
  if (type === 'exif' && (hasText(bytes, 0, 'II') || hasText(bytes, 0, 'MM'))) return { ...nothing, exif: bytes };
  if (type === 'xmp') return { ...nothing, xmp: bytes };
  if (type === 'iptc' || type === '8bim')
    return { ...nothing, iptc: hasText(bytes, 0, '8BIM') ? bytes : asResource(bytes) };
  return nothing;
}

/** The text of a profile: its name, its length in bytes, and its bytes as lines of hexadecimal digits. */
export function rawProfileText(type: string, bytes: Uint8Array): Uint8Array {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const lines = digits.match(new RegExp(`.{1,${DIGITS_A_LINE}}`, 'g')) ?? [];
  return latin1(`\n${type}\n${String(bytes.length).padStart(8)}\n${lines.join('\n')}\n`);
}

function bytesOf(text: Uint8Array): Uint8Array | null {
  const head = /^\s*[^\s]{1,40}\s+(\d{1,9})\s/.exec(new TextDecoder('latin1').decode(text.subarray(0, 100)));
  if (!head) return null;
  const bytes = new Uint8Array(Math.min(Number(head[1]), text.length >> 1));
  let digits = 0;
  for (let at = head[0].length; at < text.length && digits < 2 * bytes.length; at++) {
    const value = digitOf(text[at]!);
    if (value === null) continue;
    if (value < 0) return null;
    bytes[digits >> 1] = (bytes[digits >> 1]! << 4) | value;
    digits++;
  }
  return digits === 2 * Number(head[1]) ? bytes : null;
}

/** Of a character: 0…15; null for white space; −1 for anything else. */
function digitOf(code: number): number | null {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  if (lower >= 0x61 && lower <= 0x66) return lower - 0x57;
  return code === 0x0a || code === 0x0d || code === 0x20 || code === 0x09 ? null : -1;
}

/** Bare IPTC as the Photoshop image resource that JPEG holds it in. */
function asResource(iptc: Uint8Array): Uint8Array {
  const { length } = iptc;
  return joined([
    latin1('8BIM'),
    Uint8Array.of(IPTC_RESOURCE >> 8, IPTC_RESOURCE & 255, 0, 0),
    Uint8Array.of(length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255),
    iptc,
    new Uint8Array(length & 1),
  ]);
}
