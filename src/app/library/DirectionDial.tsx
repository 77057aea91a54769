import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import style from './DirectionDial.module.css';

const LABELS = 18;
const DEGREES = 10;
const RADIUS = 44;

export interface DirectionDialProps {
  /** Label 0…17: the angle of the streaks in tens of degrees, 0 to the right, growing counter-clockwise. */
  readonly index: number;
  readonly onChange: (index: number) => void;
}

/** A compass whose needle lies along the streaks. Drag it, or use the arrow keys; it snaps to the 18 labels. */
export function DirectionDial({ index, onChange }: DirectionDialProps) {
  const dial = useRef<SVGSVGElement>(null);

  const point = (event: PointerEvent) => {
    const box = dial.current!.getBoundingClientRect();
    const right = event.clientX - (box.left + box.width / 2);
    const up = box.top + box.height / 2 - event.clientY;
    if (Math.hypot(right, up) < 6) return; // Too near the centre to mean a direction.
    const next = wrap(Math.round((Math.atan2(up, right) * 180) / Math.PI / DEGREES));
    if (next !== index) onChange(next);
  };

  const press = (event: KeyboardEvent) => {
    const step = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 3, PageDown: -3 }[event.key];
    const next = step !== undefined ? wrap(index + step) : event.key === 'Home' ? 0 : event.key === 'End' ? LABELS - 1 : null;
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    onChange(next);
  };

  return (
    <svg
      ref={dial}
      className={style.dial}
      viewBox="-56 -56 112 112"
      role="slider"
      tabIndex={0}
      aria-label="Direction of the rain"
      aria-valuemin={0}
      aria-valuemax={(LABELS - 1) * DEGREES}
      aria-valuenow={index * DEGREES}
      aria-valuetext={`${index * DEGREES}°`}
      onKeyDown={press}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        point(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) point(event);
      }}
    >
      <circle className={style.rim} r={RADIUS + 8} />
      {Array.from({ length: LABELS * 2 }, (_, tick) => (
        <line key={tick} className={style.tick} x1={RADIUS} x2={RADIUS + (tick % 9 === 0 ? 6 : 3)} transform={`rotate(${-tick * DEGREES})`} />
      ))}
      <g transform={`rotate(${-index * DEGREES})`}>
        <line className={style.needle} x1={-RADIUS + 4} x2={RADIUS - 4} />
        <circle className={style.grip} cx={RADIUS - 4} r={4} />
        <circle className={style.grip} cx={-RADIUS + 4} r={4} />
      </g>
    </svg>
  );
}

function wrap(index: number): number {
  return ((index % LABELS) + LABELS) % LABELS;
}
