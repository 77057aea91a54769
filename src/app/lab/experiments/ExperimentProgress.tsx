import type { KeptExperiment } from '../../../browser/storage/runDatabase.ts';
import { plannedRuns } from '../../../core/training/experiment.ts';
import type { RunState } from '../../../protocol/runs.ts';
import { useRuns } from '../runs/runsStore.ts';
import { Button } from '../../ui/Button.tsx';
import { formatCount, formatDb, formatEstimate } from '../../ui/format.ts';
import { Icon } from '../../ui/Icon.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { useNow } from '../../ui/useNow.ts';
import { progressOf, totalSteps } from '../run/experimentState.ts';
import { extendRun, runExperiment, setRunState, stopExperiment } from '../run/experimentStore.ts';
import { useExperiment } from '../run/runningExperiment.ts';
import style from './ExperimentsLab.module.css';

/** How far an experiment is, and what each of its runs does. */
export function ExperimentProgress({ kept, isBusy }: { readonly kept: KeptExperiment; readonly isBusy: boolean }) {
  const { id, experiment } = kept;
  const live = useExperiment();
  const isRunning = live.id === id && live.phase !== 'idle';
  const now = useNow(isRunning);
  const runs = useProgressOfRuns(kept, isRunning ? live.steps : null);
  const isOpen = runs.some(({ state, step, total }) => state !== 'dropped' && step < total);
  const { share, leftMs } = progressOf(
    { ...live, steps: new Map(runs.map(({ key, step }) => [key, step])) },
    totalSteps(experiment),
    now,
  );
  const detail = isRunning && leftMs !== null ? `${formatEstimate(leftMs / 1000)} left` : undefined;
  return (
    <div>
      <div className={style.head}>
        <ProgressBar
          label={isRunning ? 'Training' : isOpen ? 'Paused' : 'Finished'}
          value={share}
          {...(detail && { detail })}
        />
        {isRunning ? (
          <Button
            busy={live.phase === 'stopping'}
            icon={<Icon name="pause" size={16} />}
            onClick={() => void stopExperiment()}
          >
            Pause all
          </Button>
        ) : (
          isOpen && (
            <Button
              variant="primary"
              disabled={isBusy}
              icon={<Icon name="play" size={16} />}
              onClick={() => void runExperiment(id, experiment)}
            >
              Continue
            </Button>
          )
        )}
      </div>
      <ul className={style.runs} aria-label="Runs of the experiment">
        {runs.map(({ key, id: run, state, step, total, psnr }) => (
          <li key={run} data-turn={live.turn === key || undefined}>
            <span className={style.key}>{key}</span>
            <span className={style.note}>
              {formatCount(step)} of {formatCount(total)}
              {psnr !== null && ` · ${formatDb(psnr)}`}
              {state !== 'active' && ` · ${state}`}
            </span>
            <RunButtons name={key} run={run} state={state} isDone={step >= total} isRunning={isRunning} steps={total} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** How far each run of an experiment is: by the latest news while it trains, else by what is stored. */
function useProgressOfRuns({ id, experiment }: KeptExperiment, steps: ReadonlyMap<string, number> | null) {
  const all = useRuns((state) => state.runs) ?? [];
  return plannedRuns(experiment).map(({ key, config }) => {
    const run = all.find((one) => one.id === `${id}/${key}`);
    return {
      key,
      id: `${id}/${key}`,
      state: run?.state ?? 'active',
      step: steps?.get(key) ?? run?.summary?.step ?? 0,
      total: run?.summary?.totalSteps ?? config.run.steps,
      psnr: run?.summary?.psnr ?? null,
    };
  });
}

interface RunButtonsProps {
  readonly name: string;
  readonly run: string;
  readonly state: RunState;
  readonly isDone: boolean;
  readonly isRunning: boolean;
  readonly steps: number;
}

function RunButtons({ name, run, state, isDone, isRunning, steps }: RunButtonsProps) {
  if (isDone) {
    if (!isRunning) return null;
    return (
      <Button
        variant="quiet"
        aria-label={`Extend ${name} by half`}
        onClick={() => void extendRun(run, Math.ceil(steps * 1.5))}
      >
        Extend
      </Button>
    );
  }
  const change = (next: RunState) => () => void setRunState(run, next);
  return (
    <span>
      {state === 'active' ? (
        <Button variant="quiet" aria-label={`Pause ${name}`} onClick={change('paused')}>
          Pause
        </Button>
      ) : (
        <Button variant="quiet" aria-label={`Resume ${name}`} onClick={change('active')}>
          Resume
        </Button>
      )}
      {state !== 'dropped' && (
        <Button variant="quiet" aria-label={`Drop ${name}`} onClick={change('dropped')}>
          Drop
        </Button>
      )}
    </span>
  );
}
