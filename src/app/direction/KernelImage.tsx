import type { Kernel } from '../../core/paper/directionKernels.ts';
import style from './KernelImage.module.css';

/** A kernel as a grid: blue where it adds, grey where it subtracts. */
export function KernelImage({ kernel, label }: { readonly kernel: Kernel; readonly label: string }) {
  const size = Math.sqrt(kernel.length);
  const most = kernel.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-9);
  return (
    <svg className={style.kernel} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      {Array.from(kernel, (value, index) => (
        <rect
          key={index}
          x={(index % size) + 0.03}
          y={Math.floor(index / size) + 0.03}
          width={0.94}
          height={0.94}
          rx={0.08}
          className={value < 0 ? style.minus : style.plus}
          fillOpacity={(Math.abs(value) / most).toFixed(3)}
        />
      ))}
    </svg>
  );
}
