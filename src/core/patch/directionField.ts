import type { GreyImage } from '../images/grey.ts';
import { directionIndex } from '../rain/direction.ts';
import { blurredBy } from './estimate.ts';

/** The local direction of an image at one place. */
export interface Needle {
  /** Centre of its cell, pixels. */
  readonly x: number;
  readonly y: number;
  /** Label of the lines there, 0…17. */
  readonly label: number;
  /** (λ₁ − λ₂) / (λ₁ + λ₂) of the local structure tensor: 1 all edges parallel, 0 none prevails, or flat. */
  readonly coherence: number;
  /** Share of the strongest cell's edges, 0…1: how much there is to see here. */
  readonly strength: number;
}

/**
 * The structure tensor ⟨∇z ∇zᵀ⟩ of every cell of `cell` × `cell` pixels, as direction label and coherence; rows of cells from the top left.
 * Lines run across the direction in which brightness changes most. The image is smoothed by half a pixel first, against noise.
 */
export function directionField(image: GreyImage, cell: number): Needle[] {
  const { width, height, values } = blurredBy(image, 0.5);
  const needles: { x: number; y: number; label: number; coherence: number; total: number }[] = [];
  for (let top = 0; top + cell <= height; top += cell) {
    for (let left = 0; left + cell <= width; left += cell) {
      let [xx, xy, yy] = [0, 0, 0];
      for (let y = Math.max(1, top); y < Math.min(height - 1, top + cell); y++) {
        for (let x = Math.max(1, left); x < Math.min(width - 1, left + cell); x++) {
          const p = y * width + x;
          const right = values[p + 1]! - values[p - 1]!;
          const up = values[p - width]! - values[p + width]!;
          xx += right * right;
          xy += right * up;
          yy += up * up;
        }
      }
      const total = xx + yy;
      const across = (Math.atan2(2 * xy, xx - yy) * 90) / Math.PI;
      const coherence = total > 0 ? Math.hypot(xx - yy, 2 * xy) / total : 0;
      needles.push({ x: left + cell / 2, y: top + cell / 2, label: directionIndex(across + 90), coherence, total });
    }
  }
  const strongest = needles.reduce((most, { total }) => Math.max(most, total), 1e-12);
  return needles.map(({ total, ...needle }) => ({ ...needle, strength: Math.sqrt(total / strongest) }));
}

/** How often each label is met, weighted by coherence and strength, as shares of the whole; all 0 for a flat image. */
export function labelShares(needles: readonly Needle[]): number[] {
  const shares = new Array<number>(18).fill(0);
  let sum = 0;
  for (const { label, coherence, strength } of needles) {
    const weight = coherence * strength;
    shares[label] = shares[label]! + weight;
    sum += weight;
  }
  return sum > 0 ? shares.map((share) => share / sum) : shares;
}
