import { useMemo, useState } from 'react';
import { directionCount, kernelPair } from '../../../core/paper/directionKernels.ts';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { PixelCanvas } from '../../ui/PixelCanvas.tsx';
import { Compass } from '../../direction/Compass.tsx';
import style from './DirectionPanel.module.css';
import { drawnRain } from './drawnRain.ts';
import { KernelLegend } from './KernelLegend.tsx';
import { KernelResponse } from './KernelResponse.tsx';
import { greyPixels } from '../../../core/images/grey.ts';
import { responsesByDirection } from '../../../core/patch/responses.ts';

/** What the direction regularizer feels, to try by hand before the first run: a patch of rain and a compass to turn. */
export function DirectionLesson() {
  const [falling, setFalling] = useState(7);
  const [direction, setDirection] = useState(7);
  const { rain, image, responses } = useMemo(() => {
    const drawn = drawnRain(falling, 96);
    return { rain: drawn, image: greyPixels(drawn, 1), responses: responsesByDirection(drawn, 5) };
  }, [falling]);
  const { parallel, perpendicular } = useMemo(() => kernelPair(direction, 5), [direction]);
  const off =
    Math.min(
      (direction - falling + directionCount) % directionCount,
      (falling - direction + directionCount) % directionCount,
    ) * 10;

  return (
    <section className={style.lesson} aria-labelledby="lesson-title">
      <header className={style.head}>
        <h2 id="lesson-title" className={style.title}>
          Why the direction of rain helps
        </h2>
        <Button
          className={style.follow}
          icon={<Icon name="redo" size={16} />}
          onClick={() => setFalling((falling + 5) % directionCount)}
        >
          Rotate the rain
        </Button>
      </header>
      <p className={style.says} aria-live="polite">
        {off === 0
          ? 'The compass points along the rain: k∥ barely responds, k⊥ responds most.'
          : off >= 60
            ? `${off}° off: the two kernels have swapped roles.`
            : `${off}° off: k∥ responds to the rain too; only along the true direction does it barely respond.`}{' '}
        Edges of houses and leaves respond in every direction, rain in only one. That is how the teacher tells them
        apart.
      </p>
      <div className={style.lessonParts}>
        <div className={style.kernel}>
          <PixelCanvas pixels={image} label={`A patch of rain at ${falling * 10} degrees`} className={style.response} />
          <p className={style.words}>Rain at {falling * 10}°</p>
        </div>
        <div className={style.kernel}>
          <Compass direction={direction} onChange={setDirection} responses={responses} />
          <p className={style.words}>Drag to rotate: {direction * 10}°</p>
        </div>
        <KernelResponse
          name="k∥"
          words="along the compass"
          kernel={parallel}
          other={perpendicular}
          rain={rain}
          trueRain={null}
        />
        <KernelResponse
          name="k⊥"
          words="across the compass"
          kernel={perpendicular}
          other={parallel}
          rain={rain}
          trueRain={null}
        />
      </div>
      <KernelLegend kernel={parallel} />
    </section>
  );
}
