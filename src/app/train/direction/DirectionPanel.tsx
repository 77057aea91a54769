import { useMemo, useState } from 'react';
import { kernelPair } from '../../../core/paper/directionKernels.ts';
import type { KernelSize } from '../../../core/paper/hyperparameters.ts';
import { Button } from '../../ui/Button.tsx';
import { useLibraryCounts } from '../run/libraryCounts.ts';
import { useTraining } from '../run/trainingStore.ts';
import { Compass } from '../../direction/Compass.tsx';
import style from './DirectionPanel.module.css';
import { KernelLegend } from './KernelLegend.tsx';
import { KernelResponse } from './KernelResponse.tsx';
import { greyOf } from '../../../core/images/grey.ts';
import { quietestDirection, responsesByDirection } from '../../../core/patch/responses.ts';

/** Side of the part of the rain map that is measured, pixels. */
const measured = 112;

/**
 * What the direction regularizer looks at, on one crop: the rain of the latest preview, its direction, and how it responds to the
 * kernels of that direction. Turning the compass shows any other.
 */
export function DirectionPanel({ kernelSize }: { readonly kernelSize: KernelSize }) {
  const names = useLibraryCounts((state) => state.names);
  const samples = useTraining((state) => state.previews.at(-1)?.samples);
  const [turned, setTurned] = useState<number | null>(null);
  const { label, rain, trueRain, responses, fallen } = useMemo(() => {
    const sample = samples?.find(({ trueRainMap }) => trueRainMap) ?? samples?.[0];
    const found = sample ? greyOf(sample.rainMap, measured) : null;
    const truth = sample?.trueRainMap ? greyOf(sample.trueRainMap, measured) : null;
    const known = truth ?? found;
    const responses = known && responsesByDirection(known, kernelSize === 7 ? 7 : 5);
    return {
      label: sample?.label,
      rain: found,
      trueRain: truth,
      responses,
      fallen: responses && quietestDirection(responses),
    };
  }, [samples, kernelSize]);
  const direction = turned ?? fallen ?? 9;
  const { parallel, perpendicular } = useMemo(() => kernelPair(direction, kernelSize), [direction, kernelSize]);
  const along = turned === null || turned === fallen;

  return (
    <section className={style.panel} aria-label="Rain direction">
      <header className={style.head}>
        <h2 className={style.title}>Rain direction {direction * 10}°</h2>
        <span className={style.source}>
          {turned === null ? `of the rain in ${(label && names.get(label)) ?? 'the latest preview'}` : 'set by hand'}
        </span>
        {turned !== null && (
          <Button variant="quiet" className={style.follow} onClick={() => setTurned(null)}>
            Back to the rain’s own
          </Button>
        )}
      </header>
      <div className={style.parts}>
        <Compass direction={direction} onChange={setTurned} responses={responses} />
        <KernelResponse
          name="k∥"
          words={along ? 'along the rain' : 'along the compass'}
          kernel={parallel}
          other={perpendicular}
          rain={rain}
          trueRain={trueRain}
        />
        <KernelResponse
          name="k⊥"
          words={along ? 'across the rain' : 'across the compass'}
          kernel={perpendicular}
          other={parallel}
          rain={rain}
          trueRain={trueRain}
        />
      </div>
      <p className={style.says}>
        {kernelSize === 3
          ? 'Kernels of 3 × 3 know only horizontal and vertical, whatever the direction.'
          : 'Rain varies little along its streaks and most across them: the blue curve (response by direction) is narrow along the rain. Drag the compass to see it.'}{' '}
        The regularizer (5) asks that the rain found by F₁ responds to both kernels as the true rain does.
      </p>
      <KernelLegend />
    </section>
  );
}
