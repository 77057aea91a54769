import { useMemo } from 'react';
import type { Kernel } from '../../../core/paper/directionKernels.ts';
import { formatNumber } from '../../ui/format.ts';
import { PixelCanvas } from '../../ui/PixelCanvas.tsx';
import style from './DirectionPanel.module.css';
import { KernelImage } from '../../direction/KernelImage.tsx';
import { greyMagnitude, greyPeak, greyPixels } from '../../../core/images/grey.ts';
import { filtered } from '../../../core/patch/responses.ts';
import type { GreyImage } from '../../../core/images/grey.ts';

export interface KernelResponseProps {
  readonly name: string;
  readonly words: string;
  readonly kernel: Kernel;
  /** Its responses share one brightness with those of this kernel. */
  readonly other: Kernel;
  /** The rain map it is laid over; null: none yet. */
  readonly rain: GreyImage | null;
  /** The true rain map beside a found one. */
  readonly trueRain: GreyImage | null;
}

/** A kernel, and how a rain map responds to it. */
export function KernelResponse({ name, words, kernel, other, rain, trueRain }: KernelResponseProps) {
  const found = useMemo(() => rain && responseOf(rain, kernel, other), [rain, kernel, other]);
  const truth = useMemo(() => trueRain && greyMagnitude(filtered(trueRain, kernel)), [trueRain, kernel]);
  return (
    <div className={style.kernel}>
      <KernelImage kernel={kernel} label={`Kernel ${name}, ${words}`} />
      {found && (
        <PixelCanvas pixels={found.image} label={`Response of the rain map to ${name}`} className={style.response} />
      )}
      <p className={style.words}>
        <b>{name}</b> {words}
      </p>
      {found && (
        <p className={style.figures}>
          {truth === null
            ? `mean response\u00a0${formatNumber(found.mean, 2)}`
            : `mean: found\u00a0${formatNumber(found.mean, 2)}, true\u00a0${formatNumber(truth, 2)}`}
          , white&nbsp;{formatNumber(found.white, 2)}
        </p>
      )}
    </div>
  );
}

function responseOf(rain: GreyImage, kernel: Kernel, other: Kernel) {
  const own = filtered(rain, kernel);
  const brightest = Math.max(greyPeak(own), greyPeak(filtered(rain, other)));
  return { image: greyPixels(own, brightest), mean: greyMagnitude(own), white: brightest };
}
