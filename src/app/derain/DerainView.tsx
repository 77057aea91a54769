import { useEffect, type CSSProperties } from 'react';
import type { Drop } from '../ui/droppedFiles.ts';
import { useFileDrop } from '../ui/useFileDrop.ts';
import { Icon } from '../ui/Icon.tsx';
import { notify } from '../ui/notices.ts';
import { VisuallyHidden } from '../ui/VisuallyHidden.tsx';
import { useDeskSettings } from './chosen.ts';
import { openDesk } from './comeBack.ts';
import { CompareSection } from './CompareSection.tsx';
import panel from './ControlPanel.module.css';
import style from './DerainView.module.css';
import { currentPhoto, meantModel, useDesk } from './deskStore.ts';
import type { DeskPhoto } from './deskStore.ts';
import { DownloadBar } from './DownloadBar.tsx';
import { EmptyDesk } from './EmptyDesk.tsx';
import { FileSection } from './FileSection.tsx';
import { Filmstrip } from './Filmstrip.tsx';
import { ModelSection } from './ModelSection.tsx';
import { ResultsSection } from './ResultsSection.tsx';
import { Stage } from './stage/Stage.tsx';
import { StatusBar } from './StatusBar.tsx';
import { takeFiles } from './takeFiles.ts';
import { Troubles } from './Troubles.tsx';
import { useWarmUp } from './useWarmUp.ts';
import { modelWords, stateWords } from './words.ts';

/** Photos in, rain off, photos out. */
export function DerainView() {
  const photo = useDesk(currentPhoto);
  const isQueue = useDesk((state) => state.photos.length > 1 || state.paused);
  const hovering = useFileDrop(takeDrop);
  useEffect(() => {
    void openDesk();
  }, []);
  usePaste();
  useWarmUp();

  return (
    <section className={style.view} aria-labelledby="derain-title" data-empty={!photo || undefined}>
      <VisuallyHidden>
        <h1 id="derain-title">Derain</h1>
      </VisuallyHidden>
      <div className={style.desk}>
        {photo ? <PhotoStage photo={photo} /> : <EmptyDesk />}
        {photo && <StatusBar photo={photo} />}
        {isQueue && <Filmstrip />}
      </div>
      <aside className={panel.panel} aria-label="Settings">
        <div className={panel.settings}>
          <ModelSection photo={photo} />
          {photo && photo.state !== 'refused' && (
            <>
              <CompareSection photo={photo} />
              {photo.scores && <ResultsSection scores={photo.scores} />}
              <FileSection photo={photo} />
            </>
          )}
        </div>
        {photo && <DownloadBar photo={photo} />}
      </aside>
      {hovering && (
        <div className={style.dropping} aria-hidden="true">
          <Icon name="drop" size={40} />
          Drop to remove the rain
        </div>
      )}
    </section>
  );
}

function PhotoStage({ photo }: { readonly photo: DeskPhoto }) {
  const { mode, compare, show, gain, strength, model } = useDeskSettings();
  const models = useDesk((state) => state.models);
  const meant = meantModel(models, model);
  const beforeLabel = compareLabel(
    compare,
    gain,
    models?.find(({ id }) => id === compare),
  );
  const result =
    photo.state === 'opened' || !meant ? 'Original' : strength === 100 ? 'Without rain' : `Without rain, ${strength} %`;
  const afterLabel =
    show === 'result' || photo.state !== 'done'
      ? result
      : compareLabel(
          show,
          gain,
          models?.find(({ id }) => id === show),
        );
  const size = photo.size ? `, ${photo.size.width} × ${photo.size.height}` : '';
  return (
    <div
      className={style.stage}
      style={{ '--proportion': photo.size ? photo.size.width / photo.size.height : 1.5 } as CSSProperties}
    >
      {photo.state === 'refused' ? null : (
        <Stage
          description={`${photo.name}${size}. ${stateWords(photo)}`}
          mode={meant ? mode : 'single'}
          beforeLabel={beforeLabel}
          afterLabel={afterLabel}
          onlyOriginal={show === 'original' && photo.state === 'done'}
        />
      )}
      <Troubles photo={photo} />
    </div>
  );
}

function compareLabel(compare: string, gain: number, model: Parameters<typeof modelWords>[0] | undefined): string {
  if (compare === 'rainMap') return `Rain map × ${gain}`;
  if (compare === 'truth') return 'Truth';
  return model ? modelWords(model) : 'Original';
}

function takeDrop({ files, unreadable }: Drop): void {
  takeFiles(files);
  if (unreadable.length > 0)
    notify({
      text: `The browser could not open ${unreadable.slice(0, 3).join(', ')}${unreadable.length > 3 ? ' and others' : ''}.`,
      tone: 'bad',
    });
}

/** Pictures on the clipboard come onto the desk. */
function usePaste(): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      takeFiles(files.map((file) => ({ path: file.name, file })));
    };
    addEventListener('paste', paste);
    return () => removeEventListener('paste', paste);
  }, []);
}
