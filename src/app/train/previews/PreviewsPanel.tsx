import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import type { PreviewSample } from '../../../core/training/events.ts';
import { formatCount, formatDb } from '../../ui/format.ts';
import { useLibraryCounts } from '../run/libraryCounts.ts';
import { useTraining } from '../run/trainingStore.ts';
import { CompareDialog } from './CompareDialog.tsx';
import { imagesOf, imageLabels } from './previewImages.ts';
import type { ImageName } from './previewImages.ts';
import { PixelCanvas } from '../../ui/PixelCanvas.tsx';
import style from './PreviewsPanel.module.css';

/** Fixed crops as the networks see them, now or at an earlier step. */
export function PreviewsPanel() {
  const previews = useTraining((state) => state.previews);
  const names = useLibraryCounts((state) => state.names);
  /** Step looked back at; null follows the newest. */
  const [at, setAt] = useState<number | null>(null);
  const [enlarged, setEnlarged] = useState<{ readonly sample: number; readonly image: ImageName }>();
  const last = previews.length - 1;
  const found = at === null ? last : previews.findIndex(({ step }) => step >= at);
  const index = found < 0 ? last : found;
  const preview = previews[index];
  if (!preview) return null;

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
          onEnlarge={(image) => setEnlarged({ sample: number, image })}
        />
      ))}
      <CompareDialog
        sample={enlarged ? preview.samples[enlarged.sample] : undefined}
        name={names.get(preview.samples[enlarged?.sample ?? 0]?.label ?? '') ?? ''}
        image={enlarged?.image ?? 'student'}
        onClose={() => setEnlarged(undefined)}
      />
    </section>
  );
}

interface SampleProps {
  readonly sample: PreviewSample;
  readonly name: string;
  readonly onEnlarge: (image: ImageName) => void;
}

function Sample({ sample, name: title, onEnlarge }: SampleProps) {
  return (
    <section aria-label={title}>
      <h3 className={style.label}>
        {title}
        {sample.truth === null && ' · no ground truth'}
      </h3>
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
