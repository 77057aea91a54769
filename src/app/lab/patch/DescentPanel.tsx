import { useId, useMemo } from 'react';
import { greyPeak, greyPixels } from '../../../core/images/grey.ts';
import type { GreyImage } from '../../../core/images/grey.ts';
import { makeEstimate, unchanged } from '../../../core/patch/estimate.ts';
import { evaluatePatch, relativeLosses } from '../../../core/patch/patchLosses.ts';
import type { PatchLosses } from '../../../core/patch/patchLosses.ts';
import { Button } from '../../ui/Button.tsx';
import { formatDb, formatPercent, withUnit } from '../../ui/format.ts';
import { Icon } from '../../ui/Icon.tsx';
import { PixelCanvas } from '../../ui/PixelCanvas.tsx';
import { RangeField } from '../../ui/RangeField.tsx';
import style from './DescentPanel.module.css';
import panel from './panel.module.css';
import { LineChart } from './LineChart.tsx';
import { changePatch, patchSlider } from './patchSettings.ts';
import type { PatchSettings } from './patchSettings.ts';
import { DESCENT_STEPS, useDescent } from './useDescent.ts';
import type { Descent } from './useDescent.ts';

export interface DescentPanelProps {
  readonly source: GreyImage;
  readonly truth: GreyImage;
  readonly label: number;
  /** Losses of an empty estimate. */
  readonly empty: PatchLosses;
  readonly settings: PatchSettings;
}

/** Blur of the start when the estimate has none, pixels. */
const FIRST_BLUR = 3;

/** Gradient descent on the pixels of a blurred estimate, with (5) and without, side by side. */
export function DescentPanel({ source, truth, label, empty, settings }: DescentPanelProps) {
  const { kernelSize, patchLambda } = settings;
  const blur = settings.changes.blur || FIRST_BLUR;
  const start = useMemo(() => makeEstimate(source, { ...unchanged, blur }), [source, blur]);
  const objective = useMemo(
    () => ({ truth, label, kernelSize, lambda: patchLambda }),
    [truth, label, kernelSize, patchLambda],
  );
  const descent = useDescent(start, objective);
  const { track, step } = descent;
  const compared = { truth, label, kernelSize, empty };

  return (
    <section className={`${panel.panel} ${panel.wide}`} aria-labelledby="descent-title">
      <header>
        <h2 id="descent-title" className={panel.title}>
          Descend
        </h2>
        <p className={panel.hint}>
          Gradient descent on the pixels themselves, from {settings.base === 'found' ? 'what F₁ found' : 'the truth'}{' '}
          blurred by σ = {withUnit(blur, 'px')}: no network. Both take steps of the same length; only their direction
          differs.
        </p>
      </header>
      <div className={panel.parts}>
        <div className={style.controls}>
          <RangeField
            {...patchSlider('patchLambda')}
            label="λ, weight of (5)"
            value={patchLambda}
            onChange={(next) => changePatch({ patchLambda: next })}
          />
          <Playback descent={descent} />
          <PsnrChart track={track} truth={truth} step={step} lambda={patchLambda} />
        </div>
        <ul className={style.images}>
          <Stage name="Content (4) alone" image={track.without[step]!} {...compared} />
          <Stage name={`(4) + ${patchLambda} · (5)`} image={track.withIt[step]!} {...compared} />
          <li className={style.image}>
            <PixelCanvas
              pixels={greyPixels(truth, Math.max(greyPeak(truth), 1e-3))}
              label="True rain"
              className={style.pixels}
            />
            <span>True rain</span>
          </li>
        </ul>
      </div>
    </section>
  );
}

/** Plays, pauses and goes through the steps that were taken. */
function Playback({ descent: { track, step, running, play, pause, show } }: { readonly descent: Descent }) {
  const scrubber = useId();
  const done = track.without.length - 1;
  const isAtEnd = step >= DESCENT_STEPS;
  return (
    <>
      <div className={style.play}>
        <Button
          variant="primary"
          icon={<Icon name={running ? 'stop' : isAtEnd ? 'redo' : 'play'} size={16} />}
          onClick={running ? pause : play}
        >
          {running ? 'Pause' : isAtEnd ? 'Replay' : done === 0 ? 'Descend' : 'Resume'}
        </Button>
        <label htmlFor={scrubber} className={style.step}>
          step {step} of {DESCENT_STEPS}
        </label>
      </div>
      <input
        id={scrubber}
        type="range"
        className={style.scrubber}
        min={0}
        max={Math.max(1, done)}
        step={1}
        value={step}
        disabled={done === 0}
        aria-valuetext={`step ${step}`}
        onChange={({ target }) => show(target.valueAsNumber)}
      />
    </>
  );
}

interface PsnrChartProps {
  readonly track: Descent['track'];
  readonly truth: GreyImage;
  readonly step: number;
  readonly lambda: number;
}

/** PSNR of both estimates over the steps. */
function PsnrChart({ track, truth, step, lambda }: PsnrChartProps) {
  const lines = useMemo(() => {
    const points = (images: readonly GreyImage[]) => images.map((z, x) => ({ x, y: psnr(z, truth) }));
    return { without: points(track.without), withIt: points(track.withIt) };
  }, [track, truth]);
  const [without, withIt] = [lines.without[step]!.y, lines.withIt[step]!.y];
  return (
    <LineChart
      label={`PSNR over the steps: at step ${step} ${formatDb(without)} without (5), ${formatDb(withIt)} with it.`}
      lines={[
        { name: 'content alone', tone: 'content', points: lines.without, now: without },
        { name: `with λ = ${lambda}`, tone: 'direction', points: lines.withIt, now: withIt },
      ]}
      from={0}
      to={DESCENT_STEPS}
      floor={Math.floor(lines.without[0]!.y / 5) * 5}
      cursor={step}
      format={(value) => withUnit(value, 'dB')}
    />
  );
}

interface StageProps {
  readonly name: string;
  readonly image: GreyImage;
  readonly truth: GreyImage;
  readonly label: number;
  readonly kernelSize: PatchSettings['kernelSize'];
  readonly empty: PatchLosses;
}

function Stage({ name, image, truth, label, kernelSize, empty }: StageProps) {
  const { content, direction } = relativeLosses(evaluatePatch(image, truth, label, kernelSize).losses, empty);
  const shown = { ...image, values: image.values.map((value) => Math.max(0, value)) };
  return (
    <li className={style.image}>
      <PixelCanvas
        pixels={greyPixels(shown, Math.max(greyPeak(truth), 1e-3))}
        label={`${name}: (4) ${formatPercent(content)}, (5) ${formatPercent(direction)}, ${formatDb(psnr(image, truth))}`}
        className={style.pixels}
      />
      <span>{name}</span>
      <span className={panel.hint} aria-hidden="true">
        (4) {formatPercent(content)} · (5) {formatPercent(direction)} · {formatDb(psnr(image, truth))}
      </span>
    </li>
  );
}

/** PSNR of a rain map against the true one, dB; at most 60, where the eye has long stopped. */
function psnr(image: GreyImage, truth: GreyImage): number {
  let squares = 0;
  for (let i = 0; i < image.values.length; i++) squares += (image.values[i]! - truth.values[i]!) ** 2;
  return Math.min(60, -10 * Math.log10(Math.max(1e-12, squares / image.values.length)));
}
