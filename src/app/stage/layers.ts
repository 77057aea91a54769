import { Layer } from '../zoom/layer.ts';
import type { Tile } from '../zoom/layer.ts';
import type { Size } from '../zoom/viewport.ts';

/** The versions of a photo that can lie on the stage. */
export type LayerName = 'original' | 'derained' | 'compare' | 'shown';

/**
 * What the stage draws from, outside React: tiles arrive faster than it should render. Readers are told of every change.
 */
class StageLayers {
  private readonly layers = new Map<LayerName, Layer>();
  private readonly readers = new Set<() => void>();
  private colorSpace: PredefinedColorSpace = 'srgb';
  /** Sides of the photo on the stage. */
  size: Size | null = null;

  get(name: LayerName): Layer | null {
    return this.layers.get(name) ?? null;
  }

  /** Puts a photo of some size on the stage, in place of everything before; the bitmap may be smaller. */
  show(original: ImageBitmap, { width, height }: Size, colorSpace: PredefinedColorSpace): void {
    this.clear();
    this.size = { width, height };
    this.colorSpace = colorSpace;
    this.layers.set('original', new Layer(this.size, colorSpace));
    this.sharpen(original);
  }

  /** Shows the photo on the stage from another bitmap. */
  sharpen(original: ImageBitmap): void {
    if (!this.size) return original.close();
    this.add('original', { rect: { left: 0, top: 0, ...this.size }, bitmap: original });
  }

  /** Begins a layer anew; until its tiles arrive the original shows through. */
  begin(name: Exclude<LayerName, 'original'>): void {
    if (!this.size) return;
    this.layers.get(name)?.close();
    this.layers.set(name, new Layer(this.size, this.colorSpace, this.get('original') ?? undefined));
    this.changed();
  }

  /** Adds a tile to a layer, or lets go of it when there is no such layer. */
  add(name: LayerName, tile: Tile): void {
    const layer = this.layers.get(name);
    if (!layer) return tile.bitmap.close();
    layer.add(tile);
    this.changed();
  }

  remove(name: Exclude<LayerName, 'original'>): void {
    this.layers.get(name)?.close();
    this.layers.delete(name);
    this.changed();
  }

  clear(): void {
    for (const layer of this.layers.values()) layer.close();
    this.layers.clear();
    this.size = null;
    this.changed();
  }

  /** Returns the end of being told. */
  watch(reader: () => void): () => void {
    this.readers.add(reader);
    return () => void this.readers.delete(reader);
  }

  private changed(): void {
    for (const reader of this.readers) reader();
  }
}

export const stageLayers = new StageLayers();
