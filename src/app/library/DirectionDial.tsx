import { directionLabels } from '../../core/rain/direction.ts';
import { useDial } from '../ui/useDial.ts';
import style from './DirectionDial.module.css';

const RADIUS = 44;

export interface DirectionDialProps {
  /** Label 0…17: the angle of the streaks in tens of degrees, 0 to the right, growing counter-clockwise. */
  readonly index: number;
  readonly onChange: (index: number) => void;
}

/** A compass whose needle lies along the streaks. Drag it, or use the arrow keys; it snaps to the 18 labels. */
export function DirectionDial({ index, onChange }: DirectionDialProps) {
  return (
    <svg
      {...useDial(index, onChange)}
      className={style.dial}
      viewBox="-56 -56 112 112"
      aria-label="Direction of the rain"
    >
      <circle className={style.rim} r={RADIUS + 8} />
      {Array.from({ length: directionLabels * 2 }, (_, tick) => (
        <line
          key={tick}
          className={style.tick}
          x1={RADIUS}
          x2={RADIUS + (tick % 9 === 0 ? 6 : 3)}
          transform={`rotate(${-tick * 10})`}
        />
      ))}
      <g transform={`rotate(${-index * 10})`}>
        <line className={style.needle} x1={-RADIUS + 4} x2={RADIUS - 4} />
        <circle className={style.grip} cx={RADIUS - 4} r={4} />
        <circle className={style.grip} cx={-RADIUS + 4} r={4} />
      </g>
    </svg>
  );
}
