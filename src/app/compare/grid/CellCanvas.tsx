import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import { cellLayers, keyOf } from '../layers/cellLayers.ts';
import type { Shown } from '../layers/cellLayers.ts';
import { drawCell, drawLens } from '../../zoom/drawCell.ts';
import { gridControl, place, placeLens, useGridView } from './gridView.ts';
import style from './ImageGrid.module.css';

export interface CellCanvasProps {
  readonly cell: Shown;
  /** What is taken away from it. */
  readonly minus: 'truth' | 'original' | null;
  readonly gain: number;
  readonly pending: boolean;
  /** Describes the image to those who cannot see it. */
  readonly label: string;
  /** The frame of all images is measured on one of them. */
  readonly isFirst: boolean;
}

/** One image of the grid. */
export function CellCanvas({ label, ...drawn }: CellCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useDrawing(canvas, drawn);
  useGestures(canvas);
  const isZoomed = useGridView(({ view }) => view !== null && !gridControl.isAtFit());
  return (
    <canvas
      ref={canvas}
      className={style.canvas}
      role="img"
      aria-label={label}
      data-shown={keyOf(drawn.cell)}
      data-zoomed={isZoomed || undefined}
    />
  );
}

type Canvas = RefObject<HTMLCanvasElement | null>;

/** Keeps the canvas up to date: its size, where the person looks, and what has been computed. */
function useDrawing(canvas: Canvas, { cell, minus, gain, pending, isFirst }: Omit<CellCanvasProps, 'label'>): void {
  const { kind, model } = cell;
  useEffect(() => {
    const target = canvas.current;
    if (!target) return;
    const scratch = document.createElement('canvas');
    const shown = { kind, model } as Shown;
    let scheduled = 0;
    const draw = (): void => {
      scheduled = 0;
      const context = target.getContext('2d');
      const { view, lens, magnifying } = useGridView.getState();
      // What is not begun yet shows the photo, marked.
      const own = cellLayers.get(shown);
      const layer = own ?? (pending ? cellLayers.get({ kind: 'original', model: null }) : null);
      const under = minus === null ? null : cellLayers.get({ kind: minus, model: null });
      if (!context) return;
      context.clearRect(0, 0, target.width, target.height);
      if (!layer || !view || (minus !== null && !under)) return;
      const ratio = devicePixelRatio;
      const device = { scale: view.scale * ratio, x: view.x * ratio, y: view.y * ratio };
      const drawn = { layer, minus: under, gain: own ? gain : 1, pending };
      drawCell(context, drawn, device);
      if (magnifying && lens) drawLens(context, scratch, drawn, device, lens, ratio);
    };
    const schedule = (): void => void (scheduled ||= requestAnimationFrame(draw));
    const resize = new ResizeObserver(() => {
      const { clientWidth, clientHeight } = target;
      target.width = Math.max(1, Math.round(clientWidth * devicePixelRatio));
      target.height = Math.max(1, Math.round(clientHeight * devicePixelRatio));
      if (isFirst) place({ width: clientWidth, height: clientHeight });
      draw();
    });
    resize.observe(target);
    const ends = [cellLayers.watch(schedule), useGridView.subscribe(schedule)];
    schedule();
    return () => {
      resize.disconnect();
      cancelAnimationFrame(scheduled);
      for (const end of ends) end();
    };
  }, [canvas, kind, model, minus, gain, pending, isFirst]);
}

/** Moves all images of the grid by one of them, and the magnifier over them. */
function useGestures(canvas: Canvas): void {
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const placeOf = (event: MouseEvent): { x: number; y: number } => {
      const { left, top } = element.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    const hover = (event: PointerEvent): void => {
      if (useGridView.getState().magnifying) placeLens(placeOf(event));
    };
    element.addEventListener('pointermove', hover);
    const end = gridControl.listen(element, { placeOf });
    return () => {
      element.removeEventListener('pointermove', hover);
      end();
    };
  }, [canvas]);
}
