import { useRef } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { directionCount } from '../../../core/paper/directionKernels.ts';
import style from './Compass.module.css';

export interface CompassProps {
  /** 0…17, 10° each, 0 to the right, counter-clockwise. */
  readonly direction: number;
  readonly onTurn: (direction: number) => void;
  /** Answers of a rain map to the kernels of all directions, drawn as a rose; null: none. */
  readonly answers: readonly number[] | null;
}

const radius = 80;

/** A compass of rain directions that is turned by dragging or with the arrow keys. */
export function Compass({ direction, onTurn, answers }: CompassProps) {
  const dial = useRef<SVGSVGElement>(null);
  const degrees = direction * 10;

  const turnTo = (event: PointerEvent): void => {
    const box = dial.current?.getBoundingClientRect();
    if (!box) return;
    const x = event.clientX - (box.left + box.width / 2);
    const y = event.clientY - (box.top + box.height / 2);
    const angle = (Math.atan2(-y, x) * directionCount) / Math.PI;
    onTurn(wrap(Math.round(angle)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 3, PageDown: -3 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onTurn(wrap(direction + by));
  };

  return (
    <svg
      ref={dial}
      className={style.compass}
      viewBox="-100 -100 200 200"
      role="slider"
      tabIndex={0}
      aria-label="Rain direction"
      aria-valuemin={0}
      aria-valuemax={170}
      aria-valuenow={degrees}
      aria-valuetext={`${degrees} degrees`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        turnTo(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) turnTo(event);
      }}
    >
      <circle r={radius} className={style.rim} />
      {Array.from({ length: directionCount * 2 }, (_, index) => (
        <path key={index} d={`M${radius - (index % 9 === 0 ? 10 : 5)} 0H${radius}`} className={style.tick} transform={`rotate(${-index * 10})`} />
      ))}
      {answers && <path d={rosePath(answers)} className={style.rose} />}
      <g transform={`rotate(${-degrees})`}>
        <path d={`M${-radius} 0H${radius}`} className={style.along} />
        <path d={`M0 ${-radius * 0.5}V${radius * 0.5}`} className={style.across} />
        <circle cx={radius} r={7} className={style.grip} />
        <circle cx={-radius} r={7} className={style.grip} />
      </g>
    </svg>
  );
}

function wrap(index: number): number {
  return ((index % directionCount) + directionCount) % directionCount;
}

/** A closed curve around the centre, as far out in each direction as its answer is strong. */
function rosePath(answers: readonly number[]): string {
  const most = Math.max(...answers, 1e-9);
  const points = Array.from({ length: directionCount * 2 }, (_, index) => {
    const length = (radius - 12) * (answers[index % directionCount]! / most);
    const angle = (index * Math.PI) / directionCount;
    return `${(length * Math.cos(angle)).toFixed(1)} ${(-length * Math.sin(angle)).toFixed(1)}`;
  });
  return `M${points.join('L')}Z`;
}
