import type { Rect } from '../../core/inference/tiles.ts';
import type { Size, Viewport } from './viewport.ts';

export interface Tile {
  readonly rect: Rect;
  readonly bitmap: ImageBitmap;
}

/** Longest side of the small copy that zoomed-out views are drawn from, pixels. */
const OVERVIEW_SIDE = 2048;

/** Lies over what is still being computed: dark, with light diagonals, so that it shows on any photo. */
const VEIL = 'rgb(10 12 15 / 0.5)';
const VEIL_LINES = 'rgb(255 255 255 / 0.22)';
const VEIL_STEP = 10;

/** One version of an image: tiles in full size as they arrive, and a small copy of all of them. */
export class Layer {
  private readonly tiles = new Map<string, Tile>();
  /** What the tiles cover. One that is overlapped by a later one no longer counts. */
  private covered: Rect[] = [];
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
    // A tile of the whole photo is a coarse preview of the others; alone, it comes with the end of the run.
    const isWhole = tile.rect.width === this.size.width && tile.rect.height === this.size.height;
    if (!isWhole) this.covered = [...this.covered.filter((rect) => !intersects(rect, tile.rect)), tile.rect];
    drawTile(this.context, tile, { scale: this.shrink, x: 0, y: 0 });
  }

  /** Draws the layer on a canvas in device pixels; `view` maps the image onto it. */
  draw(context: CanvasRenderingContext2D, view: Viewport, canvas: Size): void {
    context.imageSmoothingEnabled = view.scale < 3;
    context.imageSmoothingQuality = view.scale < 1 ? 'high' : 'low';
    const { width, height } = this.overview;
    const { scale, x, y } = view;
    context.drawImage(this.overview, 0, 0, width, height, x, y, this.size.width * scale, this.size.height * scale);
    if (scale <= this.shrink * 1.05) return;
    for (const tile of this.tiles.values()) if (isVisible(tile.rect, view, canvas)) drawTile(context, tile, view);
  }

  /** Marks the part of the photo that no tile has reached yet; to be drawn after the layer. */
  drawVeil(context: CanvasRenderingContext2D, view: Viewport, { width, height }: Size): void {
    const { left, top, right, bottom } = onCanvas({ left: 0, top: 0, ...this.size }, view);
    context.save();
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    for (const rect of this.covered) {
      const hole = onCanvas(rect, view);
      context.rect(hole.left, hole.top, hole.right - hole.left, hole.bottom - hole.top);
    }
    context.clip('evenodd');
    context.fillStyle = VEIL;
    context.fillRect(0, 0, width, height);
    context.strokeStyle = VEIL_LINES;
    context.lineWidth = 1;
    context.beginPath();
    for (let x = -height; x < width; x += VEIL_STEP * devicePixelRatio) {
      context.moveTo(x, height);
      context.lineTo(x + height, 0);
    }
    context.stroke();
    context.restore();
  }

  close(): void {
    for (const { bitmap } of this.tiles.values()) bitmap.close();
    this.tiles.clear();
    this.overview.width = 0;
  }
}

function drawTile(context: CanvasRenderingContext2D, { rect, bitmap }: Tile, view: Viewport): void {
  const { left, top, right, bottom } = onCanvas(rect, view);
  context.drawImage(bitmap, left, top, right - left, bottom - top);
}

/** Edges on whole pixels of the canvas, so that neighbours meet without a seam. */
function onCanvas(
  { left, top, width, height }: Rect,
  { scale, x, y }: Viewport,
): { left: number; top: number; right: number; bottom: number } {
  return {
    left: Math.round(left * scale + x),
    top: Math.round(top * scale + y),
    right: Math.round((left + width) * scale + x),
    bottom: Math.round((top + height) * scale + y),
  };
}

function intersects(a: Rect, b: Rect): boolean {
  return a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;
}

function isVisible(rect: Rect, { scale, x, y }: Viewport, { width, height }: Size): boolean {
  return (
    rect.left * scale + x < width &&
    rect.top * scale + y < height &&
    (rect.left + rect.width) * scale + x > 0 &&
    (rect.top + rect.height) * scale + y > 0
  );
}
