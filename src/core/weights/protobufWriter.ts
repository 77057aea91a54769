import { encodeUtf8 } from './utf8.ts';

/** A field of a protobuf message: a whole number of at most 2⁵³ as a varint, text or bytes with their length. */
export type Field = readonly [number: number, value: number | string | Uint8Array];

/** The bytes of a protobuf message with these fields, in their order. */
export function message(fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (const [number, value] of fields) {
    if (typeof value === 'number') {
      parts.push(varint(number * 8), varint(value));
      continue;
    }
    const content = typeof value === 'string' ? encodeUtf8(value) : value;
    parts.push(varint(number * 8 + 2), varint(content.length), content);
  }
  return concatBytes(parts);
}

/** Whole numbers ≥ 0, packed. */
export function packed(values: readonly number[]): Uint8Array {
  return concatBytes(values.map(varint));
}

/** Little-endian floats, packed. */
export function packedFloats(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setFloat32(4 * i, value, true));
  return bytes;
}

/** Base-128 varint of a whole number ≥ 0. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) | (rest >= 128 ? 128 : 0));
    if (rest < 128) return Uint8Array.from(bytes);
  }
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
