import { useEffect } from 'react';
import { experimentSummary, useExperiment } from '../lab/run/runningExperiment.ts';
import type { ExperimentState } from '../lab/run/experimentState.ts';
import { runSummary } from '../train/run/runSummary.ts';
import { useTraining, type TrainingState } from '../train/run/trainingStore.ts';
import { withUnit } from '../ui/format.ts';

/** Title of the page: that of its view, and before it how far a training or an experiment is. `now`: milliseconds since 1970. */
export function pageTitle(view: string, training: TrainingState, experiment: ExperimentState, now: number): string {
  const summary = runSummary(training);
  const lab = experimentSummary(experiment, now);
  const run = summary
    ? [`Step ${summary.step}`, summary.psnr]
    : lab && [withUnit(Math.floor(100 * lab.share), '%'), lab.left && `${lab.left} left`];
  return [...(run ?? []), view, 'Petrichor'].filter(Boolean).join(' · ');
}

const refreshMs = 1000;

/** Keeps the title of the window up to date, whichever view is on screen. */
export function usePageTitle(view: string): void {
  const isTraining = useTraining(({ phase }) => phase !== 'idle');
  const isExperiment = useExperiment(({ phase }) => phase !== 'idle');
  const running = isTraining || isExperiment;
  useEffect(() => {
    const write = (): void => {
      document.title = pageTitle(view, useTraining.getState(), useExperiment.getState(), Date.now());
    };
    write();
    if (!running) return;
    const timer = setInterval(write, refreshMs);
    return () => clearInterval(timer);
  }, [view, running]);
}
