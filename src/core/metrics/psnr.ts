import type { Plane } from '../images/luma.ts';

/**
 * Peak signal-to-noise ratio,  10 log₁₀(255² / MSE), in dB; the mean is taken over all planes together.
 *
 * a, b: equally many planes of equal size, 0…255 (`planesOf`). Infinity for equal images.
 * Throws RangeError when they differ in size or number.
 */
export function psnr(a: readonly Plane[], b: readonly Plane[]): number {
  assertComparable(a, b);
  let squares = 0;
  let count = 0;
  a.forEach((plane, p) => {
    const other = b[p]!.data;
    for (let i = 0; i < other.length; i++) squares += (plane.data[i]! - other[i]!) ** 2;
    count += other.length;
  });
  return 10 * Math.log10((255 * 255 * count) / squares);
}

/** Throws RangeError unless both are equally many (and at least one) planes of equal size. */
export function assertComparable(a: readonly Plane[], b: readonly Plane[]): void {
  const sizes = (planes: readonly Plane[]): string =>
    planes.map(({ width, height }) => `${width} × ${height}`).join(', ');
  if (a.length === 0 || sizes(a) !== sizes(b)) {
    throw new RangeError(
      `Only images of equal size can be compared, not ${sizes(a) || 'none'} with ${sizes(b) || 'none'}.`,
    );
  }
}
