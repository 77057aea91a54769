import { useEffect, type RefObject } from 'react';
import { create } from 'zustand';
import { ViewControl } from '../zoom/viewControl.ts';
import type { DragTool } from '../zoom/viewControl.ts';
import { visiblePart } from '../zoom/viewport.ts';
import type { Point, Size, Viewport } from '../zoom/viewport.ts';
import { stageLayers } from './layers.ts';

interface StageView {
  readonly view: Viewport | null;
  /** Of one image on the stage, CSS pixels. */
  readonly frame: Size;
  /** Two images lie one above the other, as they are larger so. */
  readonly stacked: boolean;
  /** Place of the divider, share of the frame's width. */
  readonly divider: number;
  /** The original is shown alone while a key or button is held. */
  readonly holding: boolean;
}

/** Where the person looks. Kept apart from the queue: it changes with every move of the pointer. */
export const useStageView = create<StageView>(() => ({
  view: null,
  frame: { width: 0, height: 0 },
  stacked: false,
  divider: 0.5,
  holding: false,
}));

/** Zoom and pan of the stage. */
export const stageControl = new ViewControl({
  read: () => ({ ...useStageView.getState(), size: stageLayers.size }),
  write: (view) => useStageView.setState({ view }),
});

/** The part of a photo that is on screen; all of it before anything was drawn. */
export function visibleRect(image: Size): { left: number; top: number; width: number; height: number } {
  const { view, frame } = useStageView.getState();
  return view && frame.width > 0 ? visiblePart(view, image, frame) : { left: 0, top: 0, ...image };
}

/** Mouse, touch and pen on the stage; a drag over the whole photo moves the divider, or is the tool's. */
export function useStageGestures(
  holder: RefObject<HTMLElement | null>,
  moveDivider: ((share: number) => void) | null,
  tool: DragTool | null,
): void {
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    return stageControl.listen(element, {
      placeOf: (event) => placeOf(element, event),
      tool,
      onDragAtFit: moveDivider ? ({ x }) => moveDivider(x / useStageView.getState().frame.width) : undefined,
    });
  }, [holder, moveDivider, tool]);
}

/** Keys on the focused stage: those of the view, and 1 for 100 %. True when the key meant something. */
export function stageKey(key: string): boolean {
  if (key !== '1') return stageControl.key(key);
  stageControl.zoomTo(1);
  return true;
}

/** Of one frame: two of them may lie side by side, or one above the other. */
function placeOf(element: HTMLElement, event: MouseEvent): Point {
  const { left, top, width, height } = element.getBoundingClientRect();
  const { frame } = useStageView.getState();
  const within = (place: number, length: number, whole: number): number =>
    place > length && length < whole ? place - (whole - length) : place;
  return {
    x: within(event.clientX - left, frame.width, width),
    y: within(event.clientY - top, frame.height, height),
  };
}
