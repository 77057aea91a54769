import type { Layer } from './layer.ts';
import type { Point, Size, Viewport } from './viewport.ts';

/** One image among others as it is shown. */
export interface Drawn {
  readonly layer: Layer;
  /** Shown is |layer − minus|. */
  readonly minus: Layer | null;
  /** 1, 2, 4, 8 or 16. */
  readonly gain: number;
  /** What is not computed yet is marked. */
  readonly pending: boolean;
}

/** Draws an image; `view` maps it onto the canvas, in device pixels. */
export function drawCell(context: CanvasRenderingContext2D, drawn: Drawn, view: Viewport): void {
  const { canvas } = context;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  drawn.layer.draw(context, view, canvas);
  if (drawn.minus) {
    // A layer is drawn part over part; taken away it may be once only.
    const whole = clearSheet(canvas);
    drawn.minus.draw(whole, view, canvas);
    context.globalCompositeOperation = 'difference';
    context.drawImage(whole.canvas, 0, 0);
  }
  context.globalCompositeOperation = 'lighter';
  for (let gain = 1; gain < drawn.gain; gain *= 2) context.drawImage(canvas, 0, 0);
  context.globalCompositeOperation = 'source-over';
  if (drawn.pending) drawn.layer.drawVeil(context, view, canvas);
}

let sheet: CanvasRenderingContext2D | null = null;

/** An empty canvas of a size, the same one every time. */
function clearSheet({ width, height }: Size): CanvasRenderingContext2D {
  sheet ??= document.createElement('canvas').getContext('2d')!;
  sheet.canvas.width = width;
  sheet.canvas.height = height;
  return sheet;
}

/** Radius of the magnifier, CSS pixels, and how much more it enlarges. */
const LENS_RADIUS = 88;
const LENS_SCALE = 4;

/** Draws a magnifier over `at`, a point of the image. */
export function drawLens(
  context: CanvasRenderingContext2D,
  scratch: HTMLCanvasElement,
  drawn: Drawn,
  view: Viewport,
  at: Point,
  ratio: number,
): void {
  const radius = Math.round(lensRadius(context.canvas, ratio) * ratio);
  const scale = view.scale * LENS_SCALE;
  scratch.width = scratch.height = 2 * radius;
  const inner = scratch.getContext('2d');
  if (!inner) return;
  drawCell(inner, drawn, { scale, x: radius - at.x * scale, y: radius - at.y * scale });
  const [x, y] = [at.x * view.scale + view.x, at.y * view.scale + view.y];
  context.save();
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.clip();
  context.fillStyle = '#000';
  context.fill();
  context.drawImage(scratch, x - radius, y - radius);
  context.restore();
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.lineWidth = 2 * ratio;
  context.strokeStyle = '#fff';
  context.stroke();
}

/** Smaller in a small image. */
function lensRadius({ width, height }: Size, ratio: number): number {
  return Math.min(LENS_RADIUS, Math.min(width, height) / ratio / 3);
}
