import { useId } from 'react';
import panel from '../ui/Panel.module.css';
import { RangeField } from '../ui/RangeField.tsx';
import { SelectField } from '../ui/SelectField.tsx';
import { SwitchField } from '../ui/SwitchField.tsx';
import style from './FilePanel.module.css';
import { keptWords, otherFormatWords, sameFormatWords } from './fileFacts.ts';
import { withoutForbidden } from './resultName.ts';
import { saveSettings, useSaveChoice } from './saveChoice.ts';
import { outputFormat, typeOf } from './saveFormat.ts';
import type { GivenFile, SaveFormat } from './saveFormat.ts';

export interface FilePanelProps {
  /** `metadata` names what the file carries besides its pixels. */
  readonly photo: GivenFile & { readonly metadata: readonly string[] };
  /** Whether the result is shown as its file will show it. */
  readonly isPreviewed: boolean;
  readonly onPreview: (isPreviewed: boolean) => void;
}

/** How results are written: format, quality, what of the original goes with them. */
export function FilePanel({ photo, isPreviewed, onPreview }: FilePanelProps) {
  const choice = useSaveChoice();
  const { format, quality, keepMetadata } = choice;
  const save = saveSettings(choice);
  const output = outputFormat(save, photo);
  const type = typeOf(photo);
  const words = otherFormatWords(type, output);
  const formats: readonly { readonly value: SaveFormat; readonly label: string }[] = [
    { value: 'original', label: sameFormatWords(type, outputFormat({ ...save, format: 'original' }, photo)) },
    { value: 'image/png', label: 'PNG' },
    { value: 'image/jpeg', label: 'JPEG' },
    ...(save.writesWebp ? [{ value: 'image/webp', label: 'WebP' } as const] : []),
  ];
  return (
    <section className={panel.section} aria-labelledby="derain-file">
      <h2 id="derain-file" className={panel.heading}>
        File
      </h2>
      <SelectField
        label="Format"
        hideLabel
        value={formats.some(({ value }) => value === format) ? format : 'image/png'}
        options={formats}
        {...(format === 'original' && words ? { hint: words } : {})}
        onChange={(value) => useSaveChoice.setState({ format: value })}
      />
      {output !== 'image/png' && (
        <>
          <RangeField
            label="Quality"
            value={quality}
            min={1}
            max={100}
            step={1}
            unit="%"
            onChange={(value) => useSaveChoice.setState({ quality: value })}
          />
          <SwitchField label="Preview at this quality" checked={isPreviewed} onChange={onPreview} />
        </>
      )}
      <SwitchField
        label="Keep EXIF metadata (incl. location)"
        hint={keptWords(photo.metadata, type, output, keepMetadata)}
        checked={keepMetadata}
        onChange={(checked) => useSaveChoice.setState({ keepMetadata: checked })}
      />
      <NameField />
    </section>
  );
}

/** The pattern of the results' names. */
function NameField() {
  const pattern = useSaveChoice((choice) => choice.pattern);
  const id = useId();
  return (
    <div>
      <div className={style.textRow}>
        <label htmlFor={id}>File name</label>
        <input
          id={id}
          type="text"
          className={panel.text}
          value={pattern}
          maxLength={80}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={`${id}-hint`}
          onChange={(event) => useSaveChoice.setState({ pattern: withoutForbidden(event.target.value) })}
        />
      </div>
      <p id={`${id}-hint`} className={panel.quiet}>
        You can also use {'{model}'}, {'{strength}'} and {'{number}'}.
      </p>
    </div>
  );
}
