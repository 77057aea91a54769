/** Square patches of a plane [height·width], each without its own mean. */
export interface PatchGrid {
  readonly width: number;
  readonly height: number;
  readonly side: number;
  /** Where patches begin; the last ones touch the edges. */
  readonly lefts: readonly number[];
  readonly tops: readonly number[];
}

/** Every `stride`-th patch, and those along the right and lower edge. The plane is at least as large as a patch. */
export function patchGrid(width: number, height: number, side: number, stride: number): PatchGrid {
  const places = (length: number): number[] => {
    const starts = Array.from({ length: Math.floor((length - side) / stride) + 1 }, (_, i) => i * stride);
    if (starts.at(-1)! < length - side) starts.push(length - side);
    return starts;
  };
  return { width, height, side, lefts: places(width), tops: places(height) };
}

/** Writes the patch at (left, top) without its mean into `patch`; returns the mean. */
export function takePatch(
  plane: Float32Array,
  { width, side }: Pick<PatchGrid, 'width' | 'side'>,
  left: number,
  top: number,
  patch: Float32Array,
): number {
  let sum = 0;
  for (let y = 0, to = 0; y < side; y++) {
    for (let x = 0, at = (top + y) * width + left; x < side; x++, at++, to++) sum += patch[to] = plane[at]!;
  }
  const mean = sum / patch.length;
  for (let i = 0; i < patch.length; i++) patch[i]! -= mean;
  return mean;
}

/** Σ Pᵀ g over the grid: each patch that `patchAt` writes is added, without its mean, to where it was taken. */
export function gatherPatches(
  grid: PatchGrid,
  into: Float32Array,
  patchAt: (left: number, top: number, patch: Float32Array) => void,
): void {
  const { width, side, lefts, tops } = grid;
  const patch = new Float32Array(side * side);
  into.fill(0);
  for (const top of tops) {
    for (const left of lefts) {
      patchAt(left, top, patch);
      let mean = 0;
      for (let i = 0; i < patch.length; i++) mean += patch[i]!;
      mean /= patch.length;
      for (let y = 0, from = 0; y < side; y++)
        for (let x = 0, at = (top + y) * width + left; x < side; x++, at++, from++) into[at]! += patch[from]! - mean;
    }
  }
}

/**
 * x ↦ Σ Pᵀ P x,  P taking a patch without its mean: how often a pixel lies in a patch, times the pixel, less the means of those
 * patches. Sums of windows run along, so that it costs the same for any side.
 */
export function patchOperator(grid: PatchGrid): (x: Float32Array, into: Float32Array) => void {
  const { width, height, side, lefts, tops } = grid;
  const coverage = (starts: readonly number[], length: number): Float32Array => {
    const counts = new Float32Array(length);
    for (const start of starts) for (let i = 0; i < side; i++) counts[start + i]! += 1;
    return counts;
  };
  const [across, down] = [coverage(lefts, width), coverage(tops, height)];
  const rows = new Float64Array(height * lefts.length); // sums of `side` pixels of a row
  const sums = new Float64Array(tops.length * lefts.length); // of whole patches
  const spread = new Float64Array((height + 1) * lefts.length);
  return (x, into) => {
    const n = lefts.length;
    for (let y = 0; y < height; y++) {
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let k = 0, at = y * width + lefts[i]!; k < side; k++) sum += x[at + k]!;
        rows[y * n + i] = sum;
      }
    }
    spread.fill(0);
    tops.forEach((top, t) => {
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let k = 0; k < side; k++) sum += rows[(top + k) * n + i]!;
        sums[t * n + i] = sum / (side * side);
        spread[top * n + i]! += sums[t * n + i]!;
        spread[(top + side) * n + i]! -= sums[t * n + i]!;
      }
    });
    const running = new Float64Array(n);
    const line = new Float64Array(width + 1);
    for (let y = 0; y < height; y++) {
      line.fill(0);
      for (let i = 0; i < n; i++) {
        const mean = (running[i]! += spread[y * n + i]!);
        line[lefts[i]!]! += mean;
        line[lefts[i]! + side]! -= mean;
      }
      let means = 0;
      for (let i = 0, at = y * width; i < width; i++, at++) {
        means += line[i]!;
        into[at] = down[y]! * across[i]! * x[at]! - means;
      }
    }
  };
}
