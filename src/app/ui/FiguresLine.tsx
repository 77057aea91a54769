import { Fragment } from 'react';
import style from './FiguresLine.module.css';

/** Figures in a line, 'PSNR-Y 28.43 dB · SSIM-Y 0.9012', which is broken between two of them only. */
export function FiguresLine({ line }: { readonly line: string }) {
  return line.split(' · ').map((figure, i, all) => (
    <Fragment key={figure}>
      <span className={style.figure}>{i < all.length - 1 ? `${figure}\u00a0·` : figure}</span>{' '}
    </Fragment>
  ));
}
