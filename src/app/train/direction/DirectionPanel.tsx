import { useMemo, useState } from 'react';
import { kernelPair } from '../../../core/paper/directionKernels.ts';
import type { KernelSize } from '../../../core/paper/hyperparameters.ts';
import { Button } from '../../ui/Button.tsx';
import { useTraining } from '../run/trainingStore.ts';
import { Compass } from './Compass.tsx';
import style from './DirectionPanel.module.css';
import { KernelResponse } from './KernelResponse.tsx';
import { greyOf, rose } from './kernelResponse.ts';

/** Side of the part of the rain map that is measured, pixels. */
const measured = 112;

/**
 * What the direction regularizer looks at: the kernels of the current batch, and how the rain of the newest preview
 * responses them. Turning the compass shows any other direction.
 */
export function DirectionPanel({ kernelSize }: { readonly kernelSize: KernelSize }) {
  const batch = useTraining((state) => state.direction);
  const samples = useTraining((state) => state.previews.at(-1)?.samples);
  const [turned, setTurned] = useState<number | null>(null);
  const direction = turned ?? batch ?? 9;
  const { parallel, perpendicular } = useMemo(() => kernelPair(direction, kernelSize), [direction, kernelSize]);
  const { rain, trueRain, responses } = useMemo(() => {
    const sample = samples?.find(({ trueRainMap }) => trueRainMap) ?? samples?.[0];
    const found = sample ? greyOf(sample.rainMap, measured) : null;
    const truth = sample?.trueRainMap ? greyOf(sample.trueRainMap, measured) : null;
    const known = truth ?? found;
    return { rain: found, trueRain: truth, responses: known && rose(known, kernelSize === 7 ? 7 : 5) };
  }, [samples, kernelSize]);

  return (
    <section className={style.panel} aria-label="Rain direction">
      <header className={style.head}>
        <h2 className={style.title}>Rain direction {direction * 10}°</h2>
        <span className={style.source}>{turned === null ? 'of the current batch' : 'turned by hand'}</span>
        {turned !== null && (
          <Button variant="quiet" className={style.follow} onClick={() => setTurned(null)}>
            Follow the batch
          </Button>
        )}
      </header>
      <div className={style.parts}>
        <Compass direction={direction} onChange={setTurned} responses={responses} />
        <KernelResponse
          name="k∥"
          words="along the rain"
          kernel={parallel}
          other={perpendicular}
          rain={rain}
          trueRain={trueRain}
        />
        <KernelResponse
          name="k⊥"
          words="across the rain"
          kernel={perpendicular}
          other={parallel}
          rain={rain}
          trueRain={trueRain}
        />
      </div>
      <p className={style.says}>
        {kernelSize === 3
          ? 'Kernels of 3 × 3 know only horizontal and vertical, whatever the direction.'
          : 'Rain hardly changes along its streaks and changes most across them: the blue rose is narrow along the rain. Turn the compass to see it.'}{' '}
        The regularizer (5) asks that the rain which F₁ finds responses both kernels as the true rain does.
      </p>
    </section>
  );
}
