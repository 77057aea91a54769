import { useCallback, useEffect, useRef, useState } from 'react';
import { FilePanel } from '../export/FilePanel.tsx';
import { BrushBar } from '../protect/BrushBar.tsx';
import { useBrush } from '../protect/brush.ts';
import type { ProtectionEdit } from '../protect/protecting.ts';
import { EmptyStage } from '../samples/EmptyStage.tsx';
import { readSample } from '../samples/samples.ts';
import type { Sample } from '../samples/samples.ts';
import { Button } from '../ui/Button.tsx';
import { chooseFiles } from '../ui/chooseFiles.ts';
import type { Drop } from '../ui/droppedFiles.ts';
import { DropOverlay } from '../ui/DropOverlay.tsx';
import { Icon } from '../ui/Icon.tsx';
import { notify } from '../ui/notices.ts';
import { notifyUnreadable, useFileDrop } from '../ui/useFileDrop.ts';
import { useFilePaste } from '../ui/useFilePaste.ts';
import { VisuallyHidden } from '../ui/VisuallyHidden.tsx';
import style from './DerainView.module.css';
import { ComparePanel, ScoresPanel } from './panels/ComparePanel.tsx';
import { ExportPanel } from './panels/ExportPanel.tsx';
import { Filmstrip } from './panels/Filmstrip.tsx';
import { ModelPanel } from './panels/ModelPanel.tsx';
import panel from './panels/panels.module.css';
import { PhotoStage, PresentPhoto } from './PhotoStage.tsx';
import { currentPhoto } from './queue/state.ts';
import { dispatch, useQueue } from './session/derainQueue.ts';
import { addPhotos, openQueue, takeFiles } from './session/openQueue.ts';
import { changeSettings, useDerainSettings } from './session/settings.ts';
import { warmUp } from './session/workerClient.ts';
import { StatusBar } from './StatusBar.tsx';

/** Rainy photos in, derained photos out. */
export function DerainView() {
  const photo = useQueue(currentPhoto);
  const isQueue = useQueue((state) => state.photos.length > 1 || state.paused);
  const isBrushing = useBrush(({ active }) => active);
  const { show } = useDerainSettings();
  const [presenting, setPresenting] = useState(false);
  const hovering = useFileDrop(takeDrop);
  useEffect(() => {
    void openQueue();
  }, []);
  useFilePaste(takeFiles);
  useWarmUp();
  const focusLost = useRef(false);
  const loseFocus = useCallback((lost: boolean) => void (focusLost.current = lost), []);
  const takesFocus = useCallback(() => {
    const lost = focusLost.current;
    focusLost.current = false;
    return lost;
  }, []);

  return (
    <section className={style.view} aria-labelledby="derain-title" data-empty={!photo || undefined}>
      <VisuallyHidden>
        <h1 id="derain-title">Derain</h1>
      </VisuallyHidden>
      <div className={style.work}>
        {photo ? <PhotoStage photo={photo} takesFocus={takesFocus} /> : <EmptyQueue onLeave={loseFocus} />}
        {photo && isBrushing && photo.state !== 'refused' && (
          <BrushBar protecting={photo.protecting} onEdit={editProtection} />
        )}
        {photo && <StatusBar photo={photo} onPresent={() => setPresenting(true)} />}
        {isQueue && <Filmstrip />}
      </div>
      <aside className={panel.panel} aria-label="Settings">
        <div className={panel.settings}>
          <ModelPanel photo={photo} />
          {photo && photo.state !== 'refused' && (
            <>
              <FilePanel
                photo={photo}
                isPreviewed={show === 'saved'}
                onPreview={(isPreviewed) => changeSettings({ show: isPreviewed ? 'saved' : 'result' })}
              />
              <ComparePanel photo={photo} />
              {photo.scores && <ScoresPanel scores={photo.scores} />}
            </>
          )}
        </div>
        {photo && <ExportPanel photo={photo} />}
      </aside>
      {presenting && photo && <PresentPhoto photo={photo} onClose={() => setPresenting(false)} />}
      {hovering && <DropOverlay>Drop to remove the rain</DropOverlay>}
    </section>
  );
}

/** Changes what is protected on the photo on the stage. */
function editProtection(edit: ProtectionEdit): void {
  const id = useQueue.getState().currentId;
  if (id !== null) dispatch({ type: 'protectionEdited', id, edit });
}

/** What the view says before the first photo: how one gets here, and samples to try. */
function EmptyQueue({
  onLeave,
}: {
  /** Told when it goes: whether the focus goes with it. */ readonly onLeave: (withFocus: boolean) => void;
}) {
  return (
    <EmptyStage
      icon="drop"
      title="Remove rain from a photo"
      text="Drop photos anywhere, paste one, or choose them. They stay on this device."
      samplesTitle="Or try a sample"
      onSample={takeSample}
      onLeave={onLeave}
    >
      <Button variant="primary" icon={<Icon name="image" />} onClick={() => chooseFiles('files', takeFiles)}>
        Choose photos
      </Button>
      <Button variant="quiet" icon={<Icon name="folder" />} onClick={() => chooseFiles('folder', takeFiles)}>
        Choose a folder
      </Button>
    </EmptyStage>
  );
}

async function takeSample(sample: Sample): Promise<void> {
  try {
    addPhotos([await readSample(sample)]);
  } catch {
    notify({ text: `The sample “${sample.title}” could not be loaded. Check the connection.`, tone: 'bad' });
  }
}

function takeDrop({ files, unreadable }: Drop): void {
  takeFiles(files);
  notifyUnreadable(unreadable);
}

/** Signs that a photo is about to come: the model and what computes it get ready meanwhile. Nothing is loaded before. */
const SIGNS = ['dragenter', 'pointerdown', 'keydown'] as const;

function useWarmUp(): void {
  useEffect(() => {
    const signs = new AbortController();
    const begin = (): void => {
      signs.abort();
      warmUp().catch(() => undefined); // What is wrong shows with the first photo.
    };
    for (const sign of SIGNS) addEventListener(sign, begin, { signal: signs.signal });
    return () => signs.abort();
  }, []);
}
