import { useMemo, useState } from 'react';
import type { PreviewSample } from '../../../core/training/events.ts';
import { kernelPair } from '../../../core/paper/directionKernels.ts';
import type { KernelSize } from '../../../core/paper/hyperparameters.ts';
import { Button } from '../../ui/Button.tsx';
import { formatNumber } from '../format.ts';
import { PixelCanvas } from '../previews/PixelCanvas.tsx';
import { useTraining } from '../trainingStore.ts';
import { Compass } from './Compass.tsx';
import style from './DirectionPanel.module.css';
import { KernelPicture } from './KernelPicture.tsx';
import { greyOf, greyPixels, meanOf, response, rose } from './kernelResponse.ts';

/** Side of the part of the rain map that is measured, pixels. */
const measured = 112;

/**
 * What the direction regularizer looks at: the kernels of the current batch, and how the rain of the newest preview
 * answers them. Turning the compass shows any other direction.
 */
export function DirectionPanel({ kernelSize }: { readonly kernelSize: KernelSize }) {
  const batch = useTraining((state) => state.direction);
  const sample = useTraining((state) => state.previews.at(-1)?.samples.find(({ trueRainMap }) => trueRainMap) ?? state.previews.at(-1)?.samples[0]);
  const [turned, setTurned] = useState<number | null>(null);
  const direction = turned ?? batch ?? 9;
  const kernels = useMemo(() => kernelPair(direction, kernelSize), [direction, kernelSize]);
  const answers = useMemo(() => (sample ? rose(greyOf(rainOf(sample), measured), kernelSize === 7 ? 7 : 5) : null), [sample, kernelSize]);

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
        <Compass direction={direction} onTurn={setTurned} answers={answers} />
        <Kernel name="k∥" words="along the rain" kernel={kernels.parallel} sample={sample} other={kernels.perpendicular} />
        <Kernel name="k⊥" words="across the rain" kernel={kernels.perpendicular} sample={sample} other={kernels.parallel} />
      </div>
      <p className={style.says}>
        {kernelSize === 3
          ? 'Kernels of 3 × 3 know only horizontal and vertical, whatever the direction.'
          : 'Rain hardly changes along its streaks and changes most across them: the blue rose is narrow along the rain. Turn the compass to see it.'}{' '}
        The regularizer (5) asks that the rain which F₁ finds answers both kernels as the true rain does.
      </p>
    </section>
  );
}

interface KernelProps {
  readonly name: string;
  readonly words: string;
  readonly kernel: Float32Array;
  /** Its answers share one brightness with those of this kernel. */
  readonly other: Float32Array;
  readonly sample: PreviewSample | undefined;
}

function Kernel({ name, words, kernel, other, sample }: KernelProps) {
  const measuredRain = useMemo(() => sample && measure(sample, kernel, other), [sample, kernel, other]);
  return (
    <div className={style.kernel}>
      <KernelPicture kernel={kernel} label={`Kernel ${name}, ${words}`} />
      {measuredRain && <PixelCanvas pixels={measuredRain.picture} label={`Answer of the rain map to ${name}`} className={style.answer} />}
      <p className={style.words}>
        <b>{name}</b> {words}
      </p>
      {measuredRain && (
        <p className={style.figures}>
          found {formatNumber(measuredRain.found, 2)}
          {measuredRain.real !== null && <> · true {formatNumber(measuredRain.real, 2)}</>}
        </p>
      )}
    </div>
  );
}

function measure(sample: PreviewSample, kernel: Float32Array, other: Float32Array) {
  const z = greyOf(sample.rainMap, measured);
  const answer = response(z, kernel);
  const brightest = [answer, response(z, other)].reduce((max, { values }) => values.reduce((most, value) => Math.max(most, value), max), 0);
  return {
    picture: greyPixels(answer, brightest),
    found: meanOf(answer),
    real: sample.trueRainMap ? meanOf(response(greyOf(sample.trueRainMap, measured), kernel)) : null,
  };
}

/** The true rain where it is known, else what F1 found. */
function rainOf(sample: PreviewSample) {
  return sample.trueRainMap ?? sample.rainMap;
}
