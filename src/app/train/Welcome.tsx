import { useState } from 'react';
import { navigate } from '../shell/route.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Icon } from '../ui/Icon.tsx';
import { formatCount, formatDb, formatDuration } from './format.ts';
import { takeSampleScenes } from './journeys.ts';
import { useStoredRun } from './trainer.ts';
import { useTraining } from './trainingStore.ts';
import { useNow } from './useNow.ts';
import style from './Welcome.module.css';

export interface WelcomeProps {
  /** What pictures are missing, in words; null when none are. */
  readonly missing: string | null;
  readonly onWatch: () => void;
  readonly onStart: (from: 'fresh' | 'continue') => void;
}

/** Before the first run of this visit: continue the last one, watch a first one, or bring pictures. */
export function Welcome({ missing, onWatch, onStart }: WelcomeProps) {
  const checkpoint = useStoredRun((state) => state.checkpoint);
  const idle = useTraining((state) => state.phase === 'idle');
  const [task, setTask] = useState<'watch' | 'scenes' | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const takeScenes = async (): Promise<void> => {
    setTask('scenes');
    setProblem(null);
    await takeSampleScenes().catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
    setTask(null);
  };
  const watch = (
    <Button
      variant={missing ? 'primary' : 'plain'}
      icon={<Icon name="play" size={16} />}
      busy={!idle || task === 'watch'}
      onClick={onWatch}
    >
      Watch it learn
    </Button>
  );

  if (checkpoint) return <StoredRun onStart={onStart} />;
  return (
    <EmptyState
      icon="drop"
      title={missing ? 'Teach a network to take rain away' : 'Ready to train'}
      actions={
        missing ? (
          <>
            {watch}
            <Button busy={task === 'scenes'} onClick={takeScenes}>
              Use the sample scenes
            </Button>
            <Button variant="quiet" onClick={() => navigate('library')}>
              Open the Library
            </Button>
          </>
        ) : (
          <>
            <Button variant="primary" icon={<Icon name="play" size={16} />} busy={!idle} onClick={() => onStart('fresh')}>
              Start training
            </Button>
            {watch}
          </>
        )
      }
    >
      <p className={style.lead}>
        Two networks, the teacher, learn to find rain in pictures with known rain. A third, the student, learns from them what to do with real rain. It
        all happens in this tab.
      </p>
      {missing ? (
        <p>
          {missing} “Watch it learn” brings sample scenes and begins at once.
        </p>
      ) : (
        <p>“Watch it learn” takes the smallest networks and shows a picture every few steps.</p>
      )}
      {problem && (
        <p role="alert" className={style.problem}>
          {problem}
        </p>
      )}
    </EmptyState>
  );
}

function StoredRun({ onStart }: Pick<WelcomeProps, 'onStart'>) {
  const checkpoint = useStoredRun((state) => state.checkpoint);
  const now = useNow(true);
  if (!checkpoint) return null;
  const { step, totalSteps, savedAt, psnr } = checkpoint;
  const finished = step >= totalSteps;
  return (
    <EmptyState
      icon="storage"
      title={finished ? `A finished run of ${formatCount(totalSteps)} steps` : `A run waits at step ${formatCount(step)} of ${formatCount(totalSteps)}`}
      actions={
        <>
          {!finished && (
            <Button variant="primary" icon={<Icon name="play" size={16} />} onClick={() => onStart('continue')}>
              Continue from step {formatCount(step)}
            </Button>
          )}
          <Button onClick={() => onStart('fresh')}>Start fresh</Button>
        </>
      }
    >
      <p>
        Saved {formatDuration(now - savedAt)} ago
        {psnr !== null && `, student at ${formatDb(psnr)} on held-out pictures`}.{' '}
        {finished ? 'Its student can be used or exported below.' : 'It goes on with its own settings, as if it had not been interrupted.'}
      </p>
    </EmptyState>
  );
}
