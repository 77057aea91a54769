const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** IEEE 754 half-precision bits of a number, rounded to nearest, ties to even; beyond ±65504 it becomes infinite. */
export function toFloat16(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const mantissa = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa ? 0x200 : 0);
  const half = exponent - 112; // exponent with half precision's bias
  if (half >= 31) return sign | 0x7c00;
  if (half > 0) return sign | roundBits((half << 23) | mantissa, 13); // a carry moves into the exponent, up to infinity
  if (half < -10) return sign;
  return sign | roundBits(mantissa | 0x800000, 14 - half); // subnormal
}

/** The number that half-precision bits stand for. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

/** Drops the lowest `count` bits, rounding to nearest, ties to even. */
function roundBits(bits: number, count: number): number {
  const kept = bits >>> count;
  const dropped = bits & ((1 << count) - 1);
  const tie = 1 << (count - 1);
  return dropped > tie || (dropped === tie && kept & 1) ? kept + 1 : kept;
}
