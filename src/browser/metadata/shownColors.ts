import { createPixels } from '../../core/images/pixels.ts';
import type { Pixels } from '../../core/images/pixels.ts';
import { matrixProfile } from './iccProfile.ts';
import type { MatrixProfile } from './iccProfile.ts';

/** How pixels of a file are shown in its colours. */
export interface ShownColors {
  /** What the shown pixels are in. */
  readonly colorSpace: PredefinedColorSpace;
  /** From the file's pixels to the shown ones; null where they are the same. */
  readonly convert: ((pixels: Pixels) => Pixels) | null;
}

/** Of files without a profile. */
const PLAIN_COLORS: ShownColors = { colorSpace: 'srgb', convert: null };

/** X, Y, Z under D50 of red, green and blue, as profiles hold them. Both have sRGB's curve. */
const PRIMARIES: Readonly<Record<PredefinedColorSpace, MatrixProfile['primaries']>> = {
  srgb: [
    [0.43607, 0.22249, 0.01392],
    [0.38515, 0.71687, 0.09708],
    [0.14307, 0.06061, 0.7141],
  ],
  'display-p3': [
    [0.5151, 0.2412, -0.001],
    [0.292, 0.6922, 0.0419],
    [0.1571, 0.0666, 0.7841],
  ],
};
/** Profiles round, each in its own way. */
const TOLERANCE = 0.003;
/** What a curve may be off by where it is called sRGB's, levels. */
const LEVELS_OFF = 1.5;
/** Steps of light between which a value of 8 bits is looked up. */
const STEPS = 16_384;

/**
 * How to show a file with that profile where canvases know Display P3 or not. sRGB and, there, Display P3 stay as they are; other profiles of
 * three primaries and curves (Adobe RGB, ProPhoto) are converted, what lies outside is clipped. A profile of another kind counts as sRGB.
 */
export function shownColors(icc: Uint8Array | null, showsP3: boolean): ShownColors {
  const profile = icc && matrixProfile(icc);
  if (!profile || isOf(profile, 'srgb')) return PLAIN_COLORS;
  const colorSpace = showsP3 ? 'display-p3' : 'srgb';
  return { colorSpace, convert: isOf(profile, colorSpace) ? null : conversion(profile, PRIMARIES[colorSpace]) };
}

function isOf({ primaries, curves }: MatrixProfile, space: PredefinedColorSpace): boolean {
  const wanted = PRIMARIES[space];
  return (
    primaries.every((primary, i) => primary.every((value, k) => Math.abs(value - wanted[i]![k]!) < TOLERANCE)) &&
    curves.every((curve) => curve.every((light, value) => Math.abs(255 * encoded(light) - value) < LEVELS_OFF))
  );
}

/** sRGB's value, 0…1, of light (IEC 61966-2-1). */
function encoded(light: number): number {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
}

let values: Uint8Array | null = null;

function conversion({ primaries, curves }: MatrixProfile, to: MatrixProfile['primaries']): (pixels: Pixels) => Pixels {
  const table = (values ??= Uint8Array.from({ length: STEPS + 1 }, (_, i) => Math.round(255 * encoded(i / STEPS))));
  // What red, green and blue of the file give of a shown one, in steps of light.
  const weights = (row: Row): Row => {
    const [r, g, b] = primaries.map((primary) => STEPS * dot(row, primary));
    return [r!, g!, b!];
  };
  const [[rr, rg, rb], [gr, gg, gb], [br, bg, bb]] = inverse(to).map(weights) as [Row, Row, Row];
  const [red, green, blue] = curves as [Float32Array, Float32Array, Float32Array];
  const valueAt = (step: number): number => table[step <= 0 ? 0 : step >= STEPS ? STEPS : Math.round(step)]!;
  return ({ width, height, data }) => {
    const shown = createPixels(width, height);
    for (let i = 0; i < data.length; i += 4) {
      const [r, g, b] = [red[data[i]!]!, green[data[i + 1]!]!, blue[data[i + 2]!]!];
      shown.data[i] = valueAt(rr * r + rg * g + rb * b);
      shown.data[i + 1] = valueAt(gr * r + gg * g + gb * b);
      shown.data[i + 2] = valueAt(br * r + bg * g + bb * b);
      shown.data[i + 3] = data[i + 3]!;
    }
    return shown;
  };
}

type Row = readonly [number, number, number];

function dot(a: Row, b: Row): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Row, b: Row): Row {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** Rows of the inverse of the matrix with these columns. */
function inverse([x, y, z]: readonly Row[]): Row[] {
  const volume = dot(x!, cross(y!, z!));
  return [cross(y!, z!), cross(z!, x!), cross(x!, y!)].map(([a, b, c]) => [a / volume, b / volume, c / volume]);
}
