import { Button, IconButton } from '../../ui/Button.tsx';
import { FileButton } from '../../ui/FileButton.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { VisuallyHidden } from '../../ui/VisuallyHidden.tsx';
import { ZoomBar } from '../../zoom/ZoomBar.tsx';
import { gridControl, useGridView } from '../grid/gridView.ts';
import { progressOf } from '../run/state.ts';
import type { ComparedImage, Progress } from '../run/state.ts';
import { dispatch, useComparison } from '../session/comparison.ts';
import { giveTruth } from '../session/images.ts';
import { changeSettings, useCompareSettings } from '../session/settings.ts';
import style from './StatusBar.module.css';

/** The image's name and how far the comparison is, with the one thing to do about it. */
export function StatusBar({ image, onPresent }: { readonly image: ComparedImage; readonly onPresent: () => void }) {
  const state = useComparison();
  const { part } = useCompareSettings();
  const view = useGridView((state) => state.view);
  const { name, size, truth } = image;
  const progress = progressOf(state);
  const busy = state.task !== null;
  return (
    <div className={style.bar} role="group" aria-label="This comparison">
      <SegmentedControl
        label="Show images or the table"
        hideLabel
        value={part}
        options={[
          { value: 'images', label: 'Images' },
          { value: 'table', label: 'Table' },
        ]}
        onChange={(value) => changeSettings({ part: value })}
      />
      <div className={style.words}>
        <span className={style.name} title={name}>
          {name}
        </span>
        <span className={style.quiet}>
          {size.width} × {size.height} · {truth ? 'ground truth known' : 'no ground truth'}
        </span>
      </div>
      <div className={style.action}>
        {busy && !state.stopped && (
          <Button icon={<Icon name="stop" size={16} />} onClick={() => dispatch({ type: 'stopped' })}>
            Stop
          </Button>
        )}
        {state.stopped && (
          <Button icon={<Icon name="play" size={16} />} onClick={() => dispatch({ type: 'resumed' })}>
            Resume
          </Button>
        )}
      </div>
      <div className={style.progress}>
        {busy && <ProgressBar bare label="Comparing" value={shareOf(state)} />}
        <span className={style.quiet}>{progressWords(progress, busy, state.stopped)}</span>
        <VisuallyHidden>
          <span role="status">{busy ? 'Comparing' : progressWords(progress, busy, state.stopped)}</span>
        </VisuallyHidden>
      </div>
      {!truth && (
        <FileButton
          chooses="Ground truth"
          accept="image/*"
          icon={<Icon name="image" />}
          onFiles={([file]) => void giveTruth(image, file)}
        >
          Add ground truth …
        </FileButton>
      )}
      {part === 'images' && <ZoomBar view={view} control={gridControl} />}
      <Button variant="quiet" icon={<Icon name="present" />} onClick={onPresent}>
        Present
      </Button>
      <IconButton
        label={`Remove ${name}`}
        icon={<Icon name="close" />}
        onClick={() => dispatch({ type: 'imageRemoved', id: image.id })}
      />
    </div>
  );
}

function shareOf(state: ReturnType<typeof useComparison.getState>): number {
  const { total, done, failed } = progressOf(state);
  const { task, cells } = state;
  const running = task?.kind === 'derain' ? (cells[`${task.image}\n${task.model}`]?.share ?? 0) : 0;
  return total === 0 ? 0 : (done + failed + running) / total;
}

/** '3 of 12 done · 1 failed'; 'Measuring …' once all are done and their figures are not. */
function progressWords({ total, done, failed }: Progress, busy: boolean, stopped: boolean): string {
  if (total === 0) return 'Choose derainers to compare';
  const words = [
    busy && !stopped && done + failed === total ? 'Measuring …' : `${done} of ${total} done`,
    failed > 0 && `${failed} failed`,
    stopped && (busy ? 'stopping' : 'stopped'),
  ];
  return words.filter(Boolean).join(' · ');
}
