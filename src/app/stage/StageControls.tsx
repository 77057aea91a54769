import { useRef } from 'react';
import { withUnit } from '../ui/format.ts';
import { ZoomBar, zoomButton } from '../zoom/ZoomBar.tsx';
import { stageControl, useStageView } from './gestures.ts';
import style from './Stage.module.css';

const STEP = 0.02;
const LARGE_STEP = 0.1;

export interface DividerProps {
  readonly beforeLabel: string;
  readonly afterLabel: string;
  /** Share of the frame's width. */
  readonly onMove: (share: number) => void;
}

/** The line between before and after: dragged, or moved with the arrow keys. */
export function Divider({ beforeLabel, afterLabel, onMove }: DividerProps) {
  const divider = useStageView((state) => state.divider);
  const inset = useStageView(({ view }) => Math.max(0, Math.round(view?.y ?? 0)));
  const handle = useRef<HTMLDivElement>(null);
  const percent = Math.round(divider * 100);

  const drag = (event: React.PointerEvent): void => {
    const frame = handle.current?.parentElement?.getBoundingClientRect();
    if (!frame || !handle.current?.hasPointerCapture(event.pointerId)) return;
    onMove((event.clientX - frame.left) / frame.width);
  };
  const keys: Readonly<Record<string, (large: boolean) => number>> = {
    ArrowLeft: (large) => divider - (large ? LARGE_STEP : STEP),
    ArrowDown: (large) => divider - (large ? LARGE_STEP : STEP),
    ArrowRight: (large) => divider + (large ? LARGE_STEP : STEP),
    ArrowUp: (large) => divider + (large ? LARGE_STEP : STEP),
    PageDown: () => divider - LARGE_STEP,
    PageUp: () => divider + LARGE_STEP,
    Home: () => 0,
    End: () => 1,
  };

  return (
    <div
      ref={handle}
      role="slider"
      tabIndex={0}
      aria-label={`Divider: ${beforeLabel} to the left, ${afterLabel} to the right`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={`${withUnit(percent, '%')} ${beforeLabel}`}
      className={style.divider}
      style={{ left: `${divider * 100}%` }}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={drag}
      onKeyDown={(event) => {
        const next = keys[event.key]?.(event.shiftKey);
        if (next === undefined) return;
        event.preventDefault();
        onMove(next);
      }}
    >
      <span className={style.line} style={{ top: inset, bottom: inset }} />
      <span className={style.knob} aria-hidden="true">
        <svg
          viewBox="0 0 24 24"
          width="20"
          height="20"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
          strokeLinejoin="round"
        >
          <path d="M9 7l-5 5 5 5M15 7l5 5-5 5" />
        </svg>
      </span>
    </div>
  );
}

/** Zoom by hand, and the original while a button is held. */
export function StageZoomBar() {
  const view = useStageView((state) => state.view);
  const holding = useStageView((state) => state.holding);
  const hold = (on: boolean) => () => useStageView.setState({ holding: on });
  return (
    <ZoomBar view={view} control={stageControl}>
      <button
        type="button"
        className={zoomButton}
        aria-pressed={holding}
        aria-label="Hold to see original"
        title="Shows the original while this is held"
        onPointerDown={hold(true)}
        onPointerUp={hold(false)}
        onPointerLeave={hold(false)}
        onPointerCancel={hold(false)}
        onBlur={hold(false)}
        onKeyDown={(event) => (event.key === ' ' || event.key === 'Enter') && hold(true)()}
        onKeyUp={hold(false)}
      >
        Hold to see original
      </button>
    </ZoomBar>
  );
}
