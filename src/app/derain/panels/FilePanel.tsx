import { useId } from 'react';
import { RangeField } from '../../ui/RangeField.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { SwitchField } from '../../ui/SwitchField.tsx';
import { keptWords, sameFormatWords } from '../../export/fileFacts.ts';
import { withoutForbidden } from '../../export/resultName.ts';
import { outputFormat, typeOf } from '../queue/resultFile.ts';
import type { SaveFormat } from '../queue/state.ts';
import type { Photo } from '../queue/state.ts';
import { useQueue } from '../session/derainQueue.ts';
import { changeSettings, useDerainSettings, useSaveChoice } from '../session/settings.ts';
import panel from '../../ui/Panel.module.css';
import style from './panels.module.css';

/** How results are written: format, quality, what of the original goes with them. */
export function FilePanel({ photo }: { readonly photo: Photo }) {
  const { format, quality, keepMetadata } = useSaveChoice();
  const save = useQueue(({ settings }) => settings.save);
  const { show } = useDerainSettings();
  const output = outputFormat(save, photo);
  const type = typeOf(photo);
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
          <SwitchField
            label="Preview at this quality"
            checked={show === 'saved'}
            onChange={(checked) => changeSettings({ show: checked ? 'saved' : 'result' })}
          />
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
        Also {'{model}'}, {'{strength}'} and {'{number}'}.
      </p>
    </div>
  );
}
