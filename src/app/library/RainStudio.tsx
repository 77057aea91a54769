import { useMemo, useRef, useState } from 'react';
import type { LibraryRecord } from '../../protocol/libraryRecord.ts';
import { rainPresetNames, type RainPresetName } from '../../core/rain/presets.ts';
import { rainPresetLabels } from '../../core/training/dataSettings.ts';
import type { RainLayerShown } from '../../protocol/library.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/Icon.tsx';
import { withUnit } from '../ui/format.ts';
import { RangeField } from '../ui/RangeField.tsx';
import { SegmentedControl } from '../ui/SegmentedControl.tsx';
import { SelectField } from '../ui/SelectField.tsx';
import style from './RainStudio.module.css';
import { addPairs } from './libraryActions.ts';
import { MAX_DENSITY, pairJobs, recipeOf, settingsOfKind, type RainSettings } from './rainSettings.ts';
import { useRainPreview } from './useRainPreview.ts';

const SHOWN: readonly { readonly value: RainLayerShown; readonly label: string }[] = [
  { value: 'rainy', label: 'Rainy' },
  { value: 'rainMap', label: 'Rain map' },
  { value: 'clean', label: 'Clean' },
];

const FIRST_SEED = 1;
const SEEDS = 9999;

export interface RainStudioProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** What Clean holds. */
  readonly clean: readonly LibraryRecord[];
  /** Pairs are being made. */
  readonly onMake: () => void;
  /** Clean images are to be added. */
  readonly onAdd: () => void;
}

/** Rain by sliders over one of your clean images, with the label it will carry, and pairs made of it. */
export function RainStudio({ open, onClose, clean, onMake, onAdd }: RainStudioProps) {
  const [first] = clean;
  if (first) return <Studio open={open} onClose={onClose} clean={[first, ...clean.slice(1)]} onMake={onMake} />;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Rain studio"
      actions={
        <Button variant="primary" onClick={onAdd}>
          Add clean images
        </Button>
      }
    >
      <p>
        The studio adds synthetic rain to your clean images and makes rainy–clean pairs of them: angle, length, width,
        density and strength by sliders, with the direction as a label. It needs at least one image in Clean.
      </p>
    </Dialog>
  );
}

type StudioProps = Omit<RainStudioProps, 'onAdd' | 'clean'> & {
  readonly clean: readonly [LibraryRecord, ...LibraryRecord[]];
};

function Studio({ open, onClose, clean, onMake }: StudioProps) {
  const [at, setAt] = useState(0);
  const [kind, setKind] = useState<RainPresetName>('light');
  const [settings, setSettings] = useState(() => settingsOfKind('light', FIRST_SEED));
  const [count, setCount] = useState(50);
  const [vary, setVary] = useState(20);
  const image = clean[Math.min(at, clean.length - 1)]!;

  const take = (next: RainPresetName, seed: number) => {
    setKind(next);
    setSettings(settingsOfKind(next, seed));
  };
  const make = () => {
    void addPairs(pairJobs(settings, count, vary, clean));
    onMake();
  };

  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Rain studio"
      shape="wide"
      actions={
        <Button variant="primary" onClick={make}>
          Make {count} {count === 1 ? 'pair' : 'pairs'}
        </Button>
      }
    >
      <div className={style.studio}>
        <Stage
          image={image}
          settings={settings}
          onStep={clean.length > 1 ? (by) => setAt((clean.indexOf(image) + by + clean.length) % clean.length) : null}
        />
        <div className={style.making}>
          <RangeField label="How many pairs" value={count} min={1} max={500} step={1} onChange={setCount} />
          <RangeField
            label="Angle variation (±)"
            value={vary}
            min={0}
            max={45}
            step={1}
            unit="°"
            onChange={setVary}
            hint="From pair to pair; each carries its own label."
          />
        </div>
        <div className={style.controls}>
          <div className={style.kind}>
            <SelectField
              label="Kind of rain"
              value={kind}
              options={rainPresetNames.map((value) => ({ value, label: rainPresetLabels[value] }))}
              onChange={(next) => take(next, settings.seed)}
            />
            <Button onClick={() => take(kind, (settings.seed % SEEDS) + 1)}>Randomize</Button>
          </div>
          <Sliders settings={settings} onChange={(patch) => setSettings({ ...settings, ...patch })} />
        </div>
      </div>
    </Dialog>
  );
}

interface SlidersProps {
  readonly settings: RainSettings;
  readonly onChange: (patch: Partial<RainSettings>) => void;
}

/** The sliders of the rain; a share is set in percent. */
const SLIDERS = [
  { of: 'angle', label: 'Angle', min: 0, max: 179, step: 1, unit: '°' },
  { of: 'length', label: 'Length', min: 4, max: 140, step: 1, unit: 'px' },
  { of: 'width', label: 'Width', min: 0.8, max: 16, step: 0.1, unit: 'px' },
  { of: 'density', label: 'Density', min: 0.1, max: MAX_DENSITY, step: 0.1, unit: `per ${withUnit(1000, 'px')}` },
  { of: 'strength', label: 'Strength', min: 1, max: 60, step: 1, unit: '%' },
  { of: 'layers', label: 'Layers', min: 1, max: 5, step: 1, unit: '' },
  { of: 'veil', label: 'Grey veil', min: 0, max: 50, step: 1, unit: '%' },
  { of: 'seed', label: 'Seed', min: 1, max: SEEDS, step: 1, unit: '' },
] as const;

function Sliders({ settings, onChange }: SlidersProps) {
  return SLIDERS.map(({ of, unit, ...slider }) => {
    const value = settings[of];
    return (
      <RangeField
        key={of}
        {...slider}
        {...(unit && { unit })}
        value={unit === '%' ? Math.round(value * 100) : value}
        onChange={(next) => onChange({ [of]: unit === '%' ? next / 100 : next })}
      />
    );
  });
}

interface StageProps {
  readonly image: LibraryRecord;
  readonly settings: RainSettings;
  /** Shows another clean image; null when there is only one. */
  readonly onStep: ((by: -1 | 1) => void) | null;
}

function Stage({ image, settings, onStep }: StageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState<RainLayerShown>('rainy');
  const recipe = useMemo(() => recipeOf(settings), [settings]);
  const failed = useRainPreview(canvas, image.id, recipe, shown);
  return (
    <figure className={style.stage}>
      <div className={style.frame}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={`${image.name}: ${SHOWN.find((it) => it.value === shown)!.label}, rain at ${recipe.direction * 10} degrees`}
        />
        {failed && <p className={style.failed}>This image could not be shown.</p>}
        <p className={style.label}>
          <svg viewBox="-8 -8 16 16" width={20} height={20} aria-hidden="true">
            <line x1={-6} x2={6} transform={`rotate(${-recipe.direction * 10})`} />
          </svg>
          Label {recipe.direction * 10}°
        </p>
      </div>
      <figcaption className={style.caption}>
        <SegmentedControl label="Show" hideLabel value={shown} options={SHOWN} onChange={setShown} />
        <span className={style.name}>{image.name}</span>
        {onStep && (
          <span className={style.steps}>
            <IconButton
              label="Previous image"
              icon={
                <span className={style.back}>
                  <Icon name="chevronRight" />
                </span>
              }
              onClick={() => onStep(-1)}
            />
            <IconButton label="Next image" icon={<Icon name="chevronRight" />} onClick={() => onStep(1)} />
          </span>
        )}
      </figcaption>
    </figure>
  );
}
