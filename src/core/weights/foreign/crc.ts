/** Cyclic redundancy checks, 0…2³² − 1. */

/** As in zip and PNG files (polynomial 0x04c11db7, reflected). */
export function crc32(bytes: Uint8Array): number {
  return crc(bytes, zip);
}

/** Castagnoli's, as LevelDB and TensorFlow use it (polynomial 0x1edc6f41, reflected). */
export function crc32c(bytes: Uint8Array): number {
  return crc(bytes, castagnoli);
}

const zip = table(0xedb88320);
const castagnoli = table(0x82f63b78);

function table(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? polynomial : 0);
    return value;
  });
}

function crc(bytes: Uint8Array, ofByte: Uint32Array): number {
  let value = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) value = ofByte[(value ^ bytes[i]!) & 255]! ^ (value >>> 8);
  return ~value >>> 0;
}
