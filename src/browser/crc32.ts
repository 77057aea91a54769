const POLYNOMIAL = 0xedb88320;
const AT_ONCE = 8;

/** Row k: what a byte does to the checksum with k bytes of zeros behind it. */
const TABLES = tables();

function tables(): Int32Array {
  const rows = new Int32Array(AT_ONCE * 256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? POLYNOMIAL ^ (c >>> 1) : c >>> 1;
    rows[n] = c;
  }
  for (let at = 256; at < rows.length; at++) {
    const before = rows[at - 256]!;
    rows[at] = rows[before & 0xff]! ^ (before >>> 8);
  }
  return rows;
}

/**
 * The CRC-32 of PNG and zip (polynomial 0xEDB88320) of `bytes`; `before` is that of the bytes in front of them. Eight bytes at once
 * (Kounavis and Berry, 2005), since a zip of results has gigabytes.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  let c = ~before;
  let i = 0;
  for (const end = bytes.length - AT_ONCE; i <= end; i += AT_ONCE) {
    c ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    c =
      TABLES[0x700 | (c & 0xff)]! ^
      TABLES[0x600 | ((c >>> 8) & 0xff)]! ^
      TABLES[0x500 | ((c >>> 16) & 0xff)]! ^
      TABLES[0x400 | (c >>> 24)]! ^
      TABLES[0x300 | bytes[i + 4]!]! ^
      TABLES[0x200 | bytes[i + 5]!]! ^
      TABLES[0x100 | bytes[i + 6]!]! ^
      TABLES[bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i++) c = TABLES[(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8);
  return ~c >>> 0;
}
