import { useEffect, useMemo, useState } from 'react';
import { readPhoto } from '../../../browser/photoReader.ts';
import { greyOf, greyPixels } from '../../../core/images/grey.ts';
import type { GreyImage } from '../../../core/images/grey.ts';
import { directionField, labelShares } from '../../../core/patch/directionField.ts';
import type { Needle } from '../../../core/patch/directionField.ts';
import { listSamples, readSample } from '../../samples/samples.ts';
import { Button } from '../../ui/Button.tsx';
import { chooseFiles } from '../../ui/chooseFiles.ts';
import { formatPercent } from '../../ui/format.ts';
import { PixelCanvas } from '../../ui/PixelCanvas.tsx';
import { RangeField } from '../../ui/RangeField.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import style from './FieldPanel.module.css';
import panel from './panel.module.css';
import { changePatch, patchSlider } from './patchSettings.ts';
import type { PatchSettings } from './patchSettings.ts';

/** Photos are looked at up to this many pixels. */
const MOST_PIXELS = 250_000;
const PATCH = 'patch';
const OWN = 'own';

/** The local direction all over an image: needles of the structure tensor on the 18 labels, longer where edges are parallel. */
export function FieldPanel({ truth, settings }: { readonly truth: GreyImage; readonly settings: PatchSettings }) {
  const { field, cell } = settings;
  const [titles, setTitles] = useState<readonly string[]>([]);
  const [own, setOwn] = useState<Blob | null>(null);
  useEffect(() => {
    let current = true;
    void listSamples().then((samples) => current && setTitles(samples.map(({ title }) => title)));
    return () => {
      current = false;
    };
  }, []);
  const photo = useFieldPhoto(field, own);
  const shown = field === PATCH ? truth : photo.image;
  const take = (file: Blob): void => {
    setOwn(file);
    changePatch({ field: OWN });
  };
  return (
    <section className={`${panel.panel} ${panel.wide}`} aria-labelledby="field-title">
      <h2 id="field-title" className={panel.title}>
        Direction field
      </h2>
      <div className={panel.parts}>
        <div className={style.controls}>
          <p className={panel.hint}>
            The direction that the structure tensor finds in each cell, rounded to the 18 labels. The more parallel the
            edges in a cell, the longer its needle. No label is needed, so it works on photos too.
          </p>
          <SelectField
            label="Image"
            value={field}
            options={[
              { value: PATCH, label: 'The patch above' },
              ...titles.map((title) => ({ value: title, label: `${title} (rainy sample)` })),
              ...(own || field === OWN ? [{ value: OWN, label: 'Your image' }] : []),
            ]}
            onChange={(next) => changePatch({ field: next })}
          />
          <Button onClick={() => chooseFiles('files', ([first]) => first && take(first.file))}>
            Choose an image …
          </Button>
          <RangeField {...patchSlider('cell')} value={cell} onChange={(next) => changePatch({ cell: next })} />
        </div>
        {shown ? <Field image={shown} cell={cell} /> : <p role="status">{photo.message}</p>}
      </div>
    </section>
  );
}

function Field({ image, cell }: { readonly image: GreyImage; readonly cell: number }) {
  const needles = useMemo(() => directionField(image, cell), [image, cell]);
  const pixels = useMemo(() => greyPixels(image, 1), [image]);
  const shares = labelShares(needles);
  const most = shares.indexOf(Math.max(...shares));
  const words =
    shares[most]! > 0
      ? `Most edges run at ${most * 10}° (${formatPercent(shares[most]!)}).`
      : 'No direction: the image is flat.';
  return (
    <figure className={style.figure}>
      <div className={style.stage}>
        <PixelCanvas pixels={pixels} label="" className={style.pixels} />
        <svg
          className={style.needles}
          viewBox={`0 0 ${image.width} ${image.height}`}
          preserveAspectRatio="xMinYMin"
          role="img"
          aria-label={`Direction field of ${needles.length} cells. ${words}`}
        >
          <path d={needles.map((needle) => needlePath(needle, cell)).join('')} className={style.halo} />
          <path d={needles.map((needle) => needlePath(needle, cell)).join('')} className={style.needle} />
        </svg>
      </div>
      <figcaption>
        <p>{words}</p>
        <ol className={style.shares} aria-label="Share of every direction">
          {shares.map((share, label) => (
            <li key={label}>
              <span className={style.share} style={{ height: `${(100 * share) / Math.max(shares[most]!, 1e-9)}%` }} />
              <span className={style.label}>{label % 3 === 0 ? `${label * 10}°` : ''}</span>
              <span className={style.spoken}>
                {label * 10}°: {formatPercent(share)}
              </span>
            </li>
          ))}
        </ol>
      </figcaption>
    </figure>
  );
}

function needlePath({ x, y, label, coherence, strength }: Needle, cell: number): string {
  const half = 0.46 * cell * coherence * Math.min(1, 4 * strength);
  if (half < 0.5) return '';
  const angle = (label * Math.PI) / 18;
  const [dx, dy] = [half * Math.cos(angle), -half * Math.sin(angle)];
  return `M${(x - dx).toFixed(1)} ${(y - dy).toFixed(1)}L${(x + dx).toFixed(1)} ${(y + dy).toFixed(1)}`;
}

interface FieldPhoto {
  readonly image: GreyImage | null;
  readonly message: string;
}

/** The photo that a direction field is drawn over: a rainy sample by its title, or one's own. */
function useFieldPhoto(field: string, own: Blob | null): FieldPhoto {
  const [found, setFound] = useState<{ readonly of: string; readonly photo: FieldPhoto } | null>(null);
  useEffect(() => {
    if (field === PATCH || (field === OWN && !own)) return;
    let current = true;
    readField(field, own)
      .then((image): FieldPhoto => ({ image, message: '' }))
      .catch((error: unknown): FieldPhoto => ({
        image: null,
        message: error instanceof Error ? error.message : String(error),
      }))
      .then((photo) => current && setFound({ of: field, photo }));
    return () => {
      current = false;
    };
  }, [field, own]);
  if (field === OWN && !own)
    return { image: null, message: 'The image of this link stays on the device it came from.' };
  return found?.of === field ? found.photo : { image: null, message: 'Opening …' };
}

async function readField(field: string, own: Blob | null): Promise<GreyImage> {
  const sample = field === OWN ? null : (await listSamples()).find(({ title }) => title === field);
  if (field !== OWN && !sample) throw new Error(`There is no sample “${field}”.`);
  const file = sample ? (await readSample(sample)).file : own!;
  return greyOf(await readPhoto(file, { maxPixels: MOST_PIXELS }), Infinity);
}
