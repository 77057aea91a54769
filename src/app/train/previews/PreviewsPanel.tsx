import { useState } from 'react';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import type { PreviewSample } from '../../../core/training/events.ts';
import { formatCount, formatDb } from '../../ui/format.ts';
import { useLibraryCounts } from '../run/libraryCounts.ts';
import { useLooking, useShownPreview } from '../run/shownPreview.ts';
import { useTraining } from '../run/trainingStore.ts';
import { CompareDialog } from './CompareDialog.tsx';
import { PresentPreview } from './PresentPreview.tsx';
import { imagesOf, imageLabels } from './previewImages.ts';
import type { ImageName } from './previewImages.ts';
import { PixelCanvas } from '../../ui/PixelCanvas.tsx';
import style from './PreviewsPanel.module.css';

/** Fixed crops as the networks see them, now or at an earlier step. */
export function PreviewsPanel() {
  const previews = useTraining((state) => state.previews);
  const names = useLibraryCounts((state) => state.names);
  const { preview, sample: directed } = useShownPreview();
  const setAt = (at: number | null): void => useLooking.setState({ at });
  const [enlarged, setEnlarged] = useState<{ readonly sample: number; readonly image: ImageName }>();
  const [presenting, setPresenting] = useState(false);
  const last = previews.length - 1;
  if (!preview) return null;
  const index = previews.indexOf(preview);

  return (
    <section className={style.panel} aria-label="Previews">
      <div className={style.scrubber}>
        <h2 className={style.title}>Previews</h2>
        <label className={style.when} htmlFor="preview-step">
          step {formatCount(preview.step)}
          {index === last && ' (latest)'}
        </label>
        <Button variant="quiet" className={style.latest} disabled={index === last} onClick={() => setAt(null)}>
          Latest
        </Button>
        <IconButton label="Present" icon={<Icon name="present" />} onClick={() => setPresenting(true)} />
        <input
          id="preview-step"
          type="range"
          className={style.range}
          min={0}
          max={Math.max(1, last)}
          step={1}
          value={index}
          disabled={last === 0}
          aria-valuetext={`step ${formatCount(preview.step)}`}
          onChange={({ target }) => setAt(target.valueAsNumber >= last ? null : previews[target.valueAsNumber]!.step)}
        />
      </div>
      {preview.samples.map((sample, number) => (
        <Sample
          key={sample.label}
          sample={sample}
          name={names.get(sample.label) ?? sample.label}
          isDirected={sample === directed}
          onEnlarge={(image) => setEnlarged({ sample: number, image })}
        />
      ))}
      <CompareDialog
        sample={enlarged ? preview.samples[enlarged.sample] : undefined}
        name={names.get(preview.samples[enlarged?.sample ?? 0]?.label ?? '') ?? ''}
        image={enlarged?.image ?? 'student'}
        onClose={() => setEnlarged(undefined)}
      />
      {presenting && directed && (
        <PresentPreview
          preview={preview}
          sample={directed}
          name={names.get(directed.label) ?? directed.label}
          onClose={() => setPresenting(false)}
        />
      )}
    </section>
  );
}

interface SampleProps {
  readonly sample: PreviewSample;
  readonly name: string;
  /** Its rain direction is the one on screen. */
  readonly isDirected: boolean;
  readonly onEnlarge: (image: ImageName) => void;
}

function Sample({ sample, name: title, isDirected, onEnlarge }: SampleProps) {
  return (
    <section aria-label={title}>
      <div className={style.head}>
        <h3 className={style.label}>
          {title}
          {sample.truth === null && ' · no ground truth'}
        </h3>
        <button
          type="button"
          className={style.direct}
          aria-pressed={isDirected}
          aria-label={`Show the rain direction of ${title}`}
          onClick={() => useLooking.setState({ crop: sample.label })}
        >
          {isDirected ? 'direction shown' : 'show direction'}
        </button>
      </div>
      <ul className={style.images}>
        {imagesOf(sample).map(({ name, pixels, psnr }) => {
          const { title: what, symbol, index } = imageLabels[name];
          const words = psnr === null ? what : `${what}, ${formatDb(psnr)}`;
          return (
            <li key={name}>
              <button
                type="button"
                className={style.image}
                aria-label={`${words}, enlarge`}
                onClick={() => onEnlarge(name)}
              >
                <PixelCanvas pixels={pixels} label="" className={style.canvas} />
                <span className={style.caption}>
                  <span>
                    {what}{' '}
                    <span className={style.symbol}>
                      <i>{symbol}</i>
                      {index && <sub>{index}</sub>}
                    </span>
                  </span>
                  <span className={name === 'student' ? style.best : style.figure}>
                    {psnr === null ? '' : formatDb(psnr)}
                  </span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
