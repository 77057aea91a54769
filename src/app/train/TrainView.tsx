import { memo, useEffect, useRef, useState } from 'react';
import type { KernelSize } from '../../core/paper/hyperparameters.ts';
import type { TrainingConfig } from '../../core/training/config.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/Icon.tsx';
import { VisuallyHidden } from '../ui/VisuallyHidden.tsx';
import { ChartsPanel } from './charts/ChartsPanel.tsx';
import { DirectionLesson } from './direction/DirectionLesson.tsx';
import { DirectionPanel } from './direction/DirectionPanel.tsx';
import { ExportDialog } from './run/ExportDialog.tsx';
import { FootBar } from './run/FootBar.tsx';
import { formatCount } from '../ui/format.ts';
import { watchItLearn } from './run/quickStart.ts';
import { RunEstimate } from './run/RunEstimate.tsx';
import { PreviewsPanel } from './previews/PreviewsPanel.tsx';
import { SettingsPanel } from './settings/SettingsPanel.tsx';
import { useSettings } from './settings/useSettings.ts';
import { subscribeToLibraryCounts, missingImages, useLibraryCounts } from './run/libraryCounts.ts';
import style from './TrainView.module.css';
import { lookForStoredRun, startTraining, useStoredRun } from './run/trainer.ts';
import { TrainNotices } from './run/TrainNotices.tsx';
import { useTraining } from './run/trainingStore.ts';
import { Welcome } from './run/Welcome.tsx';

/** What draws itself from the run: dragging a setting renders none of it again. */
const Charts = memo(ChartsPanel);
const Direction = memo(DirectionPanel);
const Previews = memo(PreviewsPanel);

/** Training: settings on the left, curves in the middle, images on the right, the run at the foot. */
export function TrainView() {
  const { config, usable } = useSettings();
  const counts = useLibraryCounts((state) => state.counts);
  const hasRun = useTraining((state) => state.config !== null);
  const [exporting, setExporting] = useState(false);
  const { onStart, onStep, replacing, keep } = useStarts(config);
  const view = useRef<HTMLElement>(null);
  useFocusOnRun(view, hasRun);
  useEffect(subscribeToLibraryCounts, []);
  useEffect(() => {
    if (useStoredRun.getState().checkpoint === undefined) void lookForStoredRun();
  }, []);

  const missing = counts ? missingImages(counts) : null;
  const obstacle = missing ?? (usable ? null : 'A setting is invalid; see the message beside it.');

  return (
    <section ref={view} className={style.view} aria-labelledby="train-title">
      <VisuallyHidden>
        <h1 id="train-title">Train</h1>
      </VisuallyHidden>
      <div className={style.columns} data-started={hasRun || undefined}>
        <Settings />
        <div className={style.notices}>
          <TrainNotices />
        </div>
        {hasRun ? (
          <Run kernelSize={config.hyperparameters.kernelSize} />
        ) : (
          <div className={style.centre}>
            <Welcome
              missing={missing}
              obstacle={obstacle}
              estimate={usable && <RunEstimate config={config} />}
              onWatch={watchItLearn}
              onStart={onStart}
              onExport={() => setExporting(true)}
            />
            <DirectionLesson />
          </div>
        )}
      </div>
      {hasRun && (
        <FootBar
          obstacle={obstacle}
          estimate={usable && <RunEstimate config={config} label="New run" />}
          onStart={onStart}
          onStep={onStep}
          onExport={() => setExporting(true)}
        />
      )}
      <ExportDialog open={exporting} onClose={() => setExporting(false)} />
      <Announcements />
      <ReplaceDialog begin={replacing} onClose={keep} />
    </section>
  );
}

/** What the run shows of itself. */
function Run({ kernelSize }: { readonly kernelSize: KernelSize }) {
  return (
    <>
      <div className={style.images}>
        <Previews />
      </div>
      <div className={style.centre}>
        <Direction kernelSize={kernelSize} />
        <Charts />
      </div>
    </>
  );
}

/** Begins, continues and steps a run. A fresh one replaces the stored one: asked first, with `replacing` until it is answered. */
function useStarts(config: TrainingConfig) {
  const checkpoint = useStoredRun((state) => state.checkpoint);
  const [replacing, setReplacing] = useState<(() => void) | null>(null);
  const onStart = (from: 'fresh' | 'continue'): void => {
    const begin = (): void => void startTraining(from, config);
    if (from === 'fresh' && checkpoint) setReplacing(() => begin);
    else begin();
  };
  const onStep = (): Promise<void> => startTraining('continue', config, 1);
  return { onStart, onStep, replacing, keep: () => setReplacing(null) };
}

/** The button that began the run is gone: whoever pressed it goes on from the run's own buttons. */
function useFocusOnRun(view: React.RefObject<HTMLElement | null>, hasRun: boolean): void {
  useEffect(() => {
    if (hasRun && document.activeElement === document.body)
      view.current?.querySelector<HTMLElement>('[aria-label="Run"] button')?.focus();
  }, [view, hasRun]);
}

/** The settings, folded away on a narrow screen until asked for. */
function Settings() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className={style.settings} data-open={isOpen || undefined}>
      <Button
        className={style.fold}
        icon={<Icon name="settings" size={16} />}
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        {isOpen ? 'Hide the settings' : 'Settings'}
      </Button>
      <div className={style.settingsBody}>
        <SettingsPanel />
      </div>
    </div>
  );
}

const ENDINGS = {
  asked: 'Training is paused.',
  finished: 'Training has finished.',
  diverged: 'Training has diverged.',
};

/** Says to screen readers what the buttons brought about; figures that change all the time are not read out. */
function Announcements() {
  const phase = useTraining((state) => state.phase);
  const reason = useTraining((state) => state.outcome?.reason);
  const words = {
    idle: reason ? ENDINGS[reason] : '',
    starting: 'Training is starting.',
    running: 'Training runs.',
    stopping: 'Training is pausing.',
  };
  return (
    <VisuallyHidden>
      <p role="status">{words[phase]}</p>
    </VisuallyHidden>
  );
}

function ReplaceDialog({ begin, onClose }: { readonly begin: (() => void) | null; readonly onClose: () => void }) {
  const checkpoint = useStoredRun((state) => state.checkpoint);
  return (
    <Dialog
      open={begin !== null}
      onClose={onClose}
      title="Start a new run?"
      actions={
        <>
          <Button onClick={onClose}>Keep the saved run</Button>
          <Button
            variant="primary"
            onClick={() => {
              onClose();
              begin?.();
            }}
          >
            New run
          </Button>
        </>
      }
    >
      <p>
        The saved run, at step {formatCount(checkpoint?.step ?? 0)}, is replaced by the first checkpoint of the new one.
        Export its student first if you want to keep it.
      </p>
    </Dialog>
  );
}
