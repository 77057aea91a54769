import { randomFromSeed } from '../random.ts';
import type { Random } from '../random.ts';

/** Streaks of one kind. */
export interface RainLayer {
  /** Of the streak's line, degrees: 0 to the right, counter-clockwise as seen on screen, 90 = vertical. */
  readonly angle: number;
  /** Standard deviation of the angle from streak to streak, degrees. */
  readonly spread: number;
  /** Mean length, pixels; single streaks have 0.6 to 1.4 times this. */
  readonly length: number;
  /** Full width at half maximum across the streak, pixels. */
  readonly width: number;
  /** Streaks per 1000 pixels of area. */
  readonly density: number;
  /** Mean brightness that a streak adds at its middle, 0..1; single streaks differ (exponentially, cut at four times). */
  readonly strength: number;
}

/** Everything a rain map depends on besides its size. */
export interface RainRecipe {
  readonly layers: readonly RainLayer[];
  /** Blends the picture towards a grey: 0 none, 1 nothing else left. */
  readonly veil: { readonly amount: number; readonly grey: number };
  /** 0…2³² − 1. */
  readonly seed: number;
  /** Label of the layer that adds most, 0…17. */
  readonly direction: number;
}

/**
 * Brightness that rain adds, [height · width], from 0; overlapping streaks add up and may pass 1. One channel, because rain
 * is grey. Streaks that begin outside the picture reach into it, so a small map has the statistics of a large one. The
 * same recipe and size give the same map.
 */
export function drawRain(recipe: RainRecipe, width: number, height: number): Float32Array {
  const map = new Float32Array(width * height);
  const random = randomFromSeed(recipe.seed);
  recipe.layers.forEach((layer, i) => drawLayer(map, width, height, layer, random.split(`layer ${i}`)));
  return map;
}

/** Streaks of a layer at uniformly random places of the picture and of a margin around it. */
function drawLayer(map: Float32Array, width: number, height: number, layer: RainLayer, random: Random): void {
  const margin = 0.7 * layer.length + 2 * layer.width;
  const [fullWidth, fullHeight] = [width + 2 * margin, height + 2 * margin];
  const expected = (layer.density * fullWidth * fullHeight) / 1000;
  const count = Math.floor(expected) + (random.uniform() < expected % 1 ? 1 : 0);
  for (let i = 0; i < count; i++) {
    const x = random.uniform() * fullWidth - margin;
    const y = random.uniform() * fullHeight - margin;
    const angle = ((layer.angle + layer.spread * random.normal()) * Math.PI) / 180;
    const length = layer.length * random.between(0.6, 1.4);
    const peak = layer.strength * Math.min(4, -Math.log(1 - random.uniform()));
    drawStreak(map, width, height, {
      x,
      y,
      cos: Math.cos(angle),
      sin: -Math.sin(angle),
      half: length / 2,
      sigma: layer.width / 2.3548,
      peak,
    });
  }
}

/** One streak: its centre, the direction of its line on screen (y down), half its length, and its Gaussian cross-section. */
interface Streak {
  readonly x: number;
  readonly y: number;
  readonly cos: number;
  readonly sin: number;
  readonly half: number;
  readonly sigma: number;
  readonly peak: number;
}

/** Adds peak · exp(−d² / 2σ²) · taper(t): d across the line, t along it; the ends fade over the last third. */
function drawStreak(
  map: Float32Array,
  width: number,
  height: number,
  { x, y, cos, sin, half, sigma, peak }: Streak,
): void {
  const reach = 3 * sigma;
  const extentX = half * Math.abs(cos) + reach;
  const extentY = half * Math.abs(sin) + reach;
  const [left, right] = [Math.max(0, Math.ceil(x - extentX)), Math.min(width - 1, Math.floor(x + extentX))];
  const [top, bottom] = [Math.max(0, Math.ceil(y - extentY)), Math.min(height - 1, Math.floor(y + extentY))];
  const sharpness = 1 / (2 * sigma * sigma);
  const fade = 3 / half;
  for (let row = top; row <= bottom; row++) {
    const dy = row - y;
    for (let column = left; column <= right; column++) {
      const dx = column - x;
      const across = dx * sin - dy * cos;
      if (across > reach || across < -reach) continue;
      const room = half - Math.abs(dx * cos + dy * sin);
      if (room <= 0) continue;
      const taper = Math.min(1, room * fade);
      const p = row * width + column;
      map[p] = map[p]! + peak * taper * Math.exp(-across * across * sharpness);
    }
  }
}
