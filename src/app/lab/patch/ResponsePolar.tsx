import { directionCount } from '../../../core/paper/directionKernels.ts';
import { useDial } from '../../ui/useDial.ts';
import style from './ResponsePolar.module.css';

export interface ResponsePolarProps {
  /** Mean responses of the truth and of the estimate to the kernels of all 18 directions. */
  readonly truth: readonly number[];
  readonly estimate: readonly number[];
  /** Label in use, 0…17. */
  readonly label: number;
  /** Angle that the structure tensor finds in the truth, degrees. */
  readonly tensor: number;
  readonly onLabel: (label: number) => void;
}

const radius = 78;
const thickest = 9;

/** Responses by direction: the thicker and longer a line, the stronger; the handle sets the label. */
export function ResponsePolar({ truth, estimate, label, tensor, onLabel }: ResponsePolarProps) {
  const most = Math.max(...truth, ...estimate, 1e-9);
  const weakest = truth.indexOf(Math.min(...truth));
  const strongest = truth.indexOf(Math.max(...truth));
  return (
    <figure className={style.figure}>
      <svg
        {...useDial(label, onLabel)}
        className={style.polar}
        viewBox="-100 -100 200 200"
        aria-label="Label of the rain"
      >
        <circle r={radius + 8} className={style.rim} />
        {Array.from({ length: directionCount }, (_, index) => (
          <g key={index} transform={`rotate(${-index * 10})`}>
            <Needle length={truth[index]! / most} className={style.truth} />
            <Needle length={estimate[index]! / most} className={style.estimate} />
          </g>
        ))}
        <path d={`M${-radius - 8} 0H${radius + 8}`} className={style.tensor} transform={`rotate(${-tensor})`} />
        <g transform={`rotate(${-label * 10})`}>
          <path d={`M${-radius - 8} 0H${radius + 8}`} className={style.label} />
          <circle cx={radius + 8} r={7} className={style.grip} />
          <circle cx={-radius - 8} r={7} className={style.grip} />
        </g>
      </svg>
      <figcaption className={style.legend}>
        <span className={style.truthKey}>true rain</span>
        <span className={style.estimateKey}>estimate</span>
        <span className={style.labelKey}>label {label * 10}° (drag)</span>
        <span className={style.tensorKey}>structure tensor {Math.round(tensor)}°</span>
        <span className={style.words}>
          The true rain responds least at {weakest * 10}° and most at {strongest * 10}°.
        </span>
      </figcaption>
    </figure>
  );
}

function Needle({ length, className }: { readonly length: number; readonly className: string | undefined }) {
  return (
    <path
      d={`M${(-radius * length).toFixed(1)} 0H${(radius * length).toFixed(1)}`}
      className={className}
      strokeWidth={(thickest * length).toFixed(2)}
    />
  );
}
