import { useEffect, useState } from 'react';
import { listPreviews, readPreview } from '../../../browser/storage/runDatabase.ts';
import type { Pixels } from '../../../core/images/pixels.ts';
import type { Previewed, PreviewSample } from '../../../core/training/events.ts';
import { useLibraryCounts } from '../../train/run/libraryCounts.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { formatCount, formatDb } from '../../ui/format.ts';
import { PixelCanvas } from '../../ui/PixelCanvas.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { SwitchField } from '../../ui/SwitchField.tsx';
import style from './Comparison.module.css';
import { brightened, difference } from './difference.ts';
import { lineName, type RunView } from './runsStore.ts';

type Shown = 'rainMap' | 'student' | 'teacher';
const GAIN = 4;
/** Rain maps are dark. */
const MAP_GAIN = 3;
const titles: Readonly<Record<Shown, string>> = {
  rainMap: `Rain map ×${MAP_GAIN}`,
  student: 'Student',
  teacher: 'Teacher',
};

/** What every run makes of the same crop, beside the truth. */
export function VariantImages({ runs }: { readonly runs: readonly RunView[] }) {
  const names = useLibraryCounts((state) => state.names);
  const [shown, setShown] = useState<Shown>('rainMap');
  const [isDifference, setIsDifference] = useState(false);
  const [crop, setCrop] = useState<string | null>(null);
  const [enlarged, setEnlarged] = useState<number | null>(null);
  const seen = runs.filter(({ preview }) => preview !== null);
  const labels = [...new Set(seen.flatMap(({ preview }) => preview!.samples.map(({ label }) => label)))];
  const label = crop !== null && labels.includes(crop) ? crop : labels[0];
  if (label === undefined) return null;
  const truth =
    seen.map(({ preview }) => truthOf(sampleOf(preview, label), shown)).find((image) => image !== null) ?? null;
  const look = { shown, isDifference: isDifference && truth !== null, truth };
  const open = enlarged === null ? undefined : seen[enlarged];

  return (
    <section className={style.part} aria-label="Images of all variants">
      <Choice
        look={look}
        crops={labels.map((value) => ({ value, label: names.get(value) ?? value }))}
        crop={label}
        onShow={setShown}
        onCrop={setCrop}
        onDifference={setIsDifference}
      />
      <ul className={style.images}>
        {truth && (
          <li className={style.image}>
            <PixelCanvas pixels={shownPixels(truth, shown)} label="" className={style.canvas} />
            <span className={style.caption}>{shown === 'rainMap' ? 'True rain map' : 'Ground truth'}</span>
          </li>
        )}
        {seen.map((run, i) => (
          <Thumbnail key={run.id} run={run} label={label} look={look} onEnlarge={() => setEnlarged(i)} />
        ))}
      </ul>
      <Dialog
        open={open !== undefined}
        onClose={() => setEnlarged(null)}
        title={`${titles[shown]}, ${names.get(label) ?? label}`}
        shape="wide"
      >
        {open && (
          <Enlarged
            key={open.id}
            run={open}
            position={`${enlarged! + 1} of ${seen.length}`}
            look={look}
            label={label}
            onMove={(by) => setEnlarged((enlarged! + by + seen.length) % seen.length)}
          />
        )}
      </Dialog>
    </section>
  );
}

interface ChoiceProps {
  readonly look: Look;
  readonly crops: readonly { readonly value: string; readonly label: string }[];
  readonly crop: string;
  readonly onShow: (shown: Shown) => void;
  readonly onCrop: (crop: string) => void;
  readonly onDifference: (isDifference: boolean) => void;
}

/** Which image, of which crop, and whether as its difference from the truth. */
function Choice({ look, crops, crop, onShow, onCrop, onDifference }: ChoiceProps) {
  return (
    <div className={style.partHead}>
      <h3 className={style.heading}>On the same crop</h3>
      <SegmentedControl
        label="Image"
        hideLabel
        value={look.shown}
        options={(Object.keys(titles) as Shown[]).map((value) => ({ value, label: titles[value] }))}
        onChange={onShow}
      />
      <SelectField label="Crop" hideLabel value={crop} options={crops} onChange={onCrop} />
      <SwitchField
        label={`Difference ×${GAIN}`}
        checked={look.isDifference}
        disabled={look.truth === null}
        onChange={onDifference}
      />
    </div>
  );
}

interface ThumbnailProps {
  readonly run: RunView;
  readonly label: string;
  readonly look: Look;
  readonly onEnlarge: () => void;
}

/** One variant's image with its PSNR; nothing where it has no preview of the crop. */
function Thumbnail({ run, label, look, onEnlarge }: ThumbnailProps) {
  const sample = sampleOf(run.preview, label);
  if (!sample) return null;
  const db = sample.psnr && formatDb(sample.psnr[look.shown]);
  return (
    <li>
      <button
        type="button"
        className={style.image}
        aria-label={`${nameOf(run)}${db ? `, ${db}` : ''}, enlarge`}
        onClick={onEnlarge}
      >
        <PixelCanvas pixels={imageOf(sample, look)} label="" className={style.canvas} />
        <span className={style.caption}>
          {nameOf(run)} {db && <span className={style.figure}>{db}</span>}
        </span>
      </button>
    </li>
  );
}

interface Look {
  readonly shown: Shown;
  readonly isDifference: boolean;
  readonly truth: Pixels | null;
}

interface EnlargedProps {
  readonly run: RunView;
  readonly position: string;
  readonly look: Look;
  readonly label: string;
  readonly onMove: (by: number) => void;
}

/** One variant large beside the truth, at any step that a preview is kept of. */
function Enlarged({ run, position, look, label, onMove }: EnlargedProps) {
  const [steps, setSteps] = useState<readonly number[]>([]);
  const [preview, setPreview] = useState(run.preview);
  useEffect(() => {
    void listPreviews(run.id).then(setSteps, () => undefined);
  }, [run.id]);
  const sample = sampleOf(preview, label);
  if (!preview || !sample) return null;
  const index = Math.max(0, steps.indexOf(preview.step));
  const show = (to: number): void => void readPreview(run.id, steps[to]).then((found) => found && setPreview(found));
  return (
    <div className={style.enlarged}>
      <div className={style.partHead}>
        <Button onClick={() => onMove(-1)}>Previous</Button>
        <strong>{nameOf(run)}</strong>
        <span className={style.unit}>{position}</span>
        <Button onClick={() => onMove(1)}>Next</Button>
        <label className={style.scrubber}>
          step {formatCount(preview.step)}
          <input
            type="range"
            min={0}
            max={Math.max(1, steps.length - 1)}
            value={index}
            disabled={steps.length < 2}
            aria-valuetext={`step ${formatCount(preview.step)}`}
            onChange={({ target }) => show(target.valueAsNumber)}
          />
        </label>
        <span className={style.figure}>{sample.psnr && formatDb(sample.psnr[look.shown])}</span>
      </div>
      <div className={style.beside}>
        <PixelCanvas
          pixels={imageOf(sample, look)}
          label={`${nameOf(run)}, ${titles[look.shown]}`}
          className={style.canvas}
        />
        {look.truth && (
          <PixelCanvas pixels={shownPixels(look.truth, look.shown)} label="Truth" className={style.canvas} />
        )}
      </div>
    </div>
  );
}

function sampleOf(preview: Previewed | null, label: string): PreviewSample | undefined {
  return preview?.samples.find((sample) => sample.label === label);
}

function imageOf(sample: PreviewSample, { shown, isDifference, truth }: Look): Pixels {
  if (isDifference && truth) return difference(sample[shown], truth, GAIN);
  return shownPixels(sample[shown], shown);
}

function shownPixels(image: Pixels, shown: Shown): Pixels {
  return shown === 'rainMap' ? brightened(image, MAP_GAIN) : image;
}

function truthOf(sample: PreviewSample | undefined, shown: Shown): Pixels | null {
  return (shown === 'rainMap' ? sample?.trueRainMap : sample?.truth) ?? null;
}

function nameOf(run: RunView): string {
  const seed = run.summary?.config.run.seed;
  return run.label.experiment && seed !== undefined ? `${lineName(run)}, seed ${seed}` : lineName(run);
}
