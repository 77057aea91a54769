import type { Rect } from '../../../core/inference/tiles.ts';
import type { Size, Viewport } from './viewport.ts';

export interface Tile {
  readonly rect: Rect;
  readonly bitmap: ImageBitmap;
}

/** Longest side of the small copy that zoomed-out views are drawn from, pixels. */
const OVERVIEW_SIDE = 2048;

/** One version of the photo: tiles in full size as they arrive, and a small copy of all of them. */
export class Layer {
  private readonly tiles = new Map<string, Tile>();
  /** The small copy. */
  readonly overview: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private readonly shrink: number;

  /** `under` shows through where no tile has arrived. */
  constructor(
    readonly size: Size,
    colorSpace: PredefinedColorSpace,
    under?: Layer,
  ) {
    this.shrink = Math.min(1, OVERVIEW_SIDE / Math.max(size.width, size.height));
    this.overview = document.createElement('canvas');
    this.overview.width = Math.max(1, Math.round(size.width * this.shrink));
    this.overview.height = Math.max(1, Math.round(size.height * this.shrink));
    this.context = this.overview.getContext('2d', { colorSpace })!;
    this.context.imageSmoothingQuality = 'high';
    if (under) this.context.drawImage(under.overview, 0, 0);
  }

  /** Takes the tile over, in place of an earlier one of the same rectangle. */
  add(tile: Tile): void {
    const key = `${tile.rect.left} ${tile.rect.top} ${tile.rect.width} ${tile.rect.height}`;
    this.tiles.get(key)?.bitmap.close();
    this.tiles.set(key, tile);
    drawTile(this.context, tile, { scale: this.shrink, x: 0, y: 0 });
  }

  /** Draws the layer on a canvas in device pixels; `view` maps the picture onto it. */
  draw(context: CanvasRenderingContext2D, view: Viewport, canvas: Size): void {
    context.imageSmoothingEnabled = view.scale < 3;
    context.imageSmoothingQuality = view.scale < 1 ? 'high' : 'low';
    const { width, height } = this.overview;
    const { scale, x, y } = view;
    context.drawImage(this.overview, 0, 0, width, height, x, y, this.size.width * scale, this.size.height * scale);
    if (scale <= this.shrink * 1.05) return;
    for (const tile of this.tiles.values()) if (isVisible(tile.rect, view, canvas)) drawTile(context, tile, view);
  }

  close(): void {
    for (const { bitmap } of this.tiles.values()) bitmap.close();
    this.tiles.clear();
    this.overview.width = 0;
  }
}

/** Edges on whole pixels of the canvas, so that neighbours meet without a seam. */
function drawTile(context: CanvasRenderingContext2D, { rect, bitmap }: Tile, { scale, x, y }: Viewport): void {
  const left = Math.round(rect.left * scale + x);
  const top = Math.round(rect.top * scale + y);
  const right = Math.round((rect.left + rect.width) * scale + x);
  const bottom = Math.round((rect.top + rect.height) * scale + y);
  context.drawImage(bitmap, left, top, right - left, bottom - top);
}

function isVisible(rect: Rect, { scale, x, y }: Viewport, { width, height }: Size): boolean {
  return (
    rect.left * scale + x < width &&
    rect.top * scale + y < height &&
    (rect.left + rect.width) * scale + x > 0 &&
    (rect.top + rect.height) * scale + y > 0
  );
}
