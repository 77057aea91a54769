import { useId, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { RangeField } from '../ui/RangeField.tsx';
import { SegmentedControl } from '../ui/SegmentedControl.tsx';
import { SwitchField } from '../ui/SwitchField.tsx';
import style from './ControlPanel.module.css';
import type { DeskPhoto, Trouble } from './deskStore.ts';
import { cleanSuffix } from './resultNames.ts';
import { downloadResult, FORMATS, resultFileName, useSaveChoice } from './saving.ts';

/** The result as a file: format, quality, what of the original goes with it. */
export function DownloadSection({ photo }: { readonly photo: DeskPhoto }) {
  const { format, quality, keepMetadata, suffix } = useSaveChoice();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const suffixId = useId();

  const download = async (): Promise<void> => {
    setBusy(true);
    setTrouble(await downloadResult(photo).catch((error: unknown) => ({ reason: String(error), advice: 'Try again.' })));
    setBusy(false);
  };

  return (
    <section className={style.section} aria-labelledby="derain-download">
      <h2 id="derain-download" className={style.heading}>
        Download
      </h2>
      <SegmentedControl label="Format" hideLabel value={format} options={FORMATS} onChange={(value) => useSaveChoice.setState({ format: value })} />
      {format !== 'image/png' && (
        <RangeField label="Quality" value={quality} min={1} max={100} step={1} unit="%" onChange={(value) => useSaveChoice.setState({ quality: value })} />
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
      <Button variant="primary" icon={<Icon name="download" />} busy={busy} disabled={photo.state !== 'done'} onClick={() => void download()} className={style.wide}>
        Download
      </Button>
      <p className={style.quiet}>{resultFileName(photo)}</p>
      {trouble && (
        <p role="alert" className={style.trouble}>
          {trouble.reason} {trouble.advice}
        </p>
      )}
    </section>
  );
}

function metadataHint(parts: readonly string[]): string {
  if (parts.length === 0) return 'This file carries none.';
  return `${parts.join(', ')}: copied as they are; upright, and without the old thumbnail.`;
}
