import { useMemo } from 'react';
import { create } from 'zustand';
import { formatPercent } from '../ui/format.ts';
import type { Protection, Stroke } from '../../core/inference/protection.ts';
import { arrowDirections } from '../zoom/viewControl.ts';
import type { DragTool } from '../zoom/viewControl.ts';
import { toImage } from '../zoom/viewport.ts';
import type { Point, Size } from '../zoom/viewport.ts';
import { stageControl, useStageView } from '../stage/gestures.ts';
import { stageLayers } from '../stage/layers.ts';
import { drawBrush, ProtectionOverlay } from './protectionOverlay.ts';
import type { StageTool } from '../stage/Stage.tsx';

interface BrushState {
  readonly active: boolean;
  readonly erases: boolean;
  /** Diameter, CSS pixels: what is zoomed in is painted finer. */
  readonly size: number;
  /** Where the brush is, pixels of the photo; null while the pointer is elsewhere. */
  readonly at: Point | null;
  /** The stroke under way. */
  readonly stroke: Stroke | null;
  /** What is said aloud of the brush that keys move. */
  readonly spoken: string;
}

export const BRUSH_SIZE = { min: 8, max: 240, step: 4 } as const;

/** The brush that protects parts of the photo on the stage. */
export const useBrush = create<BrushState>(() => ({
  active: false,
  erases: false,
  size: 48,
  at: null,
  stroke: null,
  spoken: '',
}));

export function toggleBrush(active = !useBrush.getState().active): void {
  useBrush.setState({ active, at: null, stroke: null, spoken: '' });
}

export function sizeBrush(size: number): void {
  useBrush.setState({ size: Math.min(BRUSH_SIZE.max, Math.max(BRUSH_SIZE.min, Math.round(size))) });
}

/** The brush as a tool of the stage while it is out: it shows the `strokes` that are made; a new one goes to `onStroke`. */
export function useBrushTool(strokes: Protection, onStroke: (stroke: Stroke) => void): StageTool | null {
  const isOut = useBrush(({ active }) => active);
  const drag = useMemo(() => brushFor(onStroke), [onStroke]);
  return useMemo(() => {
    if (!isOut) return null;
    const overlay = new ProtectionOverlay(strokes);
    return {
      drag,
      key: (event) => brushKey(event, onStroke),
      draw(context, view, photo, ratio) {
        const { at, size, stroke } = useBrush.getState();
        overlay.draw(context, view, photo, stroke);
        if (at) drawBrush(context, view, at, size * ratio, ratio);
      },
      watch: (reader) => useBrush.subscribe(reader),
    };
  }, [isOut, drag, strokes, onStroke]);
}

/** Drags that paint; a stroke that was made is handed to `onStroke`. */
export function brushFor(onStroke: (stroke: Stroke) => void): DragTool {
  return {
    hover: (place) => useBrush.setState({ at: place && onPhoto(place) }),
    begin: (place) => begin(onPhoto(place)),
    extend: (place) => extend(onPhoto(place)),
    end: () => finish(onStroke),
    drop: () => useBrush.setState({ stroke: null }),
  };
}

function onPhoto(place: Point): Point | null {
  const { view } = useStageView.getState();
  return view && toImage(view, place);
}

function begin(at: Point | null): void {
  const { view } = useStageView.getState();
  const { size, erases } = useBrush.getState();
  if (at && view)
    useBrush.setState({ at, stroke: { erases, radius: rounded(size / 2 / view.scale), points: pointOf(at) } });
}

function extend(at: Point | null): void {
  const { stroke } = useBrush.getState();
  if (at) useBrush.setState({ at, stroke: stroke && extendedStroke(stroke, at) });
}

function finish(onStroke: (stroke: Stroke) => void): void {
  const { stroke } = useBrush.getState();
  useBrush.setState({ stroke: null });
  if (stroke) onStroke(stroke);
}

/** A stroke up to another point; one that is very near the last one adds nothing to see. */
export function extendedStroke(stroke: Stroke, at: Point): Stroke {
  const { radius, points } = stroke;
  if (Math.hypot(at.x - points.at(-2)!, at.y - points.at(-1)!) < radius / 4) return stroke;
  return { ...stroke, points: [...points, ...pointOf(at)] };
}

function pointOf({ x, y }: Point): number[] {
  return [rounded(x), rounded(y)];
}

/** Tenths of a pixel, so that stored strokes stay short. */
function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Of the brush's size, how far an arrow key moves it. */
const STEP = 0.25;
const LARGE_STEP = 2;

/**
 * A key on the stage while the brush is out: arrows move it, Space or Enter puts it down and lifts it again, brackets change its
 * size, E erases or paints, Escape forgets the stroke or puts the brush away. True when the key meant something.
 */
export function brushKey(
  { key, shiftKey }: { key: string; shiftKey: boolean },
  onStroke: (stroke: Stroke) => void,
): boolean {
  const { active, size, erases, stroke } = useBrush.getState();
  const photo = stageLayers.size;
  const { view } = useStageView.getState();
  if (!active || !photo || !view) return false;
  const way = arrowDirections[key];
  if (way) {
    const step = (size * (shiftKey ? LARGE_STEP : STEP)) / view.scale;
    const from = brushPlace(photo);
    const at = { x: clamped(from.x + way.x * step, photo.width), y: clamped(from.y + way.y * step, photo.height) };
    extend(at);
    stageControl.panIntoView(at);
    say(photo);
  } else if (key === ' ' || key === 'Enter') {
    if (stroke) finish(onStroke);
    else begin(brushPlace(photo));
    say(photo);
  } else if (key === '[' || key === ']') sizeBrush(size * (key === ']' ? 1.25 : 0.8));
  else if (key.toLowerCase() === 'e') useBrush.setState({ erases: !erases });
  else if (key === 'Escape') {
    if (stroke) useBrush.setState({ stroke: null, spoken: 'The stroke was dropped.' });
    else toggleBrush(false);
  } else return false;
  return true;
}

/** Where the brush is; where it was not yet, in the middle of what is on screen. */
function brushPlace(photo: Size): Point {
  const { at } = useBrush.getState();
  const { view, frame } = useStageView.getState();
  const place = at ?? (view ? toImage(view, { x: frame.width / 2, y: frame.height / 2 }) : { x: 0, y: 0 });
  return { x: clamped(place.x, photo.width), y: clamped(place.y, photo.height) };
}

function clamped(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

function say(photo: Size): void {
  const { stroke, erases } = useBrush.getState();
  const { x, y } = brushPlace(photo);
  const doing = !stroke ? 'Brush lifted' : erases ? 'Erasing' : 'Painting';
  useBrush.setState({
    spoken: `${doing}, ${formatPercent(x / photo.width)} from the left, ${formatPercent(y / photo.height)} from the top`,
  });
}
