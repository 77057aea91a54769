import { useRef } from 'react';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { RangeField } from '../ui/RangeField.tsx';
import { SegmentedControl } from '../ui/SegmentedControl.tsx';
import { SelectField } from '../ui/SelectField.tsx';
import { changeSettings, useDeskSettings } from './chosen.ts';
import style from './ControlPanel.module.css';
import { setTruth } from './scores.ts';
import { GAIN, STRENGTH } from './deskSettings.ts';
import { meantModel, useDesk } from './deskStore.ts';
import type { DeskPhoto } from './deskStore.ts';
import { modelWords } from './words.ts';

/** How much rain goes, and what the result is looked at beside. */
export function CompareSection({ photo }: { readonly photo: DeskPhoto }) {
  const models = useDesk((state) => state.models);
  const comparing = useDesk((state) => state.comparing);
  const { strength, compare, show, gain, mode, model: chosen } = useDeskSettings();
  const picker = useRef<HTMLInputElement>(null);
  const meant = meantModel(models, chosen);
  const others = [
    { value: 'original', label: 'Original photo' },
    { value: 'rainMap', label: 'Rain map z' },
    { value: 'truth', label: 'Clean picture (truth)', disabled: !photo.truth },
    ...(models ?? [])
      .filter(({ id }) => id !== meant?.id)
      .map((model) => ({ value: model.id, label: modelWords(model) })),
  ];
  const shows = [{ value: 'result', label: 'Result' }, ...others];

  return (
    <section className={style.section} aria-labelledby="derain-look">
      <h2 id="derain-look" className={style.heading}>
        Look
      </h2>
      <SegmentedControl
        label="View"
        hideLabel
        value={mode}
        options={[
          { value: 'split', label: 'Divider' },
          { value: 'sides', label: 'Side by side' },
          { value: 'single', label: 'One' },
        ]}
        onChange={(value) => changeSettings({ mode: value })}
      />
      <RangeField
        label="Strength"
        value={strength}
        {...STRENGTH}
        unit="%"
        onChange={(value) => changeSettings({ strength: value })}
      />
      <SelectField
        label="Show"
        value={shows.some(({ value }) => value === show) ? show : 'result'}
        options={shows}
        onChange={(value) => changeSettings({ show: value })}
      />
      {mode !== 'single' && (
        <SelectField
          label="Compare with"
          value={others.some(({ value }) => value === compare) ? compare : 'original'}
          options={others}
          onChange={(value) => changeSettings({ compare: value })}
        />
      )}
      {(show === 'rainMap' || (mode !== 'single' && compare === 'rainMap')) && (
        <RangeField
          label="Brightness"
          value={gain}
          {...GAIN}
          unit="×"
          onChange={(value) => changeSettings({ gain: value })}
        />
      )}
      {comparing !== null && <ProgressBar label="Working out the other answer" value={comparing} />}
      <input
        ref={picker}
        type="file"
        accept="image/*"
        hidden
        aria-label="Clean picture"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) setTruth(photo.id, file);
        }}
      />
      {!photo.truth && (
        <Button
          variant="quiet"
          icon={<Icon name="image" />}
          className={style.start}
          onClick={() => picker.current?.click()}
        >
          Add the clean picture …
        </Button>
      )}
    </section>
  );
}
