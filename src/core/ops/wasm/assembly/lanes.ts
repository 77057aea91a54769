/**
 * Four channels at a time: the vector arithmetic and the loads and stores that all kernels share.
 * All pointers are byte addresses in tfjs' own memory; all numbers are float32.
 */

/** Bytes of one vector of four floats. */
export const QUAD: usize = 16;

/** a·b + c, in one rounding where the build has relaxed SIMD. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Loads the first `count` floats of a vector (1…4); the others are zero. Reads nothing beyond them. */
export function loadPart(address: usize, count: i32): v128 {
  if (count >= 4) return v128.load(address);
  if (count == 3) return v128.load32_lane(address, v128.load64_zero(address), 2, 8);
  if (count == 2) return v128.load64_zero(address);
  return v128.load32_zero(address);
}

/** Stores the first `count` floats of a vector (1…4). */
export function storePart(address: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(address, value);
  } else if (count == 3) {
    v128.store64_lane(address, value, 0);
    v128.store32_lane(address, value, 2, 8);
  } else if (count == 2) {
    v128.store64_lane(address, value, 0);
  } else {
    v128.store32_lane(address, value, 0);
  }
}

/** Keeps `value` where `y` > 0, else zero: the derivative of a ReLU whose result was y. */
// @ts-ignore: decorator
@inline
export function whereActive(value: v128, y: v128): v128 {
  return v128.and(value, f32x4.gt(y, f32x4.splat(0)));
}

/** `value` rounded up to a multiple of `step`. */
// @ts-ignore: decorator
@inline
export function roundUp(value: i32, step: i32): i32 {
  return ((value + step - 1) / step) * step;
}
