import { dataView, hasText } from './byteWriting.ts';

/** Where the table of tags begins: their number, then signature, offset and length of each (ICC.1, 7.3). */
const TAGS = 128;
/** Samples of a curve: one for each value of 8 bits. */
const LEVELS = 256;

/** An RGB profile of three primaries and a curve for each, as photos have it (ICC.1, F.3). */
export interface MatrixProfile {
  /** X, Y, Z under D50 of red, green and blue. */
  readonly primaries: readonly (readonly [number, number, number])[];
  /** Light, 0…1, of each value 0…255: of red, green and blue. */
  readonly curves: readonly Float32Array[];
}

/** Reads a profile of that kind. Null for others (grey, CMYK, tables of colours), and for damaged ones. */
export function matrixProfile(icc: Uint8Array): MatrixProfile | null {
  if (icc.length < TAGS + 4 || !hasText(icc, 16, 'RGB ') || !hasText(icc, 20, 'XYZ ')) return null;
  // A browser takes a table of colours before primaries.
  if (tagOf(icc, 'A2B0')) return null;
  const primaries = ['rXYZ', 'gXYZ', 'bXYZ'].map((tag) => primaryOf(tagOf(icc, tag)));
  const curves = ['rTRC', 'gTRC', 'bTRC'].map((tag) => curveOf(tagOf(icc, tag)));
  return primaries.every((primary) => primary !== null) && curves.every((curve) => curve !== null)
    ? { primaries, curves }
    : null;
}

/** The bytes of a tag, its type first. Null when there is none, or it lies outside. */
function tagOf(icc: Uint8Array, tag: string): DataView | null {
  const view = dataView(icc);
  const count = Math.min(view.getUint32(TAGS), Math.floor((icc.length - TAGS - 4) / 12));
  for (let i = 0; i < count; i++) {
    const entry = TAGS + 4 + 12 * i;
    if (!hasText(icc, entry, tag)) continue;
    const [at, length] = [view.getUint32(entry + 4), view.getUint32(entry + 8)];
    return length >= 12 && at + length <= icc.length ? dataView(icc.subarray(at, at + length)) : null;
  }
  return null;
}

const fixed = (view: DataView, at: number): number => view.getInt32(at) / 65536;

function primaryOf(tag: DataView | null): [number, number, number] | null {
  return tag && tag.byteLength >= 20 ? [fixed(tag, 8), fixed(tag, 12), fixed(tag, 16)] : null;
}

/** How many parameters each function of a parametric curve has (ICC.1, 10.18): g a b c d e f. */
const PARAMETERS = [1, 3, 4, 5, 7];

function curveOf(tag: DataView | null): Float32Array | null {
  const light = tag && lightOf(tag);
  return light && Float32Array.from({ length: LEVELS }, (_, i) => Math.min(1, Math.max(0, light(i / (LEVELS - 1)))));
}

function lightOf(tag: DataView): ((value: number) => number) | null {
  const type = tag.getUint32(0);
  if (type === CURVE) return tableOf(tag);
  const count = type === PARAMETRIC ? PARAMETERS[tag.getUint16(8)] : undefined;
  if (count === undefined || tag.byteLength < 12 + 4 * count) return null;
  const numbers = Array.from({ length: count }, (_, i) => fixed(tag, 12 + 4 * i));
  const [g = 1, a = 1, b = 0, c = 0, d = -1, e = 0, f = 0] = numbers;
  switch (count) {
    case 3:
      return (x) => (a * x + b >= 0 ? (a * x + b) ** g : 0);
    case 4:
      return (x) => (a * x + b >= 0 ? (a * x + b) ** g + c : c);
    default:
      return (x) => (x >= d ? (a * x + b) ** g + e : c * x + f);
  }
}

/** 'curv' and 'para'. */
const CURVE = 0x63757276;
const PARAMETRIC = 0x70617261;

/** A curve of type 'curv': no number is a straight line, one is a power, more are a table. */
function tableOf(tag: DataView): ((value: number) => number) | null {
  const count = tag.getUint32(8);
  if (count === 0) return (x) => x;
  if (12 + 2 * count > tag.byteLength) return null;
  if (count === 1) return (x) => x ** (tag.getUint16(12) / 256);
  return (x) => {
    const place = x * (count - 1);
    const before = Math.min(count - 2, Math.floor(place));
    const [low, high] = [tag.getUint16(12 + 2 * before), tag.getUint16(14 + 2 * before)];
    return (low + (high - low) * (place - before)) / 65535;
  };
}
