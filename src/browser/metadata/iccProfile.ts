import { dataView, hasText } from './byteWriting.ts';

/** The colorants of Display P3 as profiles hold them: X, Y, Z under D50. */
const DISPLAY_P3 = {
  rXYZ: [0.5151, 0.2412, -0.001],
  gXYZ: [0.292, 0.6922, 0.0419],
  bXYZ: [0.1571, 0.0666, 0.7841],
} as const;
/** Profiles round, each in its own way. */
const TOLERANCE = 0.003;
/** Where the table of tags begins: their number, then signature, offset and length of each (ICC.1, 7.3). */
const TAGS = 128;

/** True for a profile with the primaries of Display P3, which browsers can show as it is; its name may be anything. */
export function isDisplayP3(icc: Uint8Array): boolean {
  return Object.entries(DISPLAY_P3).every(([tag, wanted]) => {
    const colorant = colorantOf(icc, tag);
    return colorant !== null && colorant.every((value, i) => Math.abs(value - wanted[i]!) < TOLERANCE);
  });
}

/** A tag of type XYZ: three numbers of 15.16 bits behind eight bytes of type. Null when there is none, or it lies outside. */
function colorantOf(icc: Uint8Array, tag: string): number[] | null {
  if (icc.length < TAGS + 4) return null;
  const view = dataView(icc);
  const count = Math.min(view.getUint32(TAGS), Math.floor((icc.length - TAGS - 4) / 12));
  for (let i = 0; i < count; i++) {
    const entry = TAGS + 4 + 12 * i;
    if (!hasText(icc, entry, tag)) continue;
    const at = view.getUint32(entry + 4);
    return at + 20 <= icc.length ? [8, 12, 16].map((offset) => view.getInt32(at + offset) / 65536) : null;
  }
  return null;
}
