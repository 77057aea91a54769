import { crc32 } from '../crc32.ts';
import type { ByteReader } from '../header/byteReader.ts';

/** Bytes 128…255 of code page 437, in which zip names are written unless they say otherwise (APPNOTE appendix D). */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';
const UNICODE_PATH = 0x7075;

/**
 * A name in a zip as text, with '/' between folders. UTF-8 where its flag or a Unicode path field says so, and where it can be
 * nothing else: many programs write UTF-8 and do not say it. What is not valid UTF-8 is code page 437.
 */
export function zipName(name: Uint8Array, isUtf8: boolean, unicodePath: Uint8Array | null): string {
  const text = isUtf8 ? new TextDecoder().decode(name) : (decodeUtf8(unicodePath ?? name) ?? decodeCp437(name));
  return text.replaceAll('\\', '/');
}

/** The name in Info-ZIP's Unicode path field (APPNOTE 4.6.9); null when it belongs to another name than `name`. */
export function unicodePathOf(reader: ByteReader, field: number, bytes: number, name: Uint8Array): Uint8Array | null {
  if (reader.u16(field, true) !== UNICODE_PATH || bytes < 5 || reader.u8(field + 4) !== 1) return null;
  if (reader.u32(field + 5, true) !== crc32(name)) return null;
  return reader.bytes.subarray(field + 9, field + 4 + bytes);
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function decodeCp437(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : CP437[byte - 128]!)).join('');
}
