import { useEffect } from 'react';
import { runSummary } from '../train/run/runSummary.ts';
import { useTraining, type TrainingState } from '../train/run/trainingStore.ts';

/** Title of the page: that of its view, and before it how far a running training is. */
export function pageTitle(view: string, training: TrainingState): string {
  const summary = runSummary(training);
  const run = summary && [`Step ${summary.step}`, summary.psnr];
  return [...(run ?? []), view, 'Petrichor'].filter(Boolean).join(' · ');
}

const refreshMs = 1000;

/** Keeps the title of the window up to date, whichever view is on screen. */
export function usePageTitle(view: string): void {
  const running = useTraining(({ phase }) => phase !== 'idle');
  useEffect(() => {
    const write = (): void => {
      document.title = pageTitle(view, useTraining.getState());
    };
    write();
    if (!running) return;
    const timer = setInterval(write, refreshMs);
    return () => clearInterval(timer);
  }, [view, running]);
}
