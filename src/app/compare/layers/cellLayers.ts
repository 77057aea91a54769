import { openPhoto } from '../../../browser/photoReader.ts';
import type { LayerTile } from '../../../protocol/derainer.ts';
import { Layer } from '../../zoom/layer.ts';
import type { Size } from '../../zoom/viewport.ts';

/** What an image in the grid is: the photo, its ground truth, their difference, or what a derainer made of it. */
export type Shown =
  | { readonly kind: 'original' | 'truth' | 'trueRainMap'; readonly model: null }
  | { readonly kind: 'output' | 'rainMap'; readonly model: string };

/** Files of the images that can be shown. */
export interface ImageFiles {
  readonly size: Size;
  readonly original: Blob;
  readonly truth: Blob | null;
  readonly output: (model: string) => Blob | null;
  readonly rainMap: (model: string) => Blob | null;
}

/** Larger images are shown from a smaller copy: twelve of them fit into memory. */
const MAX_SHOWN_PIXELS = 12_000_000;

/**
 * What the grid draws from, outside React: the images of one photo, decoded as they are wanted, and those that are being
 * computed, tile by tile. Readers are told of every change.
 */
class CellLayers {
  private readonly layers = new Map<string, Layer>();
  private readonly loading = new Set<string>();
  private readonly readers = new Set<() => void>();
  /** Images of which only later tiles came: their photo was shown again in the middle of a run. */
  private readonly partial = new Set<string>();
  private image: string | null = null;
  private files: ImageFiles | null = null;

  /** Shows another image, in place of all before. */
  show(image: string | null, files: ImageFiles | null): void {
    const truth = this.files?.truth;
    this.files = files;
    if (image !== this.image) this.clear();
    else if (files?.truth === truth) return;
    else for (const kind of ['truth', 'trueRainMap'] as const) this.drop(keyOf({ kind, model: null }));
    this.image = image;
    this.redraw();
  }

  get size(): Size | null {
    return this.files?.size ?? null;
  }

  /** What there is of an image to draw; decoded in a moment if it can be. */
  get(shown: Shown): Layer | null {
    const key = keyOf(shown);
    const layer = this.layers.get(key);
    if (!layer && !this.loading.has(key)) void this.load(shown, key);
    return layer ?? null;
  }

  begin(image: string, model: string): void {
    if (image !== this.image || !this.files) return;
    const key = keyOf({ kind: 'output', model });
    this.put(key, new Layer(this.files.size, 'srgb', this.original()));
    this.partial.delete(key);
    this.drop(keyOf({ kind: 'rainMap', model }));
  }

  /** Takes a tile over, or lets go of it when its image is not the one that is shown. */
  add(image: string, model: string, tile: LayerTile): void {
    if (image !== this.image || !this.files) return tile.bitmap.close();
    const key = keyOf({ kind: 'output', model });
    if (!this.layers.has(key)) {
      this.begin(image, model);
      this.partial.add(key);
    }
    this.layers.get(key)!.add(tile);
    this.redraw();
  }

  /** The whole image is there as a file: what was drawn of it in parts, or is too large, is decoded from there. */
  finish(image: string, model: string): void {
    const key = keyOf({ kind: 'output', model });
    const isLarge = this.files !== null && this.files.size.width * this.files.size.height > MAX_SHOWN_PIXELS;
    if (image !== this.image || !(this.partial.delete(key) || isLarge)) return;
    this.drop(key);
    this.redraw();
  }

  /** Returns the end of being told. */
  watch(reader: () => void): () => void {
    this.readers.add(reader);
    return () => void this.readers.delete(reader);
  }

  /** All of these, decoded; null in place of what there is no file of. */
  async all(shown: readonly Shown[]): Promise<(Layer | null)[]> {
    await Promise.all(shown.map((one) => (this.layers.has(keyOf(one)) ? null : this.load(one, keyOf(one)))));
    return shown.map((one) => this.layers.get(keyOf(one)) ?? null);
  }

  private original(): Layer | undefined {
    return this.layers.get(keyOf({ kind: 'original', model: null }));
  }

  private async load(shown: Shown, key: string): Promise<void> {
    const { image, files } = this;
    if (!files) return;
    this.loading.add(key);
    try {
      const bitmap = await decoded(shown, files);
      // Shown no longer, or its tiles came meanwhile.
      if (!bitmap || this.image !== image || this.layers.has(key)) return bitmap?.close();
      const layer = new Layer(files.size, 'srgb');
      layer.add({ rect: { left: 0, top: 0, ...files.size }, bitmap });
      this.put(key, layer);
    } finally {
      this.loading.delete(key);
    }
  }

  private put(key: string, layer: Layer): void {
    this.layers.get(key)?.close();
    this.layers.set(key, layer);
    this.redraw();
  }

  private drop(key: string): void {
    this.layers.get(key)?.close();
    this.layers.delete(key);
  }

  private clear(): void {
    for (const layer of this.layers.values()) layer.close();
    this.layers.clear();
    this.partial.clear();
  }

  /** Has all readers draw again: something else is to be seen, or there may be more files than before. */
  redraw(): void {
    for (const reader of this.readers) reader();
  }
}

export const cellLayers = new CellLayers();

/** One text per image of a photo. */
export function keyOf({ kind, model }: Shown): string {
  return `${kind} ${model ?? ''}`;
}

async function decoded({ kind, model }: Shown, files: ImageFiles): Promise<ImageBitmap | null> {
  switch (kind) {
    case 'original':
      return bitmapOf(files.original, files.size);
    case 'truth':
      return files.truth && bitmapOf(files.truth, files.size);
    case 'trueRainMap':
      return files.truth && differenceOf(files.original, files.truth, files.size);
    case 'output':
    case 'rainMap': {
      const file = files[kind](model);
      return file && bitmapOf(file, files.size);
    }
    default:
      return kind satisfies never;
  }
}

async function bitmapOf(file: Blob, { width, height }: Size): Promise<ImageBitmap | null> {
  const scale = Math.sqrt(Math.min(1, MAX_SHOWN_PIXELS / (width * height)));
  const options: ImageBitmapOptions =
    scale < 1 ? { resizeWidth: Math.round(width * scale), resizeQuality: 'high' } : {};
  const photo = await openPhoto(file, options).catch(() => null);
  return photo && photo.bitmap;
}

/** |a − b|. */
async function differenceOf(a: Blob, b: Blob, size: Size): Promise<ImageBitmap | null> {
  const [under, over] = [await bitmapOf(a, size), await bitmapOf(b, size)];
  if (!under || !over) return null;
  const canvas = new OffscreenCanvas(under.width, under.height);
  const context = canvas.getContext('2d')!;
  context.drawImage(under, 0, 0);
  context.globalCompositeOperation = 'difference';
  context.drawImage(over, 0, 0, under.width, under.height);
  under.close();
  over.close();
  return canvas.transferToImageBitmap();
}
