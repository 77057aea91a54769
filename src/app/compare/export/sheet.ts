import { animatedWebp } from '../../../browser/animatedWebp.ts';
import type { Rect } from '../../../core/inference/tiles.ts';
import { drawCell } from '../../zoom/drawCell.ts';
import type { Drawn } from '../../zoom/drawCell.ts';
import type { Size } from '../../zoom/viewport.ts';
import { wrapWords } from './wrapWords.ts';

/** One image of a sheet, with its words. */
export interface SheetImage {
  readonly drawn: Drawn;
  readonly name: string;
  readonly lines: readonly string[];
}

/** Wider canvases fail on some machines. */
const MAX_SIDE = 8192;
const MAX_CELL = 1600;
/** Small images are enlarged by whole numbers until there is room for words under them. */
const MIN_CELL = 360;
const FONT = 'system-ui, sans-serif';

/** Images in a grid with their words under them, on white, as a PNG. `part` of each is shown. */
export async function sheetPng(images: readonly SheetImage[], part: Rect, columns: number): Promise<Blob> {
  const cell = cellSize(part, columns);
  const text = Math.round(Math.min(28, Math.max(14, cell.width / 30)));
  const gap = text;
  const rows = Math.ceil(images.length / columns);
  const measuring = contextOf({ width: 1, height: 1 });
  const words = images.map(({ name, lines }) => wrapped(measuring, name, lines, cell.width, text));
  const heights = Array.from({ length: rows }, (_, row) => {
    const most = Math.max(...words.slice(row * columns, (row + 1) * columns).map((lines) => lines.length));
    return cell.height + (most + 0.5) * text * 1.35;
  });
  const context = contextOf({
    width: columns * (cell.width + gap) + gap,
    height: Math.ceil(heights.reduce((sum, height) => sum + height + gap, gap)),
  });
  context.fillStyle = '#fff';
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  let top = gap;
  for (const [row, height] of heights.entries()) {
    for (const [column, image] of images.slice(row * columns, (row + 1) * columns).entries()) {
      const left = gap + column * (cell.width + gap);
      context.drawImage(painted(image.drawn, part, cell), left, top);
      words[row * columns + column]!.forEach((line, i) => {
        context.font = `${line.isName ? '600 ' : ''}${text}px ${FONT}`;
        context.fillStyle = line.isName ? '#000' : '#444';
        context.fillText(line.text, left, top + cell.height + (i + 1) * text * 1.35);
      });
    }
    top += height + gap;
  }
  return fileOf(context.canvas, 'image/png');
}

/** How long each image of an animation is seen, milliseconds. */
const FRAME_MS = 1200;

/** Images one after another with their names on them, as an animated WebP. Rejects with an Error where the browser writes none. */
export async function animation(images: readonly SheetImage[], part: Rect): Promise<Blob> {
  const cell = cellSize(part, 1);
  const frames = [];
  for (const { drawn, name } of images) {
    const canvas = painted(drawn, part, cell);
    drawName(canvas.getContext('2d')!, name);
    const file = await fileOf(canvas, 'image/webp');
    frames.push({ file: new Uint8Array(await file.arrayBuffer()), ms: FRAME_MS });
  }
  return new Blob([animatedWebp(frames, cell.width, cell.height)], { type: 'image/webp' });
}

/** Sides of one image on the sheet: those of its pixels, where that is neither too large nor too small. */
function cellSize({ width, height }: Size, columns: number): Size {
  const largest = Math.min(MAX_CELL, MAX_SIDE / columns - 40);
  const scale = width > largest ? largest / width : width >= MIN_CELL ? 1 : Math.ceil(MIN_CELL / width);
  return { width: Math.round(width * scale), height: Math.max(1, Math.round(height * scale)) };
}

function painted(drawn: Drawn, part: Rect, { width, height }: Size): HTMLCanvasElement {
  const context = contextOf({ width, height });
  const scale = width / part.width;
  drawCell(context, drawn, { scale, x: -part.left * scale, y: -part.top * scale });
  return context.canvas;
}

function drawName(context: CanvasRenderingContext2D, name: string): void {
  const { width, height } = context.canvas;
  const largest = Math.round(Math.min(40, Math.max(14, width / 32)));
  const setFont = (size: number): void => void (context.font = `600 ${size}px ${FONT}`);
  setFont(largest);
  // A long name is written smaller, so that all of it is on the image.
  const text = Math.min(largest, Math.max(8, largest * (width / (context.measureText(name).width + 1.5 * largest))));
  setFont(text);
  context.fillStyle = 'rgb(10 12 15 / 0.72)';
  context.fillRect(0, height - 2 * text, context.measureText(name).width + 1.5 * text, 2 * text);
  context.fillStyle = '#fff';
  context.fillText(name, 0.75 * text, height - 0.7 * text);
}

interface Line {
  readonly text: string;
  readonly isName: boolean;
}

/** The name, then its lines, broken where they are too wide. */
function wrapped(
  context: CanvasRenderingContext2D,
  name: string,
  lines: readonly string[],
  width: number,
  text: number,
): Line[] {
  const broken = (words: string, isName: boolean): Line[] => {
    context.font = `${isName ? '600 ' : ''}${text}px ${FONT}`;
    return wrapWords(words, width, (part) => context.measureText(part).width).map((line) => ({ text: line, isName }));
  };
  return [...broken(name, true), ...lines.flatMap((line) => broken(line, false))];
}

function contextOf({ width, height }: Size): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas.getContext('2d')!;
}

function fileOf(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) =>
        blob?.type === type
          ? resolve(blob)
          : reject(new Error(`This browser writes no ${type.slice(6)} of that size.`)),
      type,
      0.92,
    ),
  );
}
