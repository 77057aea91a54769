import { directionCount } from '../../core/paper/directionKernels.ts';
import { useDial } from '../ui/useDial.ts';
import style from './Compass.module.css';

export interface CompassProps {
  /** 0…17, 10° each, 0 to the right, counter-clockwise. */
  readonly direction: number;
  readonly onChange: (direction: number) => void;
  /** Responses of a rain map to the kernels of all directions, drawn as a rose; null: none. */
  readonly responses: readonly number[] | null;
}

const radius = 80;

/** A compass of rain directions that is turned by dragging or with the arrow keys. */
export function Compass({ direction, onChange, responses }: CompassProps) {
  return (
    <svg
      {...useDial(direction, onChange)}
      className={style.compass}
      viewBox="-100 -100 200 200"
      aria-label="Rain direction"
    >
      <circle r={radius} className={style.rim} />
      {Array.from({ length: directionCount * 2 }, (_, index) => (
        <path
          key={index}
          d={`M${radius - (index % 9 === 0 ? 10 : 5)} 0H${radius}`}
          className={style.tick}
          transform={`rotate(${-index * 10})`}
        />
      ))}
      {responses && <path d={rosePath(responses)} className={style.rose} />}
      <g transform={`rotate(${-direction * 10})`}>
        <path d={`M${-radius} 0H${radius}`} className={style.along} />
        <path d={`M0 ${-radius * 0.5}V${radius * 0.5}`} className={style.across} />
        <circle cx={radius} r={7} className={style.grip} />
        <circle cx={-radius} r={7} className={style.grip} />
      </g>
    </svg>
  );
}

/** A closed curve around the centre, as far out in each direction as its answer is strong. */
function rosePath(responses: readonly number[]): string {
  const most = Math.max(...responses, 1e-9);
  const points = Array.from({ length: directionCount * 2 }, (_, index) => {
    const length = (radius - 12) * (responses[index % directionCount]! / most);
    const angle = (index * Math.PI) / directionCount;
    return `${(length * Math.cos(angle)).toFixed(1)} ${(-length * Math.sin(angle)).toFixed(1)}`;
  });
  return `M${points.join('L')}Z`;
}
