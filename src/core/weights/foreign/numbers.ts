import { fromFloat16 } from '../float16.ts';

/** Bytes of one number in each kind of storage. */
export const bytesOf = {
  f64: 8,
  f32: 4,
  f16: 2,
  bf16: 2,
  i64: 8,
  u64: 8,
  i32: 4,
  u32: 4,
  i16: 2,
  u16: 2,
  i8: 1,
  u8: 1,
} as const;
export type NumberKind = keyof typeof bytesOf;

const read: Readonly<Record<NumberKind, (view: DataView, at: number) => number>> = {
  f64: (view, at) => view.getFloat64(at, true),
  f32: (view, at) => view.getFloat32(at, true),
  f16: (view, at) => fromFloat16(view.getUint16(at, true)),
  bf16: (view, at) => fromBits(view.getUint16(at, true) << 16),
  i64: (view, at) => Number(view.getBigInt64(at, true)),
  u64: (view, at) => Number(view.getBigUint64(at, true)),
  i32: (view, at) => view.getInt32(at, true),
  u32: (view, at) => view.getUint32(at, true),
  i16: (view, at) => view.getInt16(at, true),
  u16: (view, at) => view.getUint16(at, true),
  i8: (view, at) => view.getInt8(at),
  u8: (view, at) => view.getUint8(at),
};

const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);
function fromBits(word: number): number {
  bits[0] = word;
  return float[0]!;
}

/** Little-endian numbers as floats, in a new array. `bytes` must be a whole number of them. */
export function decodeNumbers(bytes: Uint8Array, kind: NumberKind): Float32Array {
  const size = bytesOf[kind];
  if (kind === 'f32') return new Float32Array(bytes.slice().buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / size }, (_, i) => read[kind](view, i * size));
}

/**
 * The numbers of a strided view, row by row: element (i, j, …) is number `offset + i·stride₀ + j·stride₁ + …` of `numbers`.
 * The last of them must exist.
 */
export function gatherStrided(
  numbers: Float32Array,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
): Float32Array {
  const count = shape.reduce((product, side) => product * side, 1);
  if (isContiguous(shape, strides)) return numbers.slice(offset, offset + count);
  const result = new Float32Array(count);
  const index = shape.map(() => 0);
  let from = offset;
  for (let at = 0; at < count; at++) {
    result[at] = numbers[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= index[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}
