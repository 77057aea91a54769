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
import { stopTraining, useStoredRun } from './trainer.ts';
import { useNow } from '../../ui/useNow.ts';

export interface FootBarProps {
  /** Why training cannot start now, in words; null when it can. */
  readonly obstacle: string | null;
  readonly onStart: (from: 'fresh' | 'continue') => void;
  readonly onExport: () => void;
}

/** Start and stop, how far the run is, how fast, and what is safe. */
export function FootBar({ obstacle, onStart, onExport }: FootBarProps) {
  const hasWeights = useTraining((state) => state.step > 0);
  return (
    <section className={style.foot} aria-label="Run">
      <Progress />
      <div className={style.row}>
        <StartStop obstacle={obstacle} onStart={onStart} />
        <Obstacle text={obstacle} />
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

function StartStop({ obstacle, onStart }: Omit<FootBarProps, 'onExport'>) {
  const phase = useTraining((state) => state.phase);
  const checkpoint = useStoredRun((state) => state.checkpoint);
  switch (phase) {
    case 'starting':
      return (
        <Button variant="primary" busy>
          Starting
        </Button>
      );
    case 'running':
      return (
        <Button icon={<Icon name="stop" size={16} />} onClick={stopTraining}>
          Stop
        </Button>
      );
    case 'stopping':
      return <Button busy>Stopping and saving</Button>;
    case 'idle': {
      const fresh = obstacle === null ? () => onStart('fresh') : undefined;
      if (checkpoint && checkpoint.step < checkpoint.totalSteps) {
        return (
          <span className={style.starts}>
            <Button variant="primary" icon={<Icon name="play" size={16} />} onClick={() => onStart('continue')}>
              Continue from step {formatCount(checkpoint.step)}
            </Button>
            <Button disabled={!fresh} onClick={fresh}>
              New run
            </Button>
          </span>
        );
      }
      return (
        <Button variant="primary" icon={<Icon name="play" size={16} />} disabled={!fresh} onClick={fresh}>
          New run
        </Button>
      );
    }
    default:
      return phase satisfies never;
  }
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
  if (!report) return null;
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
