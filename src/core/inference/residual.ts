import type { Pixels } from '../images/pixels.ts';
import { mirrored } from '../images/mirror.ts';
import type { Rect } from './tiles.ts';

/** Parts of a level (of 0..255) in which residuals are kept: finer than any rounding of the result can show. */
const PARTS = 64;
/** What a kept number counts for in 0..1. */
export const residualScale = 1 / (PARTS * 255);

/**
 * What a network would change in a rectangle: y − x in 1/64 levels, [h · w · 3]. It is kept instead of the result, so that
 * strength and rain map are arithmetic on it and need no network.
 */
export interface Residual {
  readonly rect: Rect;
  readonly data: Int16Array;
}

/**
 * Keeps the part `inner` of a network's output for `source`, as y − x against the bytes it was given, or (`subtract` false)
 * the output itself. `values` [h · w · 3] in 0..1 and `image` cover `source`.
 */
export function takeResidual(
  values: Float32Array,
  image: Pixels,
  source: Rect,
  inner: Rect,
  subtract = true,
): Residual {
  const data = new Int16Array(inner.width * inner.height * 3);
  const level = subtract ? PARTS : 0;
  for (let y = 0, to = 0; y < inner.height; y++) {
    const pixel = (y + inner.top - source.top) * source.width + inner.left - source.left;
    let [i, p] = [pixel * 3, pixel * 4];
    for (let x = 0; x < inner.width; x++, i += 3, p += 4, to += 3) {
      data[to] = rounded(values[i]! * (255 * PARTS) - image.data[p]! * level);
      data[to + 1] = rounded(values[i + 1]! * (255 * PARTS) - image.data[p + 1]! * level);
      data[to + 2] = rounded(values[i + 2]! * (255 * PARTS) - image.data[p + 2]! * level);
    }
  }
  return { rect: inner, data };
}

/** A residual of a whole image, of zeros. */
export function emptyResidual(width: number, height: number): Residual {
  return { rect: { left: 0, top: 0, width, height }, data: new Int16Array(width * height * 3) };
}

/** Copies a part into a residual that covers it. */
export function pasteResidual(whole: Residual, { rect, data }: Residual): void {
  for (let y = 0; y < rect.height; y++) {
    const row = data.subarray(y * rect.width * 3, (y + 1) * rect.width * 3);
    whole.data.set(row, ((rect.top - whole.rect.top + y) * whole.rect.width + rect.left - whole.rect.left) * 3);
  }
}

/** A rectangle of a whole image's residual as y − x in 0..1, [h · w · 3]; outside the image it is mirrored. */
export function residualValues({ rect: { width, height }, data }: Residual, rect: Rect): Float32Array {
  const values = new Float32Array(rect.width * rect.height * 3);
  for (let y = 0, to = 0; y < rect.height; y++) {
    const row = mirrored(rect.top + y, height) * width;
    for (let x = 0; x < rect.width; x++, to += 3) {
      const from = (row + mirrored(rect.left + x, width)) * 3;
      for (let c = 0; c < 3; c++) values[to + c] = data[from + c]! / (PARTS * 255);
    }
  }
  return values;
}

/**
 * out = x + strength · r, rounded and clipped; alpha as it was. A channel with |r| under half a level stays exactly as it
 * was, so a pixel without rain comes out bit-identical at any strength. `image` covers r's rectangle, from its corner, and so
 * does `mask`: where it is 255 the image stays as it is, below that r counts for the rest (`protectionOf`).
 */
export function applyResidual(
  image: Pixels,
  { data }: Residual,
  strength: number,
  mask: Uint8Array | null = null,
): Pixels {
  const out = new Uint8ClampedArray(image.data); // rounds and clips by itself
  const whole = strength / PARTS;
  for (let p = 0, i = 0; p < out.length; p += 4, i += 3) {
    const scale = mask ? whole * (1 - mask[p / 4]! / 255) : whole;
    for (let c = 0; c < 3; c++) {
      const r = data[i + c]!;
      if (r >= PARTS / 2 || r <= -PARTS / 2) out[p + c] = out[p + c]! + r * scale;
    }
  }
  return { width: image.width, height: image.height, data: out };
}

/** The same on samples of 16 bits, RGBA of 0…65,535 [h · w · 4], in their place: what is below half a level of 255 changes nothing. */
export function applyResidual16(
  samples: Uint16Array,
  { width, left }: { readonly width: number; readonly left: number },
  { rect, data }: Residual,
  strength: number,
  mask: Uint8Array | null = null,
): void {
  const whole = (strength * 257) / PARTS;
  for (let y = 0, i = 0; y < rect.height; y++) {
    let p = (y * width + left) * 4;
    for (let x = 0; x < rect.width; x++, p += 4, i += 3) {
      const scale = mask ? whole * (1 - mask[i / 3]! / 255) : whole;
      for (let c = 0; c < 3; c++) {
        const r = data[i + c]!;
        if (r >= PARTS / 2 || r <= -PARTS / 2)
          samples[p + c] = Math.min(65_535, Math.max(0, Math.round(samples[p + c]! + r * scale)));
      }
    }
  }
}

/** The rain map |x − y| (or |z| itself) as an opaque image, times `gain`. */
export function rainMapOf({ rect, data }: Residual, gain: number): Pixels {
  const out = new Uint8ClampedArray(rect.width * rect.height * 4);
  const scale = gain / PARTS;
  for (let p = 0, i = 0; p < out.length; p += 4, i += 3) {
    out[p] = Math.abs(data[i]! * scale);
    out[p + 1] = Math.abs(data[i + 1]! * scale);
    out[p + 2] = Math.abs(data[i + 2]! * scale);
    out[p + 3] = 255;
  }
  return { width: rect.width, height: rect.height, data: out };
}

/** The nearest number of 16 bits. `Math.round` takes ten times as long. */
function rounded(value: number): number {
  return value > 32767 ? 32767 : value < -32768 ? -32768 : Math.floor(value + 0.5);
}
