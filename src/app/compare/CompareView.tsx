import { useEffect, useState } from 'react';
import { chooseFiles } from '../ui/chooseFiles.ts';
import type { Drop } from '../ui/droppedFiles.ts';
import { useFileDrop } from '../ui/useFileDrop.ts';
import type { DroppedFile } from '../../protocol/library.ts';
import { listSamples } from '../samples/samples.ts';
import type { Sample } from '../samples/samples.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { notify } from '../ui/notices.ts';
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
import { addPhotos, addSample } from './session/images.ts';
import { openModelFiles } from './session/modelFiles.ts';
import { isModelFile } from './session/modelGroups.ts';
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
  useEffect(() => {
    void openComparison();
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
              {part === 'table' ? <ResultsTable /> : <ImageGrid image={image} onPresent={present} />}
            </div>
            <StatusBar image={image} onPresent={present} />
            <ImageStrip onLibrary={() => setPicking(true)} />
          </>
        ) : (
          <EmptyComparison onLibrary={() => setPicking(true)} />
        )}
      </div>
      <aside className={style.panel} aria-label="Settings">
        <DerainersPanel />
        {image && <ViewPanel image={image} />}
        {image && <ExportPanel image={image} />}
      </aside>
      {presenting && image && <PresentComparison image={image} onClose={() => setPresenting(false)} />}
      <LibraryPicker open={picking} onClose={() => setPicking(false)} />
      {hovering && (
        <div className={style.dropping} aria-hidden="true">
          <Icon name="drop" size={40} />
          Drop photos or model files to compare
        </div>
      )}
    </section>
  );
}

function takeDrop({ files, unreadable }: Drop): void {
  takeFiles(files);
  if (unreadable.length > 0)
    notify({ text: `The browser could not open ${unreadable.slice(0, 3).join(', ')}.`, tone: 'bad' });
}

/** Photos are compared on, models are compared. */
function takeFiles(files: readonly DroppedFile[]): void {
  const models = files.filter(({ file }) => isModelFile(file.name));
  const photos = files.filter((one) => !models.includes(one));
  if (models.length > 0) void openModelFiles(models.map(({ file }) => file));
  if (photos.length > 0) void addPhotos(photos);
}

/** What the view says before the first image. */
function EmptyComparison({ onLibrary }: { readonly onLibrary: () => void }) {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const [loading, setLoading] = useState<string | null>(null);
  useEffect(() => void listSamples().then(setSamples), []);
  const take = async (sample: Sample): Promise<void> => {
    setLoading(sample.title);
    await addSample(sample);
    setLoading(null);
  };
  return (
    <div className={style.empty}>
      <div className={style.middle}>
        <Icon name="compare" size={40} />
        <h2 className={style.title}>Compare derainers on your own images</h2>
        <p className={style.text}>
          Up to six students, teachers and published networks side by side, with their figures. Everything stays on this
          device.
        </p>
        <div className={style.buttons}>
          <Button variant="primary" icon={<Icon name="image" />} onClick={() => chooseFiles('files', takeFiles)}>
            Choose photos
          </Button>
          <Button variant="quiet" icon={<Icon name="storage" />} onClick={onLibrary}>
            From the Library
          </Button>
        </div>
      </div>
      {samples.length > 0 && (
        <section className={style.samples} aria-labelledby="compare-samples">
          <h2 id="compare-samples" className={style.samplesHeading}>
            Or try a sample, whose ground truth is known
          </h2>
          <ul className={style.sampleList}>
            {samples.map((sample) => (
              <li key={sample.rainy}>
                <button
                  type="button"
                  className={style.sample}
                  aria-busy={loading === sample.title || undefined}
                  onClick={() => void take(sample)}
                >
                  <img src={sample.rainy} alt="" loading="lazy" className={style.sampleImage} />
                  <span className={style.sampleName}>{sample.title}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
