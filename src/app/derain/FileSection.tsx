import { useId } from 'react';
import { RangeField } from '../ui/RangeField.tsx';
import { SegmentedControl } from '../ui/SegmentedControl.tsx';
import { SwitchField } from '../ui/SwitchField.tsx';
import style from './ControlPanel.module.css';
import type { DeskPhoto } from './deskStore.ts';
import { cleanSuffix } from './resultNames.ts';
import { FORMATS, useSaveChoice } from './saving.ts';

/** How results are written: format, quality, what of the original goes with them. */
export function FileSection({ photo }: { readonly photo: DeskPhoto }) {
  const { format, quality, keepMetadata, suffix } = useSaveChoice();
  const suffixId = useId();
  return (
    <section className={style.section} aria-labelledby="derain-file">
      <h2 id="derain-file" className={style.heading}>
        File
      </h2>
      <SegmentedControl
        label="Format"
        hideLabel
        value={format}
        options={FORMATS}
        onChange={(value) => useSaveChoice.setState({ format: value })}
      />
      {format !== 'image/png' && (
        <RangeField
          label="Quality"
          value={quality}
          min={1}
          max={100}
          step={1}
          unit="%"
          onChange={(value) => useSaveChoice.setState({ quality: value })}
        />
      )}
      <SwitchField
        label="Keep the camera’s notes"
        hint={metadataHint(photo.metadata)}
        checked={keepMetadata}
        onChange={(checked) => useSaveChoice.setState({ keepMetadata: checked })}
      />
      <div className={style.textRow}>
        <label htmlFor={suffixId}>Add to the name</label>
        <input
          id={suffixId}
          type="text"
          className={style.text}
          value={suffix}
          maxLength={40}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => useSaveChoice.setState({ suffix: cleanSuffix(event.target.value) })}
        />
      </div>
    </section>
  );
}

function metadataHint(parts: readonly string[]): string {
  if (parts.length === 0) return 'This file carries none.';
  return `${parts.join(', ')}: copied as they are; upright, and without the old thumbnail.`;
}
