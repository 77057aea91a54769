/** Number of direction labels: ten degrees each, from 0 (horizontal) counter-clockwise as seen on screen; 9 is vertical. */
export const directionLabels = 18;

/** The label of an angle in degrees, any real number: round(θ / 10) mod 18. */
export function directionIndex(degrees: number): number {
  return ((Math.round(degrees / 10) % directionLabels) + directionLabels) % directionLabels;
}

/** The label after a horizontal (or a vertical) flip: θ → 180 − θ. */
export function flippedIndex(index: number): number {
  return (directionLabels - index) % directionLabels;
}

/** The label after a rotation by 90°: θ → θ + 90. */
export function rotatedIndex(index: number): number {
  return (index + directionLabels / 2) % directionLabels;
}

/** What the structure tensor says about a rain map. */
export interface DirectionEstimate {
  /** Angle of the streaks' line, [0, 180). */
  readonly degrees: number;
  readonly index: number;
  /** (λ₁ − λ₂) / (λ₁ + λ₂) of the tensor: 1 when all edges are parallel, 0 when none prevails (or the map is flat). */
  readonly confidence: number;
}

/**
 * Direction of the rain in a rain map: the mean structure tensor ⟨∇z ∇zᵀ⟩ of its grey version; streaks run across the
 * direction in which brightness changes most.
 *
 * rainMap [height · width · channels], any scale; a map without any change gives 90° with confidence 0.
 */
export function estimateDirection(
  rainMap: ArrayLike<number>,
  width: number,
  height: number,
  channels: number,
): DirectionEstimate {
  const grey = new Float32Array(width * height);
  for (let i = 0; i < grey.length; i++) {
    for (let c = 0; c < channels; c++) grey[i] = grey[i]! + rainMap[i * channels + c]! / channels;
  }
  let [xx, xy, yy] = [0, 0, 0];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const p = y * width + x;
      const [above, below] = [p - width, p + width];
      const falling = grey[above + 1]! - grey[below - 1]!; // the two diagonals of Scharr's operator, whose error in angle is small
      const rising = grey[below + 1]! - grey[above - 1]!;
      const right = 3 * (falling + rising) + 10 * (grey[p + 1]! - grey[p - 1]!);
      const up = 3 * (falling - rising) + 10 * (grey[above]! - grey[below]!);
      xx += right * right;
      xy += right * up;
      yy += up * up;
    }
  }
  const total = xx + yy;
  if (total === 0) return { degrees: 90, index: 9, confidence: 0 };
  const across = (Math.atan2(2 * xy, xx - yy) * 90) / Math.PI; // degrees, (−90, 90]
  const degrees = (across + 90 + 180) % 180;
  return { degrees, index: directionIndex(degrees), confidence: Math.hypot(xx - yy, 2 * xy) / total };
}
