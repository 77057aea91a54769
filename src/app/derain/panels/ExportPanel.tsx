import { useId, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { RangeField } from '../../ui/RangeField.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { SwitchField } from '../../ui/SwitchField.tsx';
import { useQueue } from '../session/derainQueue.ts';
import {
  canSaveToFolder,
  canShareFiles,
  chooseFolder,
  cleanSuffix,
  downloadResult,
  exportAll,
} from '../export/exportResults.ts';
import { resultFileName, shareResult, zipTarget } from '../export/exportResults.ts';
import type { ExportTarget } from '../export/exportResults.ts';
import type { Photo, UserError } from '../queue/state.ts';
import { FORMATS, useSaveChoice } from '../session/settings.ts';
import style from './panels.module.css';

const canShare = canShareFiles();

/** The results as files: this one, or all of them in a zip or a folder. */
export function ExportPanel({ photo }: { readonly photo: Photo }) {
  useSaveChoice();
  const finished = useQueue((state) => state.photos.filter(({ state: where }) => where === 'done').length);
  const [busy, setBusy] = useState<'one' | 'share' | 'all' | null>(null);
  const [share, setShare] = useState(0);
  const [error, setError] = useState<UserError | null>(null);

  const run = async (what: 'one' | 'share' | 'all', work: () => Promise<UserError | null>): Promise<void> => {
    setBusy(what);
    setShare(0);
    setError(
      await work().catch((error: unknown) => ({
        reason: error instanceof Error ? error.message : String(error),
        hint: 'Try again.',
      })),
    );
    setBusy(null);
  };
  const all = (target: () => Promise<ExportTarget | null>) => () =>
    void run('all', async () => {
      const chosen = await target();
      return chosen && exportAll(chosen, setShare);
    });

  return (
    <div className={style.download}>
      <Button
        variant="primary"
        icon={<Icon name="download" />}
        busy={busy === 'one'}
        disabled={photo.state !== 'done' || busy === 'all'}
        onClick={() => void run('one', () => downloadResult(photo))}
        className={style.wide}
      >
        Download
      </Button>
      {canShare && photo.state === 'done' && (
        <Button
          icon={<Icon name="upload" size={16} />}
          busy={busy === 'share'}
          disabled={busy === 'all'}
          onClick={() => void run('share', () => shareResult(photo))}
          className={style.wide}
        >
          Share
        </Button>
      )}
      <p className={style.quiet}>
        {photo.state === 'done' ? resultFileName(photo) : 'Available when processing finishes.'}
      </p>
      {finished > 1 && (
        <div className={style.buttons}>
          <Button
            icon={<Icon name="download" size={16} />}
            busy={busy === 'all'}
            onClick={all(async () => zipTarget())}
          >
            Download all (ZIP)
          </Button>
          {canSaveToFolder() && (
            <Button icon={<Icon name="folder" size={16} />} disabled={busy === 'all'} onClick={all(chooseFolder)}>
              Save to folder …
            </Button>
          )}
        </div>
      )}
      {busy === 'all' && <ProgressBar label="Writing the results" value={share} />}
      {error && (
        <p role="alert" className={style.error}>
          {error.reason} {error.hint}
        </p>
      )}
    </div>
  );
}

/** How results are written: format, quality, what of the original goes with them. */
export function FilePanel({ photo }: { readonly photo: Photo }) {
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
        label="Keep EXIF metadata (incl. location)"
        hint={metadataHint(photo.metadata)}
        checked={keepMetadata}
        onChange={(checked) => useSaveChoice.setState({ keepMetadata: checked })}
      />
      <div className={style.textRow}>
        <label htmlFor={suffixId}>File name suffix</label>
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
  if (parts.length === 0) return 'No metadata in this file.';
  return `${parts.join(', ')} ${parts.length > 1 ? 'are' : 'is'} kept; orientation is reset, the embedded thumbnail dropped.`;
}
