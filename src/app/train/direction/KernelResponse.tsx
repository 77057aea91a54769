import { useMemo } from 'react';
import type { Kernel } from '../../../core/paper/directionKernels.ts';
import { formatNumber } from '../../ui/format.ts';
import { PixelCanvas } from '../../ui/PixelCanvas.tsx';
import style from './DirectionPanel.module.css';
import { KernelImage } from './KernelImage.tsx';
import { greyPixels, meanOf, response } from './kernelResponse.ts';
import type { Grey } from './kernelResponse.ts';

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

/** A kernel, and what a rain map responses to it. */
export function KernelResponse({ name, words, kernel, other, rain, trueRain }: KernelResponseProps) {
  const answer = useMemo(() => rain && responseOf(rain, kernel, other), [rain, kernel, other]);
  const truth = useMemo(() => trueRain && meanOf(response(trueRain, kernel)), [trueRain, kernel]);
  return (
    <div className={style.kernel}>
      <KernelImage kernel={kernel} label={`Kernel ${name}, ${words}`} />
      {answer && (
        <PixelCanvas pixels={answer.picture} label={`Answer of the rain map to ${name}`} className={style.answer} />
      )}
      <p className={style.words}>
        <b>{name}</b> {words}
      </p>
      {answer && (
        <p className={style.figures}>
          {truth === null
            ? `mean ${formatNumber(answer.mean, 2)}`
            : `found ${formatNumber(answer.mean, 2)} · true ${formatNumber(truth, 2)}`}
        </p>
      )}
    </div>
  );
}

function responseOf(rain: Grey, kernel: Kernel, other: Kernel) {
  const answer = response(rain, kernel);
  const brightest = [answer, response(rain, other)].reduce(
    (max, { values }) => values.reduce((most, value) => Math.max(most, value), max),
    0,
  );
  return { picture: greyPixels(answer, brightest), mean: meanOf(answer) };
}
