import { useEffect, type RefObject } from 'react';
import { create } from 'zustand';
import { stageLayers } from './layers.ts';
import { fitted, isFitted, pannedBy, visiblePart, zoomedBy, zoomedTo, zoomOf } from './viewport.ts';
import type { Point, Size, Viewport } from './viewport.ts';

interface StageView {
  readonly view: Viewport | null;
  /** Of one image on the stage, CSS pixels. */
  readonly frame: Size;
  /** Place of the divider, share of the frame's width. */
  readonly divider: number;
  /** The original is shown alone while a key or button is held. */
  readonly holding: boolean;
}

/** Where the person looks. Kept apart from the queue: it changes with every move of the pointer. */
export const useStageView = create<StageView>(() => ({
  view: null,
  frame: { width: 0, height: 0 },
  divider: 0.5,
  holding: false,
}));

/** The part of a photo that is on screen; all of it before anything was drawn. */
export function visibleRect(image: Size): { left: number; top: number; width: number; height: number } {
  const { view, frame } = useStageView.getState();
  return view && frame.width > 0 ? visiblePart(view, image, frame) : { left: 0, top: 0, ...image };
}

const WHEEL_STEP = 0.0015;
/** A pinch on a touchpad arrives as small wheel steps with the control key. */
const PINCH_STEP = 0.01;
const KEY_ZOOM = 1.25;
const KEY_PAN = 64;

/** Mouse, touch, pen and keys on the stage: wheel and pinch zoom, double-click 100 %, drag moves the image or the divider. */
export function useStageGestures(
  holder: RefObject<HTMLElement | null>,
  moveDivider: ((share: number) => void) | null,
): void {
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const pointers = new Map<number, Point>();

    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const factor = Math.exp(
        -event.deltaY * (event.ctrlKey ? PINCH_STEP : WHEEL_STEP * (event.deltaMode === 1 ? 20 : 1)),
      );
      zoomBy(factor, placeOf(element, event));
    };
    const down = (event: PointerEvent): void => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, placeOf(element, event));
    };
    const move = (event: PointerEvent): void => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const now = placeOf(element, event);
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      pointers.set(event.pointerId, now);
      if (other) {
        const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
        zoomBy(distance(now, other) / Math.max(1, distance(before, other)), middle);
        panBy((now.x - before.x) / 2, (now.y - before.y) / 2);
      } else if (atFit() && moveDivider) moveDivider(now.x / useStageView.getState().frame.width);
      else panBy(now.x - before.x, now.y - before.y);
    };
    const up = (event: PointerEvent): void => void pointers.delete(event.pointerId);
    const twice = (event: MouseEvent): void => toggleFull(placeOf(element, event));

    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    element.addEventListener('dblclick', twice);
    return () => {
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
      element.removeEventListener('dblclick', twice);
    };
  }, [holder, moveDivider]);
}

/** Keys on the focused stage: + − zoom, 0 fits, 1 is 100 %, arrows move. True when the key meant something. */
export function stageKey(key: string): boolean {
  const moves: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [KEY_PAN, 0],
    ArrowRight: [-KEY_PAN, 0],
    ArrowUp: [0, KEY_PAN],
    ArrowDown: [0, -KEY_PAN],
  };
  const way = moves[key];
  if (way) panBy(...way);
  else if (key === '+' || key === '=') zoomBy(KEY_ZOOM);
  else if (key === '-') zoomBy(1 / KEY_ZOOM);
  else if (key === '0') fit();
  else if (key === '1') zoomTo(1);
  else return false;
  return true;
}

export function zoomBy(factor: number, anchor: Point = middle()): void {
  change(({ view, frame, size, ratio }) => zoomedBy(view, factor, anchor, size, frame, ratio));
}

/** 1 is one image pixel per screen pixel. */
export function zoomTo(zoom: number, anchor: Point = middle()): void {
  change(({ view, frame, size, ratio }) => zoomedTo(view, zoom, anchor, size, frame, ratio));
}

export function fit(): void {
  change(({ frame, size, ratio }) => fitted(size, frame, ratio));
}

function panBy(dx: number, dy: number): void {
  change(({ view, frame, size }) => pannedBy(view, dx, dy, size, frame));
}

/** 100 % at the point; back to the whole image when it is that close already. */
function toggleFull(anchor: Point): void {
  const { view } = useStageView.getState();
  if (view && zoomOf(view, devicePixelRatio) > 0.99 && !atFit()) fit();
  else zoomTo(1, anchor);
}

function atFit(): boolean {
  const { view, frame } = useStageView.getState();
  return !view || !stageLayers.size || isFitted(view, stageLayers.size, frame, devicePixelRatio);
}

type Situation = {
  view: NonNullable<ReturnType<typeof useStageView.getState>['view']>;
  frame: { width: number; height: number };
  size: { width: number; height: number };
  ratio: number;
};

function change(next: (situation: Situation) => Situation['view']): void {
  const { view, frame } = useStageView.getState();
  const { size } = stageLayers;
  if (view && size) useStageView.setState({ view: next({ view, frame, size, ratio: devicePixelRatio }) });
}

function middle(): Point {
  const { frame } = useStageView.getState();
  return { x: frame.width / 2, y: frame.height / 2 };
}

/** Of one frame: two of them may lie side by side. */
function placeOf(element: HTMLElement, event: MouseEvent): Point {
  const { left, top, width } = element.getBoundingClientRect();
  const { frame } = useStageView.getState();
  const x = event.clientX - left;
  return { x: x > frame.width && frame.width < width ? x - (width - frame.width) : x, y: event.clientY - top };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
