import { latin1 } from '../byteWriting.ts';

const HEADER = 128;
/** 2.19921875, as 8.8 bits. */
const GAMMA = 0x0233;

/** X, Y, Z under D50 (Adobe RGB (1998) Color Image Encoding, 4.3.5). */
const PRIMARIES = {
  rXYZ: [0.60974, 0.31111, 0.01947],
  gXYZ: [0.20528, 0.62567, 0.06087],
  bXYZ: [0.14919, 0.06322, 0.74457],
  wtpt: [0.9642, 1, 0.8249],
} as const;

/** A profile of Adobe RGB (1998), as a camera writes it: primaries and a power. */
export function adobeRgbProfile(): Uint8Array {
  const tags: [string, Uint8Array][] = [
    ...Object.entries(PRIMARIES).map(([name, xyz]): [string, Uint8Array] => [name, numbersTag(xyz)]),
    ...['rTRC', 'gTRC', 'bTRC'].map((name): [string, Uint8Array] => [name, curveTag(GAMMA)]),
    ['cprt', textTag('None')],
    ['desc', descriptionTag('Wide')],
  ];
  let at = HEADER + 4 + 12 * tags.length;
  const profile = new Uint8Array(at + tags.reduce((sum, [, { length }]) => sum + length, 0));
  const view = new DataView(profile.buffer);
  view.setUint32(0, profile.length);
  view.setUint32(8, 0x02400000);
  for (const [offset, text] of [
    [12, 'mntrRGB XYZ '],
    [36, 'acsp'],
  ] as const)
    profile.set(latin1(text), offset);
  PRIMARIES.wtpt.forEach((value, i) => view.setInt32(68 + 4 * i, Math.round(value * 65536)));
  view.setUint32(HEADER, tags.length);
  for (const [i, [name, tag]] of tags.entries()) {
    const entry = HEADER + 4 + 12 * i;
    profile.set(latin1(name), entry);
    view.setUint32(entry + 4, at);
    view.setUint32(entry + 8, tag.length);
    profile.set(tag, at);
    at += tag.length;
  }
  return profile;
}

function tagOf(type: string, length: number): { readonly bytes: Uint8Array; readonly view: DataView } {
  const bytes = new Uint8Array(length);
  bytes.set(latin1(type));
  return { bytes, view: new DataView(bytes.buffer) };
}

function numbersTag(numbers: readonly number[]): Uint8Array {
  const { bytes, view } = tagOf('XYZ ', 20);
  for (const [i, value] of numbers.entries()) view.setInt32(8 + 4 * i, Math.round(value * 65536));
  return bytes;
}

function curveTag(power: number): Uint8Array {
  const { bytes, view } = tagOf('curv', 16);
  view.setUint32(8, 1);
  view.setUint16(12, power);
  return bytes;
}

function textTag(text: string): Uint8Array {
  const { bytes } = tagOf('text', 8 + text.length + 4);
  bytes.set(latin1(text), 8);
  return bytes;
}

function descriptionTag(text: string): Uint8Array {
  const { bytes, view } = tagOf('desc', 92 + text.length + 3);
  view.setUint32(8, text.length + 1);
  bytes.set(latin1(text), 12);
  return bytes;
}
