import { create } from 'zustand';
import { visiblePart } from './viewport.ts';
import type { Size, Viewport } from './viewport.ts';

interface StageView {
  readonly view: Viewport | null;
  /** Of one picture on the stage, CSS pixels. */
  readonly frame: Size;
  /** Place of the divider, share of the frame's width. */
  readonly divider: number;
  /** The original is shown alone while a key or button is held. */
  readonly holding: boolean;
}

/** Where the person looks. Kept apart from the desk: it changes with every move of the pointer. */
export const useStageView = create<StageView>(() => ({
  view: null,
  frame: { width: 0, height: 0 },
  divider: 0.5,
  holding: false,
}));

/** The part of a photo that is on screen; all of it before anything was drawn. */
export function visibleRect(picture: Size): { left: number; top: number; width: number; height: number } {
  const { view, frame } = useStageView.getState();
  return view && frame.width > 0 ? visiblePart(view, picture, frame) : { left: 0, top: 0, ...picture };
}
