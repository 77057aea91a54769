import style from './DirectionPanel.module.css';

/** What the colours of kernels and responses mean. */
export function KernelLegend() {
  return (
    <p className={style.legend}>
      <span className={style.plus}>kernel adds</span>
      <span className={style.minus}>kernel subtracts</span>
      <span className={style.strong}>
        response |k ⊗ z|, 0 to its largest; a mean is on the scale of the image, 0 to 1
      </span>
    </p>
  );
}
