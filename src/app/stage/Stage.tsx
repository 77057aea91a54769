import { useCallback, useEffect, useRef } from 'react';
import { Divider } from './StageControls.tsx';
import style from './Stage.module.css';
import { halfOf } from './half.ts';
import { stageKey, useStageGestures, useStageView } from './gestures.ts';
import { stageLayers } from './layers.ts';
import type { Layer } from '../zoom/layer.ts';
import type { DragTool } from '../zoom/viewControl.ts';
import { withUnit } from '../ui/format.ts';
import { screenColors } from '../zoom/screenColors.ts';
import { fitted, isFitted, reframed } from '../zoom/viewport.ts';
import type { Size, Viewport } from '../zoom/viewport.ts';

/** 'split': before to the left of a divider; 'sides': one beside or above the other; 'single': the right-hand image alone. */
export type StageMode = 'split' | 'sides' | 'single';

/** What takes drags and keys on the photo to itself and draws over it; with one in hand the right-hand image is alone. */
export interface StageTool {
  readonly drag: DragTool;
  /** A key on the focused stage; true when it meant something. */
  key(event: { readonly key: string; readonly shiftKey: boolean }): boolean;
  /** Draws over the photo; `view` maps it onto the canvas, both in device pixels, `ratio` of them to a CSS pixel. */
  draw(context: CanvasRenderingContext2D, view: Viewport, photo: Size, ratio: number): void;
  /** Calls `reader` when there is something else to draw; returns the end of that. */
  watch(reader: () => void): () => void;
}

export interface StageProps {
  /** Describes the image to those who cannot see it. */
  readonly description: string;
  readonly mode: StageMode;
  readonly beforeLabel: string;
  readonly afterLabel: string;
  /** What of them is still being computed: the rest of it is marked. */
  readonly pending: { readonly before: boolean; readonly after: boolean };
  /** The right-hand image is the photo as it was. */
  readonly onlyOriginal: boolean;
  readonly tool: StageTool | null;
  /** Asked once the stage stands: whether what had the keyboard's focus went as it came, so that the stage takes it. */
  readonly takesFocus: () => boolean;
}

function hold(holding: boolean): void {
  if (useStageView.getState().holding !== holding) useStageView.setState({ holding });
}

/** The photo as large as there is room, before and after. */
export function Stage({
  description,
  mode: chosenMode,
  beforeLabel,
  afterLabel,
  pending,
  onlyOriginal,
  tool,
  takesFocus,
}: StageProps) {
  const mode = tool ? 'single' : chosenMode;
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const holding = useStageView((state) => state.holding);
  const stacked = useStageView((state) => state.stacked);
  const zoomed = useStageView(({ view, frame }) =>
    Boolean(view && stageLayers.size && !isFitted(view, stageLayers.size, frame, devicePixelRatio)),
  );
  useEffect(() => {
    if (takesFocus()) canvas.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  const byKey = useRef(false);
  const letGo = (): void => {
    if (byKey.current) hold((byKey.current = false));
  };
  const moveDivider = useCallback(
    (share: number) => useStageView.setState({ divider: Math.min(1, Math.max(0, share)) }),
    [],
  );
  useStageGestures(holder, mode === 'split' ? moveDivider : null, tool?.drag ?? null);
  useDrawing(holder, canvas, holding ? 'single' : mode, holding || onlyOriginal, pending, tool);

  return (
    <div className={style.stage} data-stacked={stacked || undefined}>
      <div
        ref={holder}
        className={style.holder}
        data-zoomed={zoomed || undefined}
        data-tool={tool !== null || undefined}
      >
        <canvas
          ref={canvas}
          className={style.canvas}
          role="img"
          tabIndex={0}
          aria-label={`${description}. Keys: plus and minus zoom, 0 fits, 1 shows ${withUnit(100, '%')}, arrows move, O shows the original while held.`}
          onKeyDown={(event) => {
            if (event.ctrlKey || event.metaKey || event.altKey) return;
            if (tool?.key(event)) event.preventDefault();
            else if (event.key.toLowerCase() === 'o') hold((byKey.current = true));
            else if (stageKey(event.key)) event.preventDefault();
          }}
          onKeyUp={letGo}
          onBlur={letGo}
        />
      </div>
      {mode === 'split' && !holding && (
        <Divider beforeLabel={beforeLabel} afterLabel={afterLabel} onMove={moveDivider} />
      )}
      {mode !== 'single' && !holding && <span className={`${style.label} ${style.before}`}>{beforeLabel}</span>}
      <span className={`${style.label} ${style.after}`}>{holding ? 'Original' : afterLabel}</span>
    </div>
  );
}

/** Keeps the canvas as large as its holder and draws whenever something it shows has changed. */
function useDrawing(
  holder: React.RefObject<HTMLDivElement | null>,
  canvas: React.RefObject<HTMLCanvasElement | null>,
  mode: StageMode,
  onlyOriginal: boolean,
  { before: beforePending, after: afterPending }: StageProps['pending'],
  tool: StageTool | null,
): void {
  useEffect(() => {
    const [element, target] = [holder.current, canvas.current];
    if (!element || !target) return;
    let shown: Size | null = null;
    let pending = 0;

    const draw = (): void => {
      pending = 0;
      const context = target.getContext('2d', { colorSpace: screenColors() });
      if (!context) return;
      const { view, frame, divider, stacked } = useStageView.getState();
      const scene = sceneOf(mode, divider, onlyOriginal, { before: beforePending, after: afterPending });
      drawStage(context, scene && { ...scene, stacked }, view, frame, devicePixelRatio);
      if (!tool || !view || !stageLayers.size) return;
      const ratio = devicePixelRatio;
      tool.draw(context, { scale: view.scale * ratio, x: view.x * ratio, y: view.y * ratio }, stageLayers.size, ratio);
    };
    const redraw = (): void => {
      if (!pending) pending = requestAnimationFrame(draw);
    };
    const schedule = (): void => {
      if (stageLayers.size !== shown) place();
      redraw();
    };
    const place = (): void => {
      const { clientWidth, clientHeight } = element;
      const size = stageLayers.size;
      const room = { width: clientWidth, height: clientHeight };
      const { frame, stacked } = mode === 'sides' ? halfOf(room, size) : { frame: room, stacked: false };
      const { view, frame: before } = useStageView.getState();
      const isNew = size !== shown;
      shown = size;
      const next = !size
        ? null
        : !view || (isNew && !sameSize(size, stageView.of))
          ? fitted(size, frame, devicePixelRatio)
          : reframed(view, size, before, frame, devicePixelRatio);
      stageView.of = size;
      useStageView.setState({ frame, stacked, view: next });
    };
    const resize = new ResizeObserver(() => {
      target.width = Math.max(1, Math.round(element.clientWidth * devicePixelRatio));
      target.height = Math.max(1, Math.round(element.clientHeight * devicePixelRatio));
      place();
      draw();
    });
    resize.observe(element);
    place();
    schedule();
    const ends = [stageLayers.watch(schedule), useStageView.subscribe(redraw), tool?.watch(redraw)];
    return () => {
      resize.disconnect();
      cancelAnimationFrame(pending);
      for (const end of ends) end?.();
    };
  }, [holder, canvas, mode, onlyOriginal, beforePending, afterPending, tool]);
}

/** The size that the present view was made for; photos of one series keep the place that is looked at. */
const stageView: { of: Size | null } = { of: null };

function sceneOf(
  mode: StageMode,
  divider: number,
  onlyOriginal: boolean,
  pending: StageProps['pending'],
): Omit<Scene, 'stacked'> | null {
  const original = stageLayers.get('original');
  if (!original) return null;
  const result = onlyOriginal ? null : (stageLayers.get('shown') ?? stageLayers.get('derained'));
  const compare = stageLayers.get('compare');
  return {
    after: result ?? original,
    before: compare ?? original,
    pending: { before: compare !== null && pending.before, after: result !== null && pending.after },
    mode,
    divider,
  };
}

function sameSize(a: Size, b: Size | null): boolean {
  return b !== null && a.width === b.width && a.height === b.height;
}

/** What lies on the stage. With a `before`, the layers share the frame. */
interface Scene {
  readonly after: Layer;
  readonly before: Layer | null;
  /** What of them is still being computed. */
  readonly pending: { readonly before: boolean; readonly after: boolean };
  /** 'split': before to the left of the divider; 'sides': each in its own half, moved alike; 'single': `after` alone. */
  readonly mode: StageMode;
  /** The halves of 'sides' lie one above the other. */
  readonly stacked: boolean;
  /** Place of the divider, share of the frame's width. */
  readonly divider: number;
}

/** Draws the scene. `view` maps the image onto one frame (a half of the canvas in 'sides'), in CSS pixels. */
function drawStage(
  context: CanvasRenderingContext2D,
  scene: Scene | null,
  view: Viewport | null,
  frame: Size,
  ratio: number,
): void {
  const { canvas } = context;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!scene || !view) return;
  const device: Viewport = { scale: view.scale * ratio, x: view.x * ratio, y: view.y * ratio };
  const whole = { width: Math.round(frame.width * ratio), height: Math.round(frame.height * ratio) };
  const { mode, divider, stacked } = scene;
  const after = veiled(scene.after, scene.pending.after);
  const before = scene.before && veiled(scene.before, scene.pending.before);
  if (!before || mode === 'single') {
    after(context, device, whole);
  } else if (mode === 'split') {
    const edge = Math.round(whole.width * divider);
    const part = { top: 0, height: canvas.height };
    clipped(context, { ...part, left: 0, width: edge }, () => before(context, device, whole));
    clipped(context, { ...part, left: edge, width: whole.width - edge }, () => after(context, device, whole));
  } else {
    const left = stacked ? 0 : canvas.width - whole.width;
    const top = stacked ? canvas.height - whole.height : 0;
    clipped(context, { left: 0, top: 0, ...whole }, () => before(context, device, whole));
    clipped(context, { left, top, ...whole }, () =>
      after(context, { ...device, x: device.x + left, y: device.y + top }, canvas),
    );
  }
}

/** Draws a layer, and marks what of it is still to come. */
function veiled(layer: Layer, pending: boolean): (...at: Parameters<Layer['draw']>) => void {
  return (...at) => {
    layer.draw(...at);
    if (pending) layer.drawVeil(...at);
  };
}

function clipped(
  context: CanvasRenderingContext2D,
  { left, top, width, height }: Size & { readonly left: number; readonly top: number },
  draw: () => void,
): void {
  if (width <= 0) return;
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  draw();
  context.restore();
}
