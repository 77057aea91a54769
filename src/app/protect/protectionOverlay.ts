import { protectionOf, scaleProtection } from '../../core/inference/protection.ts';
import type { Protection, Stroke } from '../../core/inference/protection.ts';
import type { Point, Size, Viewport } from '../zoom/viewport.ts';

/** Longest side of the mask that is drawn, pixels. */
const SIDE = 1024;
/** Of what is protected, red, green, blue; and how strongly it lies over the photo. */
const TINT = [64, 150, 255] as const;
const STRENGTH = 0.55;

/** Draws what is protected over the photo: the same mask that the result is made with, at screen size. */
export class ProtectionOverlay {
  /** What lies over the photo now, and what of it comes from strokes that are made. */
  private readonly sheet = new OffscreenCanvas(1, 1);
  private readonly made = new OffscreenCanvas(1, 1);
  private photo: Size | null = null;
  private scale = 1;

  /** `strokes` are those that are made. */
  constructor(private readonly strokes: Protection) {}

  /** Draws it, with the stroke under way; `view` maps the photo onto the canvas, in device pixels. */
  draw(context: CanvasRenderingContext2D, view: Viewport, photo: Size, stroke: Stroke | null): void {
    if (photo !== this.photo) this.drawMade(photo);
    const sheet = this.sheet.getContext('2d')!;
    sheet.globalCompositeOperation = 'copy';
    sheet.drawImage(this.made, 0, 0);
    sheet.globalCompositeOperation = 'source-over';
    if (stroke) this.drawStroke(sheet, stroke);
    context.drawImage(this.sheet, view.x, view.y, photo.width * view.scale, photo.height * view.scale);
  }

  private drawMade(photo: Size): void {
    this.photo = photo;
    this.scale = Math.min(1, SIDE / Math.max(photo.width, photo.height));
    const width = Math.max(1, Math.round(photo.width * this.scale));
    const height = Math.max(1, Math.round(photo.height * this.scale));
    for (const canvas of [this.sheet, this.made]) [canvas.width, canvas.height] = [width, height]; // clears them too
    const mask = protectionOf(scaleProtection(this.strokes, this.scale), { left: 0, top: 0, width, height });
    if (!mask) return;
    const data = new Uint8ClampedArray(width * height * 4);
    for (let i = 0; i < mask.length; i++) data.set([...TINT, mask[i]! * STRENGTH], i * 4);
    this.made.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0);
  }

  private drawStroke(sheet: OffscreenCanvasRenderingContext2D, { erases, radius, points }: Stroke): void {
    sheet.globalCompositeOperation = erases ? 'destination-out' : 'source-over';
    sheet.strokeStyle = erases ? '#000' : `rgb(${TINT.join(' ')} / ${STRENGTH})`;
    sheet.lineWidth = 2 * radius * 0.85 * this.scale;
    sheet.lineCap = sheet.lineJoin = 'round';
    sheet.beginPath();
    const at = (i: number): [number, number] => [points[i]! * this.scale, points[i + 1]! * this.scale];
    sheet.moveTo(...at(0));
    for (let i = 0; i < points.length; i += 2) sheet.lineTo(...at(i));
    sheet.stroke();
  }
}

/** The outline of the brush, light and dark, so that it shows on any photo; `size` is its diameter in device pixels. */
export function drawBrush(
  context: CanvasRenderingContext2D,
  view: Viewport,
  at: Point,
  size: number,
  ratio: number,
): void {
  const [x, y] = [at.x * view.scale + view.x, at.y * view.scale + view.y];
  for (const [colour, width] of [
    ['rgb(10 12 15 / 0.8)', 3],
    ['#fff', 1.5],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width * ratio;
    context.beginPath();
    context.arc(x, y, size / 2, 0, 2 * Math.PI);
    context.moveTo(x - 3 * ratio, y);
    context.lineTo(x + 3 * ratio, y);
    context.moveTo(x, y - 3 * ratio);
    context.lineTo(x, y + 3 * ratio);
    context.stroke();
  }
}
