import { useMemo, useState } from 'react';
import { greyOf } from '../../../core/images/grey.ts';
import type { GreyImage } from '../../../core/images/grey.ts';
import { kernelPair } from '../../../core/paper/directionKernels.ts';
import type { KernelSize } from '../../../core/paper/hyperparameters.ts';
import { responsesByDirection } from '../../../core/patch/responses.ts';
import { estimateDirection } from '../../../core/rain/direction.ts';
import type { PreviewSample } from '../../../core/training/events.ts';
import { Compass } from '../../direction/Compass.tsx';
import { linkTo } from '../../routing/route.ts';
import { Button } from '../../ui/Button.tsx';
import { useLibraryCounts } from '../run/libraryCounts.ts';
import { useShownPreview } from '../run/shownPreview.ts';
import style from './DirectionPanel.module.css';
import { KernelLegend } from './KernelLegend.tsx';
import { KernelResponse } from './KernelResponse.tsx';

/** Side of the part of the rain map that is measured, pixels. */
const measured = 112;

/**
 * What the direction regularizer looks at, on one crop of the previews: its rain, its direction, and how it responds to the kernels
 * of that direction. Turning the compass shows any other.
 */
export function DirectionPanel({ kernelSize }: { readonly kernelSize: KernelSize }) {
  const names = useLibraryCounts((state) => state.names);
  const { sample } = useShownPreview();
  const [rotated, setRotated] = useState<{ readonly crop: string | undefined; readonly direction: number } | null>(
    null,
  );
  const { found, truth, own, source, foundDegrees } = useMemo(() => directionOf(sample), [sample]);
  const responses = useMemo(() => {
    const known = truth ?? found;
    return known && responsesByDirection(known, kernelSize === 7 ? 7 : 5);
  }, [truth, found, kernelSize]);
  const byHand = rotated && rotated.crop === sample?.label ? rotated.direction : null;
  const direction = byHand ?? own;
  const { parallel, perpendicular } = useMemo(() => kernelPair(direction, kernelSize), [direction, kernelSize]);
  const along = direction === own;
  const name = sample && (names.get(sample.label) ?? sample.label);

  return (
    <section className={style.panel} aria-label="Rain direction">
      <header className={style.head}>
        <h2 className={style.title}>Rain direction {direction * 10}°</h2>
        <span className={style.source}>
          {byHand !== null
            ? `set by hand; ${own * 10}° is the crop’s own`
            : name
              ? `${source}, ${name}`
              : 'no preview yet'}
        </span>
        {byHand !== null && (
          <Button variant="quiet" className={style.follow} onClick={() => setRotated(null)}>
            Back to the rain’s own
          </Button>
        )}
      </header>
      <div className={style.parts}>
        <Compass
          direction={direction}
          onChange={(next) => setRotated({ crop: sample?.label, direction: next })}
          responses={responses}
        />
        <KernelResponse
          name="k∥"
          words={wordsFor(along, 'along', direction)}
          kernel={parallel}
          other={perpendicular}
          rain={found}
          trueRain={truth}
        />
        <KernelResponse
          name="k⊥"
          words={wordsFor(along, 'across', direction)}
          kernel={perpendicular}
          other={parallel}
          rain={found}
          trueRain={truth}
        />
      </div>
      <Findings kernelSize={kernelSize} foundDegrees={foundDegrees} own={own} hasTruth={truth !== null} />
      <KernelLegend kernel={parallel} />
    </section>
  );
}

interface FindingsProps {
  readonly kernelSize: KernelSize;
  readonly foundDegrees: number | null;
  readonly own: number;
  readonly hasTruth: boolean;
}

/** What the kernels say of this crop, in words. */
function Findings({ kernelSize, foundDegrees, own, hasTruth }: FindingsProps) {
  return (
    <p className={style.says}>
      {foundDegrees !== null && `The rain that F₁ found here runs at ${Math.round(foundDegrees)}°. `}
      {kernelSize === 3
        ? '3 × 3 kernels tell only horizontal from vertical, whatever the direction.'
        : 'Rain varies little along its streaks and most across them: the blue curve (response by direction) is narrow along the rain.'}{' '}
      The regularizer (5) asks the rain found to respond to both kernels as the true rain does.{' '}
      <a
        href={linkTo(
          'lab',
          hasTruth ? { part: 'patch', source: 'training', base: 'found' } : { part: 'patch', angle: String(own * 10) },
        )}
      >
        Look into it in the Lab
      </a>
    </p>
  );
}

function wordsFor(along: boolean, way: 'along' | 'across', direction: number): string {
  const degrees = way === 'along' ? direction * 10 : (direction * 10 + 90) % 180;
  return `${way} the ${along ? 'rain' : 'compass'}, ${degrees}°`;
}

/** The rain of a crop, and its direction: the label where there is one, else what the structure tensor says. */
function directionOf(sample: PreviewSample | undefined) {
  const found = sample ? greyOf(sample.rainMap, measured) : null;
  const truth = sample?.trueRainMap ? greyOf(sample.trueRainMap, measured) : null;
  const estimate = (rain: GreyImage | null) => rain && estimateDirection(rain.values, rain.width, rain.height, 1);
  const foundEstimate = estimate(found);
  const foundDegrees = foundEstimate && foundEstimate.confidence > 0 ? foundEstimate.degrees : null;
  if (sample?.direction !== undefined) return { found, truth, own: sample.direction, source: 'labelled', foundDegrees };
  const own = (estimate(truth) ?? foundEstimate)?.index ?? 9;
  return {
    found,
    truth,
    own,
    source: truth ? 'estimated from its true rain' : 'estimated from the rain found',
    foundDegrees,
  };
}
