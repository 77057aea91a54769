import type { Rect } from './tiles.ts';
import type { Residual } from './residual.ts';

/** Values per unit of the high part: a byte holds −128…127, two levels either way. */
const UNIT = 256;
/** Longest run that one pair of bytes tells. */
const MAX_RUN = 255;

/**
 * A residual in about half its bytes, without loss: value = 256 · high + low. The low parts lie as they are; the high parts,
 * 0 wherever less than two levels change, as runs of [length, value] bytes, or as they are where runs would take more.
 */
export interface PackedResidual {
  readonly rect: Rect;
  readonly low: Int8Array;
  readonly high: Uint8Array;
  readonly highIsRuns: boolean;
}

export function packResidual({ rect, data }: Residual): PackedResidual {
  const low = new Int8Array(data.length);
  const plain = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    low[i] = value; // wraps to −128…127
    plain[i] = (value - low[i]!) / UNIT; // wraps likewise
  }
  const runs = runsOf(plain);
  return { rect, low, high: runs ?? plain, highIsRuns: runs !== null };
}

export function unpackResidual({ rect, low, high, highIsRuns }: PackedResidual): Residual {
  const data = new Int16Array(low.length);
  if (!highIsRuns) {
    for (let i = 0; i < data.length; i++) data[i] = high[i]! * UNIT + low[i]!; // Int16 wraps a high of 128…255 to below zero
    return { rect, data };
  }
  for (let i = 0, at = 0; at < high.length; at += 2) {
    const base = high[at + 1]! * UNIT;
    for (const end = i + high[at]!; i < end; i++) data[i] = base + low[i]!;
  }
  return { rect, data };
}

/** Bytes that a packed residual takes. */
export function packedBytes({ low, high }: PackedResidual): number {
  return low.byteLength + high.byteLength;
}

/** Null when the runs would take as much as the values themselves. */
function runsOf(values: Uint8Array): Uint8Array | null {
  const runs = new Uint8Array(values.length);
  let length = 0;
  for (let i = 0; i < values.length;) {
    const value = values[i]!;
    const end = Math.min(values.length, i + MAX_RUN);
    let next = i + 1;
    while (next < end && values[next] === value) next++;
    if (length + 2 >= values.length) return null;
    runs[length++] = next - i;
    runs[length++] = value;
    i = next;
  }
  return runs.slice(0, length);
}
