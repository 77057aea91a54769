/** UTF-8 of a string; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.codePointAt(i)!;
    if (code > 0xffff) i++;
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) {
      bytes[length++] = code;
      continue;
    }
    const following = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    bytes[length++] = leadBits[following]! | (code >> (6 * following));
    for (let k = following - 1; k >= 0; k--) bytes[length++] = 0x80 | ((code >> (6 * k)) & 0x3f);
  }
  return bytes.slice(0, length);
}

/** The string of UTF-8 bytes. Throws RangeError where they are not well-formed UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  const parts: string[] = [];
  let units: number[] = [];
  let i = 0;
  while (i < bytes.length) {
    const lead = bytes[i]!;
    const following = lead < 0x80 ? 0 : lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1;
    if (following < 0 || i + following >= bytes.length)
      throw new RangeError(`Byte ${i} does not begin a UTF-8 character.`);
    let code = lead & leadMask[following]!;
    for (let k = 1; k <= following; k++) {
      const byte = bytes[i + k]!;
      if ((byte & 0xc0) !== 0x80) throw new RangeError(`Byte ${i + k} does not continue a UTF-8 character.`);
      code = (code << 6) | (byte & 0x3f);
    }
    if (code < smallest[following]! || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      throw new RangeError(`Byte ${i} begins no Unicode character.`);
    }
    if (code > 0xffff) units.push(0xd7c0 + (code >> 10), 0xdc00 | (code & 0x3ff));
    else units.push(code);
    if (units.length > 8192) {
      parts.push(String.fromCharCode(...units));
      units = [];
    }
    i += following + 1;
  }
  parts.push(String.fromCharCode(...units));
  return parts.join('');
}

/** By number of following bytes: the marker in the first byte, its payload bits, and the smallest character that needs so many. */
const leadBits = [0, 0xc0, 0xe0, 0xf0];
const leadMask = [0x7f, 0x1f, 0x0f, 0x07];
const smallest = [0, 0x80, 0x800, 0x10000];
