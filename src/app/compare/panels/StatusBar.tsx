import { useRef } from 'react';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { VisuallyHidden } from '../../ui/VisuallyHidden.tsx';
import { zoomOf } from '../../zoom/viewport.ts';
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
  const picker = useRef<HTMLInputElement>(null);
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
        <span className={style.name}>{name}</span>
        <span className={style.quiet}>
          {size.width} × {size.height} · {truth ? 'ground truth known' : 'no ground truth'}
        </span>
      </div>
      <div className={style.progress}>
        {busy && <ProgressBar bare label="Comparing" value={shareOf(state)} />}
        <span className={style.quiet}>{progressWords(progress, busy, state.stopped)}</span>
        <VisuallyHidden>
          <span role="status">{busy ? 'Comparing' : progressWords(progress, busy, state.stopped)}</span>
        </VisuallyHidden>
      </div>
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
      <input
        ref={picker}
        type="file"
        accept="image/*"
        hidden
        aria-label="Ground truth"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) void giveTruth(image, file);
        }}
      />
      {!truth && (
        <Button variant="quiet" icon={<Icon name="image" />} onClick={() => picker.current?.click()}>
          Add ground truth …
        </Button>
      )}
      {part === 'images' && <ZoomBar />}
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

function ZoomBar() {
  const view = useGridView((state) => state.view);
  if (!view) return null;
  const percent = `${Math.round(zoomOf(view, devicePixelRatio) * 100)} %`;
  return (
    <div className={style.zoom} role="group" aria-label="Zoom">
      <IconButton label="Zoom out" icon={<Icon name="minus" />} onClick={() => gridControl.zoomBy(0.8)} />
      <button
        type="button"
        className={style.percent}
        aria-label={`Zoom ${percent}. Show at 100 %`}
        onClick={() => gridControl.zoomTo(1)}
      >
        {percent}
      </button>
      <IconButton label="Zoom in" icon={<Icon name="plus" />} onClick={() => gridControl.zoomBy(1.25)} />
      <button type="button" className={style.percent} onClick={() => gridControl.fit()}>
        Fit
      </button>
    </div>
  );
}

function shareOf(state: ReturnType<typeof useComparison.getState>): number {
  const { total, done, failed } = progressOf(state);
  const { task, cells } = state;
  const running = task?.kind === 'derain' ? (cells[`${task.image}\n${task.model}`]?.share ?? 0) : 0;
  return total === 0 ? 0 : (done + failed + running) / total;
}

/** '3 of 12 done · 1 failed'. */
function progressWords({ total, done, failed }: Progress, busy: boolean, stopped: boolean): string {
  if (total === 0) return 'Choose derainers to compare';
  const words = [
    `${done} of ${total} done`,
    failed > 0 && `${failed} failed`,
    stopped && (busy ? 'stopping' : 'stopped'),
  ];
  return words.filter(Boolean).join(' · ');
}
