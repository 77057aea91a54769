import type { Channels } from '../images/luma.ts';
import { luma, planesOf } from '../images/luma.ts';
import { createPixels } from '../images/pixels.ts';
import type { Pixels } from '../images/pixels.ts';
import { niqe } from './niqe.ts';
import { NIQE_BLOCK } from './niqeFeatures.ts';
import { psnr } from './psnr.ts';
import { ssim } from './ssim.ts';

/** PSNR (dB) and SSIM of one picture against its truth, on luma and on RGB. */
export interface Similarity {
  readonly psnrY: number;
  readonly ssimY: number;
  readonly psnrRgb: number;
  readonly ssimRgb: number;
}

/** One line of a table of results. */
export interface PairScores {
  /** The derained picture against the clean one. */
  readonly derained: Similarity;
  /** Its rain map against the true one. */
  readonly rainMap: Similarity;
  /** Naturalness of the derained picture; null when it is too small or too flat for that. */
  readonly niqe: number | null;
}

/**
 * Figures of a derained picture whose clean original is known. All three pictures have one size.
 *
 * The rain map of a picture x is rainy − x (`rainMapPicture`); for x = rainy itself it is black.
 * Throws RangeError when sizes differ or are below 11 × 11.
 */
export function scorePair(rainy: Pixels, clean: Pixels, derained: Pixels): PairScores {
  return {
    derained: similarity(derained, clean),
    rainMap: similarity(rainMapPicture(rainy, derained), rainMapPicture(rainy, clean)),
    niqe: naturalness(derained),
  };
}

/** PSNR and SSIM of two pictures of equal size. */
export function similarity(a: Pixels, b: Pixels): Similarity {
  const on = (channels: Channels): [number, number] => {
    const [planesA, planesB] = [planesOf(a, channels), planesOf(b, channels)];
    return [psnr(planesA, planesB), ssim(planesA, planesB)];
  };
  const [psnrY, ssimY] = on('y');
  const [psnrRgb, ssimRgb] = on('rgb');
  return { psnrY, ssimY, psnrRgb, ssimRgb };
}

/** NIQE on luma, or null for a picture that NIQE cannot judge (too small, or flat). */
export function naturalness(picture: Pixels): number | null {
  if (picture.width < NIQE_BLOCK || picture.height < NIQE_BLOCK) return null;
  try {
    return niqe(luma(picture));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The rain map as a picture: rainy − x per colour, 0 where x is the brighter one, as rain only adds light. Throws RangeError when sizes differ. */
export function rainMapPicture(rainy: Pixels, x: Pixels): Pixels {
  if (rainy.width !== x.width || rainy.height !== x.height) {
    throw new RangeError(
      `A rain map needs pictures of equal size, not ${rainy.width} × ${rainy.height} and ${x.width} × ${x.height}.`,
    );
  }
  const map = createPixels(x.width, x.height);
  for (let i = 0; i < map.data.length; i++) if (i % 4 !== 3) map.data[i] = rainy.data[i]! - x.data[i]!;
  return map;
}
