import { useCallback, useEffect, useRef } from 'react';
import { Divider } from './Divider.tsx';
import { drawStage } from './drawStage.ts';
import type { Scene, StageMode } from './drawStage.ts';
import style from './Stage.module.css';
import { stageLayers } from './stageLayers.ts';
import { useStageView } from './stageView.ts';
import { stageKey, useStageGestures } from './useStageGestures.ts';
import { fitted, isFitted, reframed } from './viewport.ts';
import type { Size } from './viewport.ts';

export interface StageProps {
  /** Describes the picture to those who cannot see it. */
  readonly description: string;
  readonly mode: StageMode;
  readonly beforeLabel: string;
  readonly afterLabel: string;
  /** The right-hand picture is the photo as it was. */
  readonly onlyOriginal: boolean;
}

function hold(holding: boolean): void {
  if (useStageView.getState().holding !== holding) useStageView.setState({ holding });
}

/** Between two pictures side by side, CSS pixels. */
const GAP = 4;

/** The photo as large as there is room, before and after. */
export function Stage({ description, mode, beforeLabel, afterLabel, onlyOriginal }: StageProps) {
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const holding = useStageView((state) => state.holding);
  const zoomed = useStageView(({ view, frame }) =>
    Boolean(view && stageLayers.size && !isFitted(view, stageLayers.size, frame, devicePixelRatio)),
  );
  const byKey = useRef(false);
  const letGo = (): void => {
    if (byKey.current) hold((byKey.current = false));
  };
  const moveDivider = useCallback(
    (share: number) => useStageView.setState({ divider: Math.min(1, Math.max(0, share)) }),
    [],
  );
  useStageGestures(holder, mode === 'split' ? moveDivider : null);
  useDrawing(holder, canvas, holding ? 'single' : mode, holding || onlyOriginal);

  return (
    <div className={style.stage}>
      <div ref={holder} className={style.holder} data-zoomed={zoomed || undefined}>
        <canvas
          ref={canvas}
          className={style.canvas}
          role="img"
          tabIndex={0}
          aria-label={`${description}. Keys: plus and minus zoom, 0 fits, 1 shows 100 %, arrows move, O shows the original while held.`}
          onKeyDown={(event) => {
            if (event.ctrlKey || event.metaKey || event.altKey) return;
            if (event.key.toLowerCase() === 'o') hold((byKey.current = true));
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
): void {
  useEffect(() => {
    const [element, target] = [holder.current, canvas.current];
    if (!element || !target) return;
    let shown: Size | null = null;
    let pending = 0;

    const draw = (): void => {
      pending = 0;
      const context = target.getContext('2d', { colorSpace: 'display-p3' });
      if (!context) return;
      const { view, frame, divider } = useStageView.getState();
      drawStage(context, sceneOf(mode, divider, onlyOriginal), view, frame, devicePixelRatio);
    };
    const schedule = (): void => {
      if (stageLayers.size !== shown) place();
      if (!pending) pending = requestAnimationFrame(draw);
    };
    const place = (): void => {
      const { clientWidth, clientHeight } = element;
      const frame = {
        width: mode === 'sides' ? Math.max(1, (clientWidth - GAP) / 2) : clientWidth,
        height: clientHeight,
      };
      const { view, frame: before } = useStageView.getState();
      const size = stageLayers.size;
      const isNew = size !== shown;
      shown = size;
      const next = !size
        ? null
        : !view || (isNew && !sameSize(size, stageView.of))
          ? fitted(size, frame, devicePixelRatio)
          : reframed(view, size, before, frame, devicePixelRatio);
      stageView.of = size;
      useStageView.setState({ frame, view: next });
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
    const ends = [
      stageLayers.watch(schedule),
      useStageView.subscribe(() => !pending && (pending = requestAnimationFrame(draw))),
    ];
    return () => {
      resize.disconnect();
      cancelAnimationFrame(pending);
      for (const end of ends) end();
    };
  }, [holder, canvas, mode, onlyOriginal]);
}

/** The size that the present view was made for; photos of one series keep the place that is looked at. */
const stageView: { of: Size | null } = { of: null };

function sceneOf(mode: StageMode, divider: number, onlyOriginal: boolean): Scene | null {
  const original = stageLayers.get('original');
  if (!original) return null;
  const after = (!onlyOriginal && (stageLayers.get('shown') ?? stageLayers.get('derained'))) || original;
  return { after, before: stageLayers.get('compare') ?? original, mode, divider };
}

function sameSize(a: Size, b: Size | null): boolean {
  return b !== null && a.width === b.width && a.height === b.height;
}
