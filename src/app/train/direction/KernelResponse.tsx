import { useMemo } from 'react';
import type { Kernel } from '../../../core/paper/directionKernels.ts';
import { formatNumber } from '../../ui/format.ts';
import { PixelCanvas } from '../../ui/PixelCanvas.tsx';
import style from './DirectionPanel.module.css';
import { KernelImage } from './KernelImage.tsx';
import { greyPixels, meanOf, response } from './rainResponse.ts';
import type { Grey } from './rainResponse.ts';

export interface KernelResponseProps {
  readonly name: string;
  readonly words: string;
  readonly kernel: Kernel;
  /** Its responses share one brightness with those of this kernel. */
  readonly other: Kernel;
  /** The rain map it is laid over; null: none yet. */
  readonly rain: Grey | null;
  /** The true rain map beside a found one. */
  readonly trueRain: Grey | null;
}

/** A kernel, and how a rain map responds to it. */
export function KernelResponse({ name, words, kernel, other, rain, trueRain }: KernelResponseProps) {
  const found = useMemo(() => rain && responseOf(rain, kernel, other), [rain, kernel, other]);
  const truth = useMemo(() => trueRain && meanOf(response(trueRain, kernel)), [trueRain, kernel]);
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
            ? `mean response ${formatNumber(found.mean, 2)}`
            : `mean: found ${formatNumber(found.mean, 2)}, true ${formatNumber(truth, 2)}`}
        </p>
      )}
    </div>
  );
}

function responseOf(rain: Grey, kernel: Kernel, other: Kernel) {
  const own = response(rain, kernel);
  const brightest = [own, response(rain, other)].reduce(
    (max, { values }) => values.reduce((most, value) => Math.max(most, value), max),
    0,
  );
  return { image: greyPixels(own, brightest), mean: meanOf(own) };
}
