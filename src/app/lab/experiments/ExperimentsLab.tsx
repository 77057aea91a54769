import { useEffect, useMemo } from 'react';
import type { KeptExperiment } from '../../../browser/storage/runDatabase.ts';
import { axisOf, plannedRuns, type Experiment } from '../../../core/training/experiment.ts';
import { firstMeasure } from '../../../core/training/readyExperiments.ts';
import { RunComparison } from '../runs/RunComparison.tsx';
import { followRuns, showRuns, useRuns } from '../runs/runsStore.ts';
import { subscribeToLibraryCounts } from '../../train/run/libraryCounts.ts';
import { useTraining } from '../../train/run/trainingStore.ts';
import { replaceSettings, useRoute } from '../../routing/route.ts';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { copyLink } from '../run/copyLink.ts';
import { addressOf, linkedExperiment, withoutLink } from '../run/experimentLink.ts';
import { useExperiment } from '../run/runningExperiment.ts';
import { ExperimentProgress } from './ExperimentProgress.tsx';
import { StartExperiment } from './StartExperiment.tsx';
import style from './ExperimentsLab.module.css';

/** The setting of the route that names the experiment on screen. */
const OPENED = 'experiment';

const open = (id: string): void => replaceSettings('lab', { [OPENED]: id });

/** Variants side by side: the paper's own experiments with one press, and those of one's own. */
export function ExperimentsLab() {
  const settings = useRoute((route) => route.settings.lab);
  const experiments = useRuns((state) => state.experiments);
  const { phase, id: running, failure } = useExperiment();
  const isTraining = useTraining((state) => state.phase !== 'idle');
  useEffect(() => {
    const ends = [followRuns(), subscribeToLibraryCounts()];
    return () => ends.forEach((end) => end());
  }, []);
  const linked = useMemo(() => readLink(settings), [settings]);
  const closeLink = (): void => replaceSettings('lab', withoutLink(settings));
  const opened = settings[OPENED] ?? null;
  const shown =
    experiments.find(({ id }) => id === (opened ?? running)) ?? (opened === null ? experiments[0] : undefined);
  const isBusy = phase !== 'idle' || isTraining;

  return (
    <div className={style.lab} data-under-way={(shown !== undefined && !linked) || undefined}>
      <section className={style.choose} aria-label="Start an experiment">
        <StartExperiment
          linked={linked}
          isBusy={isBusy}
          onCloseLink={closeLink}
          onBegin={(id) => {
            closeLink();
            open(id);
          }}
        />
        <EarlierExperiments experiments={experiments} shownId={shown?.id} />
      </section>
      <div className={style.shown}>
        {phase === 'planning' && <p role="status">Timing a few steps on this device …</p>}
        {failure && (
          <p role="alert" className={style.failure}>
            {failure.reason} {failure.hint}
          </p>
        )}
        {shown ? (
          <Shown key={shown.id} kept={shown} isBusy={isBusy} />
        ) : (
          phase === 'idle' && (
            <p className={style.note}>
              Choose an experiment: its variants train side by side, and their curves, images and results appear here.
            </p>
          )
        )}
      </div>
    </div>
  );
}

interface EarlierProps {
  readonly experiments: readonly KeptExperiment[];
  readonly shownId: string | undefined;
}

function EarlierExperiments({ experiments, shownId }: EarlierProps) {
  if (experiments.length === 0) return null;
  return (
    <>
      <h2 className={style.heading}>Earlier</h2>
      <ul className={style.earlier}>
        {experiments.map(({ id, experiment, createdAt }) => (
          <li key={id}>
            <button
              type="button"
              className={style.link}
              aria-current={id === shownId || undefined}
              onClick={() => open(id)}
            >
              {experiment.title}
              <span className={style.note}>
                {' '}
                {new Date(createdAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** One experiment: its progress, and its runs over each other. */
function Shown({ kept, isBusy }: { readonly kept: KeptExperiment; readonly isBusy: boolean }) {
  const { id, experiment } = kept;
  const views = useRuns((state) => state.views);
  const keys = useMemo(() => plannedRuns(experiment).map(({ key }) => key), [experiment]);
  const ids = useMemo(() => keys.map((key) => `${id}/${key}`), [keys, id]);
  useEffect(() => showRuns(ids), [ids]);
  const runs = useMemo(() => ids.flatMap((one) => views.get(one) ?? []), [ids, views]);
  const axis = useMemo(() => {
    const found = axisOf(experiment);
    return (
      found && {
        label: found.label,
        values: new Map(experiment.variants.map(({ name }, i) => [name, found.values[i] ?? null])),
      }
    );
  }, [experiment]);
  const copy = (): Promise<void> =>
    copyLink(addressOf(experiment), 'It holds settings, seeds and which images; not the images.');
  return (
    <section aria-labelledby="experiment-title" className={style.experiment}>
      <div className={style.head}>
        <h2 id="experiment-title" className={style.title}>
          {experiment.title}
        </h2>
        <Button variant="quiet" icon={<Icon name="link" size={16} />} onClick={() => void copy()}>
          Copy link
        </Button>
      </div>
      <ExperimentProgress kept={kept} isBusy={isBusy} />
      {runs.length > 0 ? (
        <RunComparison
          runs={runs}
          axis={axis}
          measure={firstMeasure(experiment.kind)}
          name={`petrichor-${experiment.kind}`}
        />
      ) : (
        <p className={style.note}>The first curves appear after the first turn of each variant.</p>
      )}
    </section>
  );
}

function readLink(settings: Readonly<Record<string, string>>): Experiment | { readonly problem: string } | null {
  try {
    return linkedExperiment(settings);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
