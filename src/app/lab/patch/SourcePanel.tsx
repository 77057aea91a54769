import { useEffect, useState } from 'react';
import { rainPresetNames } from '../../../core/rain/presets.ts';
import { rainPresetLabels } from '../../../core/training/dataSettings.ts';
import { Button } from '../../ui/Button.tsx';
import { chooseFiles } from '../../ui/chooseFiles.ts';
import { RangeField } from '../../ui/RangeField.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import style from './PatchLab.module.css';
import panel from './panel.module.css';
import { changePatch, patchSlider } from './patchSettings.ts';
import type { PatchSettings } from './patchSettings.ts';
import { CROPS, listPairs } from './usePatchSource.ts';
import type { PairChoice } from './usePatchSource.ts';

export interface SourcePanelProps {
  readonly settings: PatchSettings;
  readonly onFile: (file: Blob) => void;
}

/** Where the patch comes from. */
export function SourcePanel({ settings, onFile }: SourcePanelProps) {
  const { source } = settings;
  return (
    <section className={panel.panel} aria-label="Patch">
      <SegmentedControl
        label="Patch of rain"
        value={source}
        options={[
          { value: 'drawn', label: 'Drawn' },
          { value: 'pair', label: 'Pair' },
          { value: 'image', label: 'Image' },
          { value: 'training', label: 'Training' },
        ]}
        onChange={(next) => changePatch({ source: next, crop: 0 })}
      />
      {source === 'drawn' && <DrawnFields settings={settings} />}
      {source === 'pair' && <PairField settings={settings} />}
      {source === 'image' && (
        <>
          <p className={panel.hint}>
            The brightness of an image, taken as a rain map: a rain map of your own, or anything with a direction.
          </p>
          <Button onClick={() => chooseFiles('files', ([first]) => first && onFile(first.file))}>
            Choose an image …
          </Button>
        </>
      )}
      {source === 'training' && (
        <SegmentedControl
          label="The estimate starts from"
          value={settings.base}
          options={[
            { value: 'truth', label: 'the true rain' },
            { value: 'found', label: 'what F₁ found' },
          ]}
          onChange={(base) => changePatch({ base })}
        />
      )}
      {(source === 'pair' || source === 'image') && (
        <Button onClick={() => changePatch({ crop: (settings.crop + 1) % CROPS })}>Another crop</Button>
      )}
    </section>
  );
}

function DrawnFields({ settings }: { readonly settings: PatchSettings }) {
  return (
    <>
      <div className={style.kind}>
        <SelectField
          label="Kind of rain"
          hideLabel
          value={settings.rain}
          options={rainPresetNames.map((value) => ({ value, label: rainPresetLabels[value] }))}
          onChange={(rain) => changePatch({ rain })}
        />
        <Button onClick={() => changePatch({ rainSeed: (settings.rainSeed % patchSlider('rainSeed').max) + 1 })}>
          Randomize
        </Button>
      </div>
      <RangeField {...patchSlider('angle')} value={settings.angle} onChange={(angle) => changePatch({ angle })} />
    </>
  );
}

function PairField({ settings }: { readonly settings: PatchSettings }) {
  const [pairs, setPairs] = useState<readonly PairChoice[]>([]);
  useEffect(() => {
    let current = true;
    void listPairs().then((found) => current && setPairs(found));
    return () => {
      current = false;
    };
  }, []);
  if (pairs.length === 0) return null;
  return (
    <SelectField
      label="Pair"
      hideLabel
      value={settings.pair || pairs[0]!.id}
      options={pairs.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(pair) => changePatch({ pair, crop: 0 })}
      hint="Its rain map: rainy − clean."
    />
  );
}
