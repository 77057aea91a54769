import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { describeBackend } from '../../../core/backend/description.ts';
import { formatBytes } from '../../ui/format.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import style from './FootBar.module.css';
import { formatCount, formatDuration, formatRate } from '../../ui/format.ts';
import { progressOf, useTraining } from './trainingStore.ts';
import { CancelStart } from './CancelStart.tsx';
import { endTraining, stopTraining, useStoredRun } from './trainer.ts';
import { useFocusKept } from '../../ui/useFocusKept.ts';
import { useNow } from '../../ui/useNow.ts';

export interface FootBarProps {
  /** Why training cannot start now, in words; null when it can. */
  readonly obstacle: string | null;
  /** How long a new run takes. */
  readonly estimate: ReactNode;
  readonly onStart: (from: 'fresh' | 'continue') => void;
  /** Does one step of the paused run; resolves when it is done and saved. */
  readonly onStep: () => Promise<void>;
  readonly onExport: () => void;
}

/** Start and stop, how far the run is, how fast, and what is safe. */
export function FootBar({ obstacle, estimate, onStart, onStep, onExport }: FootBarProps) {
  const hasWeights = useTraining((state) => state.step > 0);
  return (
    <section className={style.foot} aria-label="Run">
      <Progress />
      <div className={style.row}>
        <PlayPause obstacle={obstacle} onStart={onStart} onStep={onStep} />
        <Obstacle text={obstacle} />
        {obstacle === null && estimate && <div className={style.obstacle}>{estimate}</div>}
        <Figures />
        <span className={style.end}>
          <BackendChip />
          {hasWeights && (
            <Button icon={<Icon name="download" size={16} />} onClick={onExport}>
              Export …
            </Button>
          )}
        </span>
      </div>
    </section>
  );
}

type PlayPauseProps = Omit<FootBarProps, 'onExport' | 'estimate'>;

function PlayPause(props: PlayPauseProps) {
  return (
    <span className={style.starts} {...useFocusKept<HTMLSpanElement>('button')}>
      <PlayPauseButtons {...props} />
    </span>
  );
}

function PlayPauseButtons({ obstacle, onStart, onStep }: PlayPauseProps) {
  const phase = useTraining((state) => state.phase);
  const checkpoint = useStoredRun((state) => state.checkpoint);
  const [stepping, setStepping] = useState(false);
  const step = async (): Promise<void> => {
    setStepping(true);
    await onStep();
    setStepping(false);
  };
  const unfinished = checkpoint && checkpoint.step < checkpoint.totalSteps ? checkpoint : null;
  // Stays the same button while its step is done, so that the keyboard can press it again.
  if (stepping || (phase === 'idle' && unfinished)) {
    return (
      <>
        <Button
          variant="primary"
          icon={<Icon name="play" size={16} />}
          disabled={stepping}
          onClick={() => onStart('continue')}
        >
          Continue from step {formatCount(unfinished?.step ?? 0)}
        </Button>
        <Button busy={stepping} icon={<Icon name="chevronRight" size={16} />} onClick={() => void step()}>
          One step
        </Button>
        <Button disabled={stepping || obstacle !== null} onClick={() => onStart('fresh')}>
          New run
        </Button>
      </>
    );
  }
  switch (phase) {
    case 'starting':
      return (
        <>
          <Button variant="primary" busy>
            Starting
          </Button>
          <CancelStart />
        </>
      );
    case 'running':
      return (
        <Button
          icon={<Icon name="pause" size={16} />}
          title="Saves a checkpoint to continue from, even after the page was closed"
          onClick={stopTraining}
        >
          Pause
        </Button>
      );
    case 'stopping':
      return <Pausing />;
    case 'idle':
      return (
        <Button
          variant="primary"
          icon={<Icon name="play" size={16} />}
          disabled={obstacle !== null}
          onClick={() => onStart('fresh')}
        >
          New run
        </Button>
      );
    default:
      return phase satisfies never;
  }
}

/** A step of large networks may take minutes: whoever does not want to wait for its end need not. */
const SLOW_MS = 4_000;

function Pausing() {
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <Button busy>Pausing and saving</Button>
      {isSlow && (
        <Button title="Ends in the middle of a step; the run continues from its last checkpoint" onClick={endTraining}>
          End now
        </Button>
      )}
    </>
  );
}

function Obstacle({ text }: { readonly text: string | null }) {
  const idle = useTraining((state) => state.phase === 'idle');
  return idle && text ? <p className={style.obstacle}>{text}</p> : null;
}

function Progress() {
  const share = useTraining((state) => progressOf(state).share);
  return (
    <div className={style.progress}>
      <ProgressBar label="Training" value={share} bare />
    </div>
  );
}

function Figures() {
  const state = useTraining();
  const now = useNow(state.saved !== null);
  if (!state.config) return null;
  const { epoch, leftMs } = progressOf(state);
  const running = state.phase === 'running';
  return (
    <dl className={style.figures}>
      <Figure name="Step">
        {formatCount(state.step)} <span className={style.of}>of {formatCount(state.config.run.steps)}</span>
      </Figure>
      {epoch !== null && <Figure name="Epoch">{formatCount(epoch)}</Figure>}
      {running && <Figure name="Speed">{formatRate(state.stepMs)}</Figure>}
      {running && leftMs !== null && <Figure name="Time left">{formatDuration(leftMs)}</Figure>}
      {state.saved && (
        <Figure name="Saved">
          {formatDuration(now - state.saved.at)} ago <span className={style.of}>{formatBytes(state.saved.bytes)}</span>
        </Figure>
      )}
    </dl>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={style.figure}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function BackendChip() {
  const report = useTraining((state) => state.backend);
  const memory = useTraining((state) => state.memory);
  // Between runs the device is told in the top bar alone, and the buttons have the room.
  const idle = useTraining((state) => state.phase === 'idle');
  if (!report || idle) return null;
  const words = describeBackend(report);
  const more = [report.fellBack, memory && `Holds ${formatBytes(memory.bytes)}.`].filter(Boolean).join(' ');
  return (
    <span className={style.backend}>
      <Chip
        tone={report.software ? 'warn' : 'neutral'}
        icon={<Icon name="device" size={16} />}
        label={more ? `${words}. ${more}` : words}
      >
        {words}
      </Chip>
    </span>
  );
}
