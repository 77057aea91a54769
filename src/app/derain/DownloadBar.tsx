import { useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import style from './ControlPanel.module.css';
import { canSaveToFolder, chooseFolder, saveAll, zipTarget } from './collection.ts';
import type { CollectionTarget } from './collection.ts';
import { useDesk } from './deskStore.ts';
import type { DeskPhoto, Trouble } from './deskStore.ts';
import { canShareFiles, downloadResult, shareResult } from './handOver.ts';
import { resultFileName, useSaveChoice } from './saving.ts';

const canShare = canShareFiles();

/** The results as files: this one, or all of them in a zip or a folder. */
export function DownloadBar({ photo }: { readonly photo: DeskPhoto }) {
  useSaveChoice();
  const finished = useDesk((state) => state.photos.filter(({ state: where }) => where === 'done').length);
  const [busy, setBusy] = useState<'one' | 'share' | 'all' | null>(null);
  const [share, setShare] = useState(0);
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  const run = async (what: 'one' | 'share' | 'all', work: () => Promise<Trouble | null>): Promise<void> => {
    setBusy(what);
    setShare(0);
    setTrouble(
      await work().catch((error: unknown) => ({
        reason: error instanceof Error ? error.message : String(error),
        advice: 'Try again.',
      })),
    );
    setBusy(null);
  };
  const all = (target: () => Promise<CollectionTarget | null>) => () =>
    void run('all', async () => {
      const chosen = await target();
      return chosen && saveAll(chosen, setShare);
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
      <p className={style.quiet}>{photo.state === 'done' ? resultFileName(photo) : 'Ready when the rain is gone.'}</p>
      {finished > 1 && (
        <div className={style.buttons}>
          <Button
            icon={<Icon name="download" size={16} />}
            busy={busy === 'all'}
            onClick={all(async () => zipTarget())}
          >
            Zip of {finished}
          </Button>
          {canSaveToFolder() && (
            <Button icon={<Icon name="folder" size={16} />} disabled={busy === 'all'} onClick={all(chooseFolder)}>
              Folder …
            </Button>
          )}
        </div>
      )}
      {busy === 'all' && <ProgressBar label="Writing the results" value={share} />}
      {trouble && (
        <p role="alert" className={style.trouble}>
          {trouble.reason} {trouble.advice}
        </p>
      )}
    </div>
  );
}
