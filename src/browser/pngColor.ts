import { dataView } from './metadata/byteWriting.ts';
import { chunks } from './metadata/pngChunks.ts';

/** Chromaticities of red, green, blue and white, [x, y] each. */
type Primaries = readonly [Point, Point, Point, Point];
type Point = readonly [number, number];
type Matrix = readonly (readonly [number, number, number])[];

/** How an image without an ICC profile tells its colours, where that is not sRGB. */
export interface PngColor {
  /** A stored value, 0..1, as light, 0..1. */
  readonly linear: (value: number) => number;
  /** Linear RGB of the file to linear sRGB. */
  readonly matrix: Matrix;
}

const D65: Point = [0.3127, 0.329];
const SRGB: Primaries = [[0.64, 0.33], [0.3, 0.6], [0.15, 0.06], D65];
/** ITU-T H.273, table 2. */
const CODED_PRIMARIES: Readonly<Record<number, Primaries>> = {
  1: SRGB,
  4: [
    [0.67, 0.33],
    [0.21, 0.71],
    [0.14, 0.08],
    [0.31, 0.316],
  ],
  5: [[0.64, 0.33], [0.29, 0.6], [0.15, 0.06], D65],
  6: [[0.63, 0.34], [0.31, 0.595], [0.155, 0.07], D65],
  7: [[0.63, 0.34], [0.31, 0.595], [0.155, 0.07], D65],
  9: [[0.708, 0.292], [0.17, 0.797], [0.131, 0.046], D65],
  12: [[0.68, 0.32], [0.265, 0.69], [0.15, 0.06], D65],
};
const IDENTITY: Matrix = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

const power = (exponent: number) => (value: number) => value ** exponent;
const fromSrgb = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const fromRec709 = (value: number): number => (value < 0.081 ? value / 4.5 : ((value + 0.099) / 1.099) ** (1 / 0.45));
/** ITU-T H.273, table 3, without those for high dynamic range. */
const CODED_TRANSFERS: Readonly<Record<number, (value: number) => number>> = {
  1: fromRec709,
  4: power(2.2),
  5: power(2.8),
  6: fromRec709,
  8: power(1),
  13: fromSrgb,
  14: fromRec709,
  15: fromRec709,
};

/**
 * The colours that cICP, or else gAMA and cHRM tell (PNG, third edition, 13.13 and 14: the first of cICP, iCCP, sRGB, gAMA with cHRM counts).
 * Null where they are sRGB, or a profile tells them; 'high dynamic range' where no plain conversion is right.
 */
export function pngColor(bytes: Uint8Array): PngColor | 'high dynamic range' | null {
  const found = new Map<string, Uint8Array>();
  for (const { name, body } of chunks(bytes)) {
    if (name === 'IDAT') break;
    found.set(name, body);
  }
  const coded = found.get('cICP');
  if (coded && coded.length >= 4 && coded[2] === 0 && coded[3] === 1) {
    const color = codedColor(coded[0]!, coded[1]!);
    if (color !== undefined) return color;
  }
  if (found.has('iCCP') || found.has('sRGB')) return null;
  const [gamma, chromaticities] = [found.get('gAMA'), found.get('cHRM')];
  const exponent = gamma && gamma.length === 4 ? 100_000 / dataView(gamma).getUint32(0) : null;
  const primaries = chromaticities?.length === 32 ? primariesOf(chromaticities) : null;
  if ((exponent === null || !Number.isFinite(exponent) || exponent > 10) && !primaries) return null;
  const linear = exponent !== null && exponent <= 10 ? power(exponent) : fromSrgb;
  return colorOf(primaries ?? SRGB, linear);
}

/**
 * The colours that a pair of code points names (ITU-T H.273: primaries, transfer characteristics). Null for sRGB, undefined for
 * codes that name none.
 */
export function codedColor(primaries: number, transfer: number): PngColor | 'high dynamic range' | null | undefined {
  if (transfer === 16 || transfer === 18) return 'high dynamic range';
  const [triangle, linear] = [CODED_PRIMARIES[primaries], CODED_TRANSFERS[transfer]];
  if (!triangle || !linear) return undefined;
  return triangle === SRGB && linear === fromSrgb ? null : colorOf(triangle, linear);
}

/** Turns samples of so many levels, RGB in every `stride` numbers, into sRGB in their place. */
export function toSrgb(
  samples: Uint8ClampedArray | Uint16Array,
  stride: 3 | 4,
  levels: number,
  { linear, matrix }: PngColor,
): void {
  const light = Float32Array.from({ length: levels }, (_, i) => linear(i / (levels - 1)));
  const steps = 65_535;
  const encoded = Uint16Array.from({ length: steps + 1 }, (_, i) => Math.round(toSrgbCurve(i / steps) * (levels - 1)));
  for (let i = 0; i + 2 < samples.length; i += stride) {
    const [r, g, b] = [light[samples[i]!]!, light[samples[i + 1]!]!, light[samples[i + 2]!]!];
    for (let c = 0; c < 3; c++) {
      const [x, y, z] = matrix[c]!;
      const value = Math.min(1, Math.max(0, x * r + y * g + z * b));
      samples[i + c] = encoded[Math.round(value * steps)]!;
    }
  }
}

function toSrgbCurve(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

/** Null for a triangle without area. */
function primariesOf(body: Uint8Array): Primaries | null {
  const view = dataView(body);
  const at = (i: number): Point => [view.getUint32(8 * i) / 100_000, view.getUint32(8 * i + 4) / 100_000];
  const primaries: Primaries = [at(1), at(2), at(3), at(0)];
  return primaries.every(([, y]) => y > 0) && toXyz(primaries) ? primaries : null;
}

function colorOf(primaries: Primaries, linear: (value: number) => number): PngColor {
  const [from, to] = [toXyz(primaries), inverse(toXyz(SRGB)!)];
  if (primaries === SRGB || !from || !to) return { linear, matrix: IDENTITY };
  return { linear, matrix: product(to, product(adaptation(primaries[3]), from)) };
}

/** Linear RGB to XYZ (SMPTE RP 177). */
function toXyz([red, green, blue, white]: Primaries): Matrix | null {
  const xyz = ([x, y]: Point): [number, number, number] => [x / y, 1, (1 - x - y) / y];
  const columns = [xyz(red), xyz(green), xyz(blue)] as const;
  const rows = [0, 1, 2].map((i): [number, number, number] => [columns[0][i]!, columns[1][i]!, columns[2][i]!]);
  const solved = inverse(rows);
  if (!solved) return null;
  const scale = times(solved, xyz(white));
  return rows.map(([a, b, c]): [number, number, number] => [a * scale[0], b * scale[1], c * scale[2]]);
}

/** Bradford's adaptation of a white point to D65. */
function adaptation(white: Point): Matrix {
  if (Math.abs(white[0] - D65[0]) < 0.001 && Math.abs(white[1] - D65[1]) < 0.001) return IDENTITY;
  const cones: Matrix = [
    [0.8951, 0.2664, -0.1614],
    [-0.7502, 1.7135, 0.0367],
    [0.0389, -0.0685, 1.0296],
  ];
  const responseOf = ([x, y]: Point): [number, number, number] => times(cones, [x / y, 1, (1 - x - y) / y]);
  const [from, to] = [responseOf(white), responseOf(D65)];
  const gains: Matrix = [
    [to[0] / from[0], 0, 0],
    [0, to[1] / from[1], 0],
    [0, 0, to[2] / from[2]],
  ];
  return product(inverse(cones)!, product(gains, cones));
}

function times(matrix: Matrix, [x, y, z]: readonly [number, number, number]): [number, number, number] {
  return matrix.map(([a, b, c]) => a * x + b * y + c * z) as [number, number, number];
}

function product(left: Matrix, right: Matrix): Matrix {
  const columns = [0, 1, 2].map((j) => times(left, [right[0]![j]!, right[1]![j]!, right[2]![j]!]));
  return [0, 1, 2].map((i): [number, number, number] => [columns[0]![i]!, columns[1]![i]!, columns[2]![i]!]);
}

function inverse(m: Matrix): Matrix | null {
  const [[a, b, c], [d, e, f], [g, h, i]] = m as [Matrix[0], Matrix[0], Matrix[0]] as [
    readonly [number, number, number],
    readonly [number, number, number],
    readonly [number, number, number],
  ];
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (Math.abs(determinant) < 1e-9) return null;
  return [
    [(e * i - f * h) / determinant, (c * h - b * i) / determinant, (b * f - c * e) / determinant],
    [(f * g - d * i) / determinant, (a * i - c * g) / determinant, (c * d - a * f) / determinant],
    [(d * h - e * g) / determinant, (b * g - a * h) / determinant, (a * e - b * d) / determinant],
  ];
}
