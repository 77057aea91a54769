import { directionIndex, estimateDirection } from './direction.ts';
import type { RainLayer } from './streaks.ts';

/** What kind of rain a rain map shows. */
export interface RainEstimate extends Pick<RainLayer, 'angle' | 'length' | 'width' | 'density' | 'strength'> {
  /** Label of the angle, 0…17. */
  readonly direction: number;
  /** How far one direction prevails, 0…1; see `estimateDirection`. */
  readonly confidence: number;
  /** Mean of the map, 0..1: the light that the rain adds. */
  readonly mean: number;
}

/** Rain maps are looked at on about this many places: enough for a correlation, soon done. */
const SAMPLES = 30_000;
/** Autocorrelations are followed this far, in shares of the shorter side. */
const FARTHEST = 0.45;

/*
 * Of one streak of the generator (`streaks.ts`) of length L and full width w at half maximum, in shares of L · w · peak and
 * L · w · peak²: its light and its energy; and moments of the peaks, exponential of mean 1 and cut at 4.
 */
const LIGHT = 1.0645 * (5 / 6);
const ENERGY = 0.7527 * (7 / 9);
const PEAK = 0.982;
const PEAK_SQUARED = 1.817;
/** Lag at which the autocorrelation along the streaks has fallen to one half, in shares of their mean length. */
const HALF_ALONG = 0.41;
/** The same across, in shares of their width: √ln 4 · σ · √2 for a Gaussian of width 2.355 σ. */
const HALF_ACROSS = Math.SQRT1_2;

/**
 * Direction, size, density and strength of the rain in a rain map.
 *
 * The direction is the structure tensor's. Streaks at random places are shot noise: its autocorrelation is that of one streak, so
 * the lags at which it halves across and along the direction give width and length; mean m and variance v give
 * strength ∝ v / m and density ∝ m² / v.
 *
 * rainMap [height · width] in 0..1, negative values count as 0. A map of zeros gives density and strength 0.
 */
export function estimateRain(rainMap: Float32Array, width: number, height: number): RainEstimate {
  const map = rainMap.map((value) => Math.max(0, value));
  const { degrees, confidence } = estimateDirection(map, width, height, 1);
  const mean = map.reduce((sum, value) => sum + value, 0) / map.length;
  const variance = map.reduce((sum, value) => sum + (value - mean) ** 2, 0) / map.length;
  const found = { angle: degrees, direction: directionIndex(degrees), confidence, mean };
  if (variance === 0) return { ...found, length: 0, width: 0, density: 0, strength: 0 };
  const radians = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), -Math.sin(radians)]; // y down
  const correlation = correlationOf(map, width, height, mean, variance);
  const farthest = FARTHEST * Math.min(width, height);
  const across = halvingLag((lag) => correlation(-sin * lag, cos * lag), farthest) / HALF_ACROSS;
  const along = halvingLag((lag) => correlation(cos * lag, sin * lag), farthest) / HALF_ALONG;
  const area = across * Math.max(along, across);
  const strength = (variance / mean) * ((PEAK * LIGHT) / (PEAK_SQUARED * ENERGY));
  const density = (1000 * mean) / (PEAK * strength * LIGHT * area);
  return { ...found, width: across, length: Math.max(along, across), density, strength };
}

/** The normalized autocorrelation of a map at a shift of any number of pixels, over places on a grid. */
function correlationOf(
  map: Float32Array,
  width: number,
  height: number,
  mean: number,
  variance: number,
): (dx: number, dy: number) => number {
  const stride = Math.max(1, Math.floor(Math.sqrt((width * height) / SAMPLES)));
  return (dx, dy) => {
    let [sum, count] = [0, 0];
    const [left, top] = [Math.max(0, Math.ceil(-dx)), Math.max(0, Math.ceil(-dy))];
    const [right, bottom] = [Math.min(width - 1, width - 2 - dx), Math.min(height - 1, height - 2 - dy)];
    for (let y = top; y <= bottom; y += stride) {
      for (let x = left; x <= right; x += stride) {
        sum += (map[y * width + x]! - mean) * (sampled(map, width, x + dx, y + dy) - mean);
        count++;
      }
    }
    return count ? sum / count / variance : 0;
  };
}

/** Bilinear; inside the map. */
function sampled(map: Float32Array, width: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [x - left, y - top];
  const p = top * width + left;
  return (1 - v) * ((1 - u) * map[p]! + u * map[p + 1]!) + v * ((1 - u) * map[p + width]! + u * map[p + width + 1]!);
}

/** The first lag at which a correlation, 1 at lag 0, is one half: between two lags that are a tenth apart, linearly. */
function halvingLag(correlation: (lag: number) => number, farthest: number): number {
  let [before, at] = [0, 1];
  for (let lag = 0.5; lag < farthest; lag = Math.max(lag + 0.25, lag * 1.1)) {
    const now = correlation(lag);
    if (now <= 0.5) return before + ((at - 0.5) / (at - now)) * (lag - before);
    [before, at] = [lag, now];
  }
  return farthest;
}
