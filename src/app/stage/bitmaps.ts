import type { LayerTile } from '../../protocol/derainer.ts';
import type { Size } from '../zoom/viewport.ts';

/** Longer side of a thumbnail, pixels: twice what the filmstrip shows. */
const THUMBNAIL_SIDE = 160;

/** A small JPEG of an image; null where the browser makes none. */
export async function makeThumbnail(bitmap: ImageBitmap): Promise<Blob | null> {
  const scale = Math.min(1, THUMBNAIL_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8));
}

/** Reads samples of a photo, and from its tiles how much a run changed. */
export interface ResidualMeter {
  /** The photo in its size; nothing is measured from a smaller one. */
  take(original: ImageBitmap): void;
  begin(): void;
  add(tile: LayerTile): void;
  /** Mean |change| so far, levels of 255; null when too little was seen. */
  mean(): number | null;
}

/** Patches a side, and pixels a side of each: a megabyte of samples, whatever the photo's size. */
const PATCHES = 8;
const PATCH = 64;
/** Share of the samples that must have been seen for a mean to be told. */
const ENOUGH = 0.25;

/**
 * Measures by samples how much a run changes a photo: patches on a grid, compared pixel by pixel. Pixels come back from
 * their canvases twice a photo only.
 */
export function meterResidual(photo: Size, colorSpace: PredefinedColorSpace): ResidualMeter {
  const width = Math.min(PATCH, Math.floor(photo.width / PATCHES));
  const height = Math.min(PATCH, Math.floor(photo.height / PATCHES));
  const sides = { width: PATCHES * width, height: PATCHES * height };
  const after = sheet(sides, colorSpace);
  const covered = new Uint8Array(sides.width * sides.height);
  let before: ImageData | null = null;

  /** Draws what of the samples lies within `rect`, which a bitmap shows. */
  const draw = (context: OffscreenCanvasRenderingContext2D, { rect, bitmap }: LayerTile): void => {
    for (let i = 0; i < PATCHES * PATCHES; i++) {
      const [column, row] = [i % PATCHES, Math.floor(i / PATCHES)];
      const [left, top] = [gridAt(column, photo.width, width), gridAt(row, photo.height, height)];
      const [x, y] = [Math.max(left, rect.left), Math.max(top, rect.top)];
      const w = Math.min(left + width, rect.left + rect.width) - x;
      const h = Math.min(top + height, rect.top + rect.height) - y;
      if (w <= 0 || h <= 0) continue;
      const [toX, toY] = [column * width + x - left, row * height + y - top];
      context.clearRect(toX, toY, w, h);
      context.drawImage(bitmap, x - rect.left, y - rect.top, w, h, toX, toY, w, h);
      for (let line = toY; line < toY + h; line++)
        covered.fill(1, line * sides.width + toX, line * sides.width + toX + w);
    }
  };

  return {
    take(bitmap) {
      const context = sheet(sides, colorSpace);
      if (!context || bitmap.width !== photo.width || bitmap.height !== photo.height) return;
      draw(context, { rect: { left: 0, top: 0, ...photo }, bitmap });
      before = context.getImageData(0, 0, sides.width, sides.height);
      covered.fill(0);
    },
    begin: () => void covered.fill(0),
    add: (tile) => void (before && after && draw(after, tile)),
    mean() {
      const seen = covered.reduce((count, one) => count + one, 0);
      if (!before || !after || seen < ENOUGH * covered.length) return null;
      return meanDifference(before.data, after.getImageData(0, 0, sides.width, sides.height).data, covered);
    },
  };
}

/** The beginning of a patch: those of a row lie evenly from edge to edge. */
function gridAt(index: number, length: number, patch: number): number {
  return Math.round((index * (length - patch)) / (PATCHES - 1));
}

function sheet({ width, height }: Size, colorSpace: PredefinedColorSpace): OffscreenCanvasRenderingContext2D | null {
  return width * height === 0 ? null : new OffscreenCanvas(width, height).getContext('2d', { colorSpace });
}

/** Mean |a − b| over red, green and blue of the pixels [RGBA] that are marked; NaN when none is. */
export function meanDifference(a: Uint8ClampedArray, b: Uint8ClampedArray, marked: Uint8Array): number {
  let [sum, count] = [0, 0];
  for (const [i, mark] of marked.entries()) {
    if (!mark) continue;
    count += 3;
    for (let c = 4 * i; c < 4 * i + 3; c++) sum += Math.abs(a[c]! - b[c]!);
  }
  return sum / count;
}
