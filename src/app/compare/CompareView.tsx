import { useCallback, useEffect, useRef, useState } from 'react';
import { chooseFiles } from '../ui/chooseFiles.ts';
import type { Drop } from '../ui/droppedFiles.ts';
import { DropOverlay } from '../ui/DropOverlay.tsx';
import { notifyUnreadable, useFileDrop } from '../ui/useFileDrop.ts';
import { useFilePaste } from '../ui/useFilePaste.ts';
import type { DroppedFile } from '../../protocol/library.ts';
import { EmptyStage } from '../samples/EmptyStage.tsx';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { VisuallyHidden } from '../ui/VisuallyHidden.tsx';
import style from './CompareView.module.css';
import { ImageGrid } from './grid/ImageGrid.tsx';
import { PresentComparison } from './grid/PresentComparison.tsx';
import { DerainersPanel } from './panels/DerainersPanel.tsx';
import { ExportPanel } from './panels/ExportPanel.tsx';
import { ImageStrip } from './panels/ImageStrip.tsx';
import { LibraryPicker } from './panels/LibraryPicker.tsx';
import { StatusBar } from './panels/StatusBar.tsx';
import { ViewPanel } from './panels/ViewPanel.tsx';
import { imageOf } from './run/state.ts';
import { openComparison, useComparison } from './session/comparison.ts';
import { addPhotos, addSample, readMissingThumbnails } from './session/images.ts';
import { openModelFiles } from './session/modelFiles.ts';
import { isModelFile } from '../models/modelFileNames.ts';
import { useCompareSettings } from './session/settings.ts';
import { ResultsTable } from './table/ResultsTable.tsx';

/** Several derainers on the same images, side by side and in figures. */
export function CompareView() {
  const image = useComparison((state) => imageOf(state, state.currentId));
  const { part } = useCompareSettings();
  const [picking, setPicking] = useState(false);
  const [presenting, setPresenting] = useState(false);
  const present = (): void => setPresenting(true);
  const hovering = useFileDrop(takeDrop);
  useFilePaste(takeFiles);
  const focusLost = useRef(false);
  const loseFocus = useCallback((lost: boolean) => void (focusLost.current = lost), []);
  const takesFocus = useCallback(() => {
    const lost = focusLost.current;
    focusLost.current = false;
    return lost;
  }, []);
  useEffect(() => {
    void openComparison().then(readMissingThumbnails);
  }, []);

  return (
    <section className={style.view} aria-labelledby="compare-title">
      <VisuallyHidden>
        <h1 id="compare-title">Compare</h1>
      </VisuallyHidden>
      <div className={style.work}>
        {image ? (
          <>
            <div className={style.stage}>
              {part === 'table' ? (
                <ResultsTable />
              ) : (
                <ImageGrid image={image} onPresent={present} takesFocus={takesFocus} />
              )}
            </div>
            <StatusBar image={image} onPresent={present} />
            <ImageStrip onLibrary={() => setPicking(true)} />
          </>
        ) : (
          <EmptyComparison onLibrary={() => setPicking(true)} onLeave={loseFocus} />
        )}
      </div>
      <aside className={style.panel} aria-label="Settings">
        <DerainersPanel />
        {image && <ViewPanel image={image} />}
        {image && <ExportPanel image={image} />}
      </aside>
      {presenting && image && <PresentComparison image={image} onClose={() => setPresenting(false)} />}
      <LibraryPicker open={picking} onClose={() => setPicking(false)} />
      {hovering && <DropOverlay>Drop photos or model files to compare</DropOverlay>}
    </section>
  );
}

function takeDrop({ files, unreadable }: Drop): void {
  takeFiles(files);
  notifyUnreadable(unreadable);
}

/** Photos are compared on, models are compared. */
function takeFiles(files: readonly DroppedFile[]): void {
  const models = files.filter(({ file }) => isModelFile(file.name));
  const photos = files.filter((one) => !models.includes(one));
  if (models.length > 0) void openModelFiles(models.map(({ file }) => file));
  if (photos.length > 0) void addPhotos(photos);
}

/** What the view says before the first image. */
function EmptyComparison({
  onLibrary,
  onLeave,
}: {
  readonly onLibrary: () => void;
  /** Told when it goes: whether the focus goes with it. */
  readonly onLeave: (withFocus: boolean) => void;
}) {
  return (
    <EmptyStage
      icon="compare"
      title="Compare derainers on your own images"
      text="Up to six students, teachers and published networks side by side, with their figures. Everything stays on this device."
      samplesTitle="Or try a sample, whose ground truth is known"
      onSample={addSample}
      onLeave={onLeave}
    >
      <Button variant="primary" icon={<Icon name="image" />} onClick={() => chooseFiles('files', takeFiles)}>
        Choose photos
      </Button>
      <Button variant="quiet" icon={<Icon name="storage" />} onClick={onLibrary}>
        From the Library
      </Button>
    </EmptyStage>
  );
}
