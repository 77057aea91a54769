import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { useQueue } from '../session/derainQueue.ts';
import { canSaveToFolder, canShareFiles, chooseFolder, zipTarget } from '../../export/targets.ts';
import type { ExportTarget } from '../../export/targets.ts';
import { downloadResult, exportAll, resultFileName, shareResult, useWrittenResult } from '../session/results.ts';
import { sizeWords } from '../../export/fileFacts.ts';
import type { Photo, UserError } from '../queue/photo.ts';
import { useSaveChoice } from '../../export/saveChoice.ts';
import panel from '../../ui/Panel.module.css';
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
  const all = async (chooseTarget: ChooseTarget): Promise<UserError | null> => {
    const target = await chooseTarget();
    return target && exportAll(target, setShare);
  };

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
      <p className={panel.quiet}>
        {photo.state === 'done' ? <WrittenFile photo={photo} /> : 'Available when processing finishes.'}
      </p>
      {finished > 1 && (
        <ExportAll isBusy={busy === 'all'} onChoose={(chooseTarget) => void run('all', () => all(chooseTarget))} />
      )}
      {busy === 'all' && <ProgressBar label="Writing the results" value={share} />}
      {error && (
        <p role="alert" className={panel.error}>
          {error.reason} {error.hint}
        </p>
      )}
    </div>
  );
}

/** Name and size of what *Download* writes. */
function WrittenFile({ photo }: { readonly photo: Photo }) {
  const { file, isWriting } = useWrittenResult(photo);
  return (
    <>
      {resultFileName(photo)}
      <br />
      {isWriting && 'Writing … '}
      {sizeWords(file && file.size, photo.file.size)}
    </>
  );
}

/** Where all results are to go; null when the person chose nothing. */
type ChooseTarget = () => Promise<ExportTarget | null>;

interface ExportAllProps {
  readonly isBusy: boolean;
  readonly onChoose: (target: ChooseTarget) => void;
}

function ExportAll({ isBusy, onChoose }: ExportAllProps) {
  return (
    <div className={style.buttons}>
      <Button busy={isBusy} onClick={() => onChoose(async () => zipTarget())} className={style.allButton}>
        Download all (ZIP)
      </Button>
      {canSaveToFolder() && (
        <Button disabled={isBusy} onClick={() => onChoose(chooseFolder)} className={style.allButton}>
          Save to folder …
        </Button>
      )}
    </div>
  );
}
