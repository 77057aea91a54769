import type { Kernel } from '../../../core/paper/directionKernels.ts';
import { formatNumber } from '../../ui/format.ts';
import style from './DirectionPanel.module.css';

/** What the colours of kernels and responses mean, with their scale. */
export function KernelLegend({ kernel }: { readonly kernel: Kernel }) {
  const most = formatNumber(Math.max(...kernel.map(Math.abs)), 2);
  return (
    <p className={style.legend}>
      <span className={style.plus}>kernel adds, up to +{most}</span>
      <span className={style.minus}>subtracts, down to −{most}</span>
      <span className={style.strong}>
        response <span className={style.whole}>|k ⊗ z|</span>, black 0 to white; means on the scale of the image, 0 to 1
      </span>
    </p>
  );
}
