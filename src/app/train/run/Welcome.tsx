import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { hasSampleScenes } from '../../library/sampleScenes.ts';
import { navigate } from '../../routing/route.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { formatCount, formatDb, formatDuration } from '../../ui/format.ts';
import { CancelStart } from './CancelStart.tsx';
import { addSamples } from './quickStart.ts';
import { useStoredRun } from './trainer.ts';
import { useTraining } from './trainingStore.ts';
import { useNow } from '../../ui/useNow.ts';
import style from './Welcome.module.css';

export interface WelcomeProps {
  /** What images are missing, in words; null when none are. */
  readonly missing: string | null;
  /** Why training cannot start now, in words; null when it can. */
  readonly obstacle: string | null;
  /** How long a new run takes. */
  readonly estimate: ReactNode;
  readonly onWatch: () => Promise<void>;
  readonly onStart: (from: 'fresh' | 'continue') => void;
  readonly onExport: () => void;
}

/** Before the first run of this visit: continue the last one, watch a first one, or add images. */
export function Welcome(props: WelcomeProps) {
  const checkpoint = useStoredRun((state) => state.checkpoint);
  if (checkpoint) return <StoredRun {...props} />;
  return <FirstRun {...props} />;
}

function FirstRun(props: WelcomeProps) {
  return props.missing ? <AddImages {...props} missing={props.missing} /> : <Ready {...props} />;
}

function Ready({ obstacle, estimate, onWatch, onStart }: WelcomeProps) {
  const starting = useTraining((state) => state.phase !== 'idle');
  return (
    <EmptyState
      icon="drop"
      title="Ready to train"
      actions={
        <>
          <Button
            variant="primary"
            icon={<Icon name="play" size={16} />}
            busy={starting}
            disabled={obstacle !== null}
            onClick={() => onStart('fresh')}
          >
            {starting ? 'Starting' : 'Start training'}
          </Button>
          {starting ? <CancelStart /> : <Button onClick={() => void onWatch()}>Watch it learn</Button>}
        </>
      }
    >
      <Introduction />
      <p>
        {starting
          ? preparing
          : (obstacle ?? '“Watch it learn” uses the smallest networks and shows previews every few steps.')}
      </p>
      {obstacle === null && estimate}
    </EmptyState>
  );
}

function AddImages({ missing, onWatch }: WelcomeProps & { readonly missing: string }) {
  const starting = useTraining((state) => state.phase !== 'idle');
  const [scenes, setScenes] = useState(false);
  const [task, setTask] = useState<'watch' | 'scenes' | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    void hasSampleScenes().then(setScenes);
  }, []);

  const run = async (name: 'watch' | 'scenes', act: () => Promise<void>): Promise<void> => {
    setTask(name);
    setProblem(null);
    await act().catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
    setTask(null);
  };
  return (
    <EmptyState
      icon="drop"
      title="Train a network to remove rain"
      actions={
        <>
          {scenes && (
            <>
              <Button
                variant="primary"
                icon={<Icon name="play" size={16} />}
                busy={task === 'watch' || starting}
                disabled={task === 'scenes'}
                onClick={() => run('watch', onWatch)}
              >
                Watch it learn
              </Button>
              <Button
                busy={task === 'scenes'}
                disabled={task === 'watch' || starting}
                onClick={() => run('scenes', addSamples)}
              >
                Use the samples
              </Button>
              <CancelStart />
            </>
          )}
          <Button variant={scenes ? 'quiet' : 'primary'} onClick={() => navigate('library')}>
            Open the Library
          </Button>
        </>
      }
    >
      <Introduction />
      <p>
        {missing} {scenes && '“Watch it learn” adds the samples and begins at once.'}
      </p>
      {problem && (
        <p role="alert" className={style.problem}>
          {problem}
        </p>
      )}
    </EmptyState>
  );
}

const preparing = 'Reading the images and preparing the networks …';

function Introduction() {
  return (
    <p className={style.lead}>
      Two networks, the teacher, learn to find rain in images whose rain is known. A third, the student, learns from
      them to remove real rain. Everything runs in this tab.
    </p>
  );
}

function StoredRun({ obstacle, onStart, onExport }: WelcomeProps) {
  const checkpoint = useStoredRun((state) => state.checkpoint);
  const starting = useTraining((state) => state.phase !== 'idle');
  const now = useNow(true);
  if (!checkpoint) return null;
  const { step, totalSteps, savedAt, psnr } = checkpoint;
  const finished = step >= totalSteps;
  const total = formatCount(totalSteps);
  return (
    <EmptyState
      icon="storage"
      title={finished ? `Finished run of ${total} steps` : `Run paused at step ${formatCount(step)} of ${total}`}
      actions={
        <>
          {!finished && (
            <Button
              variant="primary"
              icon={<Icon name="play" size={16} />}
              busy={starting}
              onClick={() => onStart('continue')}
            >
              Continue from step {formatCount(step)}
            </Button>
          )}
          <CancelStart />
          <Button variant={finished ? 'primary' : 'plain'} onClick={onExport}>
            Export …
          </Button>
          <Button onClick={() => navigate('lab', { part: 'runs' })}>See its curves</Button>
          <Button disabled={obstacle !== null} onClick={() => onStart('fresh')}>
            New run
          </Button>
        </>
      }
    >
      <p className={style.lead}>
        Saved {formatDuration(now - savedAt)} ago
        {psnr !== null && `, student at ${formatDb(psnr)} on held-out images`}.{' '}
        {finished ? 'Its student can be exported or used in Derain.' : 'Resumes with its saved settings.'}
      </p>
      {(starting || obstacle) && <p>{starting ? preparing : obstacle}</p>}
    </EmptyState>
  );
}
