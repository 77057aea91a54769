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
  /**
   * How flat the brightness across a streak is, from 0 (a Gaussian; the default) upwards: g becomes (1 + p) g / (1 + p g), as of
   * a drop wider than the blur of its edges. Width at half maximum and peak stay.
   */
  readonly plateau?: number;
  /** Share of its half length over which either end of a streak fades softly, 0..1; absent: linearly over a third. */
  readonly softEnds?: number;
}

/** What lies between the camera and the scene besides streaks. */
export interface RainVeil {
  /** Blends the image towards `grey`: 0 none, 1 nothing else left. */
  readonly amount: number;
  readonly grey: number;
  /** Brightness of the sky that streaks let through, 0..1: they cover what is darker and leave what is brighter. Absent: they only add light. */
  readonly sky?: number;
}

/** Everything a rain map depends on besides its size. */
export interface RainRecipe {
  readonly layers: readonly RainLayer[];
  readonly veil: RainVeil;
  /** 0…2³² − 1. */
  readonly seed: number;
  /** Label of the layer that adds most, 0…17. */
  readonly direction: number;
  /**
   * Turns streaks by up to `degrees` at the border of the image and by as much the other way at the opposite border, in proportion
   * to the place along the direction `towards` (degrees as for streaks). The mean over the image stays. Absent: none.
   */
  readonly bend?: { readonly degrees: number; readonly towards: number };
}

/**
 * Brightness that rain adds, [height · width], from 0; overlapping streaks add up and may pass 1. One channel, because rain
 * is grey. Streaks that begin outside the image reach into it, so a small map has the statistics of a large one. The
 * same recipe and size give the same map.
 */
export function drawRain(recipe: RainRecipe, width: number, height: number): Float32Array {
  const map = new Float32Array(width * height);
  const random = randomFromSeed(recipe.seed);
  const turnAt = bendOver(recipe, width, height);
  recipe.layers.forEach((layer, i) => drawLayer(map, width, height, layer, turnAt, random.split(`layer ${i}`)));
  return map;
}

/**
 * The same rain seen `factor` times as large: lengths and widths × factor, density ÷ factor², so that it covers as much of the
 * image and adds as much light. Factor > 0.
 */
export function scaleRecipe(recipe: RainRecipe, factor: number): RainRecipe {
  if (factor === 1) return recipe;
  const layers = recipe.layers.map((layer) => ({
    ...layer,
    length: layer.length * factor,
    width: layer.width * factor,
    density: layer.density / (factor * factor),
  }));
  return { ...recipe, layers };
}

/** Degrees by which a bend turns the streak at a place; null for straight rain. */
function bendOver({ bend }: RainRecipe, width: number, height: number): ((x: number, y: number) => number) | null {
  if (!bend) return null;
  const towards = (bend.towards * Math.PI) / 180;
  const [right, up] = [Math.cos(towards), Math.sin(towards)];
  const perUnit = bend.degrees / (Math.abs(right) + Math.abs(up));
  return (x, y) => perUnit * (right * ((2 * x) / width - 1) - up * ((2 * y) / height - 1));
}

/** Streaks of a layer at uniformly random places of the image and of a margin around it. */
function drawLayer(
  map: Float32Array,
  width: number,
  height: number,
  layer: RainLayer,
  turnAt: ((x: number, y: number) => number) | null,
  random: Random,
): void {
  const margin = 0.7 * layer.length + 2 * layer.width;
  const [fullWidth, fullHeight] = [width + 2 * margin, height + 2 * margin];
  const expected = (layer.density * fullWidth * fullHeight) / 1000;
  const count = Math.floor(expected) + (random.uniform() < expected % 1 ? 1 : 0);
  const section = crossSection(layer);
  for (let i = 0; i < count; i++) {
    const x = random.uniform() * fullWidth - margin;
    const y = random.uniform() * fullHeight - margin;
    const degrees = layer.angle + layer.spread * random.normal() + (turnAt ? turnAt(x, y) : 0);
    const angle = (degrees * Math.PI) / 180;
    const length = layer.length * random.between(0.6, 1.4);
    const peak = layer.strength * Math.min(4, -Math.log(1 - random.uniform()));
    drawStreak(map, width, height, {
      x,
      y,
      cos: Math.cos(angle),
      sin: -Math.sin(angle),
      half: length / 2,
      section,
      peak,
      softEnds: layer.softEnds ?? 0,
    });
  }
}

/** Brightness across the streaks of a layer, as shares of that of their middle. */
interface CrossSection {
  /** Standard deviation of the Gaussian that it is made of, pixels. */
  readonly sigma: number;
  /** Distance from the middle beyond which nothing is added, pixels. */
  readonly reach: number;
  /** Over the squared distance, `bins` equal steps to the reach, to be interpolated; null for the plain Gaussian, exactly. */
  readonly table: Float64Array | null;
}

const bins = 256;

function crossSection({ width, plateau = 0, softEnds = 0 }: RainLayer): CrossSection {
  const sigma = width / 2.3548 / Math.sqrt(Math.log2(2 + plateau));
  const reach = sigma * Math.sqrt(9 + 2 * Math.log(1 + plateau));
  if (plateau === 0 && softEnds === 0) return { sigma, reach, table: null };
  const steepness = (reach * reach) / (2 * sigma * sigma * bins);
  const table = Float64Array.from({ length: bins + 2 }, (_, i) => {
    const gauss = Math.exp(-i * steepness);
    return ((1 + plateau) * gauss) / (1 + plateau * gauss);
  });
  return { sigma, reach, table };
}

/** One streak: its centre, the direction of its line on screen (y down), half its length, and its cross-section. */
interface Streak {
  readonly x: number;
  readonly y: number;
  readonly cos: number;
  readonly sin: number;
  readonly half: number;
  readonly section: CrossSection;
  readonly peak: number;
  /** 0: the ends fade linearly over a third. */
  readonly softEnds: number;
}

/**
 * Adds peak · section(d) · taper(t): d across the line, t along it. Visits, row by row, the columns that lie both within the
 * reach of the line and between its ends.
 */
function drawStreak(map: Float32Array, width: number, height: number, streak: Streak): void {
  const { x, y, cos, sin, half, peak, softEnds } = streak;
  const { sigma, reach, table } = streak.section;
  const extentX = half * Math.abs(cos) + reach;
  const extentY = half * Math.abs(sin) + reach;
  const [left, right] = [Math.max(0, Math.ceil(x - extentX)), Math.min(width - 1, Math.floor(x + extentX))];
  const [top, bottom] = [Math.max(0, Math.ceil(y - extentY)), Math.min(height - 1, Math.floor(y + extentY))];
  if (left > right) return;
  const sharpness = 1 / (2 * sigma * sigma);
  const perBin = bins / (reach * reach);
  const fade = softEnds > 0 ? 1 / (softEnds * half) : 3 / half;
  // Columns of a row: dx = dy · slope ± room, once for the band along the line and once for that between its ends.
  const [bandSlope, bandRoom] = sin === 0 ? [0, Infinity] : [cos / sin, reach / Math.abs(sin)];
  const [endSlope, endRoom] = cos === 0 ? [0, Infinity] : [-sin / cos, half / Math.abs(cos)];
  for (let row = top; row <= bottom; row++) {
    const dy = row - y;
    const from = Math.max(dy * bandSlope - bandRoom, dy * endSlope - endRoom);
    const to = Math.min(dy * bandSlope + bandRoom, dy * endSlope + endRoom);
    const first = Math.max(left, Math.floor(x + from));
    const last = Math.min(right, Math.ceil(x + to));
    for (let column = first; column <= last; column++) {
      const dx = column - x;
      const across = dx * sin - dy * cos;
      if (across > reach || across < -reach) continue;
      const room = half - Math.abs(dx * cos + dy * sin);
      if (room <= 0) continue;
      const linear = Math.min(1, room * fade);
      const taper = softEnds > 0 ? linear * linear * (3 - 2 * linear) : linear;
      const profile = table ? interpolated(table, across * across * perBin) : Math.exp(-across * across * sharpness);
      const p = row * width + column;
      map[p] = map[p]! + peak * taper * profile;
    }
  }
}

function interpolated(table: Float64Array, place: number): number {
  const bin = place | 0;
  return table[bin]! + (place - bin) * (table[bin + 1]! - table[bin]!);
}
