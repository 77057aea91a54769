/** What equal images count as in a mean, dB, where their PSNR is infinite. */
const HIGHEST_PSNR = 99;

/** A figure that a mean can be taken of, and JSON can hold: the PSNR of equal images becomes 99 dB. */
export function finiteScore(score: number): number {
  return Math.min(HIGHEST_PSNR, score);
}

/** The mean of the figures that exist, each as `finiteScore` has it; null when there are none. */
export function meanScore(scores: readonly (number | null)[]): number | null {
  const present = scores.filter((score) => score !== null);
  return present.length ? present.reduce((sum, score) => sum + finiteScore(score), 0) / present.length : null;
}
