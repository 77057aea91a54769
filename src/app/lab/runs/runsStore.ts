import { create } from 'zustand';
import {
  bytesOfRuns,
  listExperiments,
  listRuns,
  readPreview,
  readRunCurves,
  watchRuns,
  type KeptExperiment,
  type RunBytes,
} from '../../../browser/storage/runDatabase.ts';
import type { Previewed } from '../../../core/training/events.ts';
import type { KeptRun, RunCurves } from '../../../protocol/runs.ts';

/** A kept run with what there is to see of it. */
export interface RunView extends KeptRun {
  readonly curves: RunCurves;
  readonly preview: Previewed | null;
}

interface RunsState {
  /** Undefined until they were read. */
  readonly runs: readonly KeptRun[] | undefined;
  readonly experiments: readonly KeptExperiment[];
  /** What all runs take in storage. */
  readonly bytes: RunBytes | null;
  /** Of the runs that are shown, by id. */
  readonly views: ReadonlyMap<string, RunView>;
}

export const useRuns = create<RunsState>()(() => ({ runs: undefined, experiments: [], bytes: null, views: new Map() }));

/** Between two readings of storage while an experiment writes to it, milliseconds. */
const SETTLE_MS = 500;
let shown: readonly string[] = [];
let isReading = false;
let isStale = false;

/** Keeps the list and what is shown up to date with storage until the returned function is called. */
export function followRuns(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  void readRuns();
  const end = watchRuns(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void readRuns();
    }, SETTLE_MS);
  });
  return () => {
    clearTimeout(timer);
    end();
  };
}

/** Says whose curves and previews are to be read; they come into `views`. */
export function showRuns(ids: readonly string[]): void {
  if (ids.join('\n') === shown.join('\n')) return;
  shown = ids;
  void readRuns();
}

/** Reads the list, and what is shown where it has changed. Storage that cannot be read holds nothing. */
async function readRuns(): Promise<void> {
  isStale = true;
  if (isReading) return;
  isReading = true;
  try {
    while (isStale) {
      isStale = false;
      const [runs, experiments, bytes] = await Promise.all([
        listRuns().catch(() => []),
        listExperiments().catch(() => []),
        bytesOfRuns().catch(() => null),
      ]);
      const before = useRuns.getState().views;
      const views = new Map<string, RunView>();
      for (const run of runs) {
        if (!shown.includes(run.id)) continue;
        const known = before.get(run.id);
        const isSame =
          known && known.summary?.step === run.summary?.step && known.summary?.savedAt === run.summary?.savedAt;
        const view = isSame ? { ...known, ...run } : await viewOf(run);
        if (view) views.set(run.id, view);
      }
      useRuns.setState({ runs, experiments, bytes, views });
    }
  } finally {
    isReading = false;
  }
}

async function viewOf(run: KeptRun): Promise<RunView | null> {
  const curves = await readRunCurves(run.id).catch(() => null);
  return curves && { ...run, curves, preview: await readPreview(run.id).catch(() => null) };
}

/** The variant that a run shows, or its own name. */
export function lineName({ label }: Pick<KeptRun, 'label'>): string {
  return label.experiment?.variant ?? label.name;
}

/** Runs that share a line, in the order in which they are given: those of one variant of one experiment. */
export function groupRuns<Run extends KeptRun>(
  runs: readonly Run[],
): { readonly name: string; readonly runs: Run[] }[] {
  const groups = new Map<string, { name: string; runs: Run[] }>();
  for (const run of runs) {
    const { experiment } = run.label;
    const key = experiment ? `${experiment.id}/${experiment.variant}` : run.id;
    const group = groups.get(key) ?? { name: lineName(run), runs: [] };
    group.runs.push(run);
    groups.set(key, group);
  }
  return [...groups.values()];
}
