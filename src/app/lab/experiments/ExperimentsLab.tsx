import { useEffect, useMemo, useState } from 'react';
import type { KeptExperiment } from '../../../browser/storage/runDatabase.ts';
import { presets } from '../../../core/training/config.ts';
import { axisOf, plannedRuns, type Experiment } from '../../../core/training/experiment.ts';
import { experimentOf, readyExperiments } from '../../../core/training/readyExperiments.ts';
import { RunComparison } from '../runs/RunComparison.tsx';
import { followRuns, showRuns, useRuns } from '../runs/runsStore.ts';
import { addSamples } from '../../train/run/quickStart.ts';
import {
  countLibrary,
  missingImages,
  subscribeToLibraryCounts,
  useLibraryCounts,
} from '../../train/run/libraryCounts.ts';
import { useTraining } from '../../train/run/trainingStore.ts';
import { replaceSettings, useRoute } from '../../routing/route.ts';
import { Button } from '../../ui/Button.tsx';
import { formatCount, formatDuration } from '../../ui/format.ts';
import { Icon } from '../../ui/Icon.tsx';
import { notify } from '../../ui/notices.ts';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { copyLink } from '../run/copyLink.ts';
import { addressOf, countOf, lackedBy, linkedExperiment, withoutLink } from '../run/experimentLink.ts';
import { LinkedExperiment } from './LinkedExperiment.tsx';
import { planExperiment, runExperiment } from '../run/experimentStore.ts';
import { useExperiment } from '../run/runningExperiment.ts';
import { ExperimentProgress } from './ExperimentProgress.tsx';
import { OwnExperiment } from './OwnExperiment.tsx';
import style from './ExperimentsLab.module.css';

type Minutes = '1' | '3' | '10';

/** The setting of the route that names the experiment on screen. */
const OPENED = 'experiment';

/** Variants side by side: the paper's own experiments with one press, and those of one's own. */
export function ExperimentsLab() {
  const settings = useRoute((route) => route.settings.lab);
  const experiments = useRuns((state) => state.experiments);
  const { phase, id: running, failure } = useExperiment();
  const isTraining = useTraining((state) => state.phase !== 'idle');
  const [minutes, setMinutes] = useState<Minutes>('3');
  const [seeds, setSeeds] = useState<'1' | '2' | '3'>('1');
  const opened = settings[OPENED] ?? null;
  const setOpened = (id: string): void => replaceSettings('lab', { [OPENED]: id });
  useEffect(() => {
    const ends = [followRuns(), subscribeToLibraryCounts()];
    return () => ends.forEach((end) => end());
  }, []);
  const linked = useMemo(() => readLink(settings), [settings]);
  const shown =
    experiments.find(({ id }) => id === (opened ?? running)) ?? (opened === null ? experiments[0] : undefined);
  const isBusy = phase !== 'idle' || isTraining;

  const begin = async (experiment: Experiment, isSized: boolean): Promise<void> => {
    try {
      await prepareImages(experiment);
      const planned = isSized ? experiment : await timed(experiment, Number(minutes));
      const id = crypto.randomUUID();
      replaceSettings('lab', withoutLink(settings));
      setOpened(id);
      await runExperiment(id, { images: useLibraryCounts.getState().images, ...planned });
    } catch (error) {
      notify({ text: error instanceof Error ? error.message : String(error), tone: 'bad' });
    }
  };
  const seedList = Array.from({ length: Number(seeds) }, (_, i) => i + 1);

  return (
    <div className={style.lab} data-under-way={(shown !== undefined && !linked) || undefined}>
      <section className={style.choose} aria-label="Start an experiment">
        {linked && (
          <LinkedExperiment
            linked={linked}
            isBusy={isBusy}
            onStart={(experiment) => void begin(experiment, true)}
            onClose={() => replaceSettings('lab', withoutLink(settings))}
          />
        )}
        <div className={style.budget}>
          <SegmentedControl
            label="Time"
            value={minutes}
            options={(['1', '3', '10'] as const).map((value) => ({ value, label: `${value} min` }))}
            onChange={setMinutes}
          />
          <SegmentedControl
            label="Seeds"
            value={seeds}
            options={(['1', '2', '3'] as const).map((value) => ({ value, label: value }))}
            onChange={setSeeds}
          />
        </div>
        <p className={style.note}>
          The time chooses size and steps of the networks. All variants see the same batches.
        </p>
        <ul className={style.ready}>
          {readyExperiments.map((ready) => (
            <li key={ready.kind}>
              <button
                type="button"
                className={style.card}
                disabled={isBusy}
                onClick={() => void begin(experimentOf(ready, presets.quick, seedList), false)}
              >
                <strong>{ready.title}</strong>
                <span>{ready.question}</span>
                <span className={style.note}>{ready.variants.map(({ name }) => name).join(' · ')}</span>
                {ready.paper && <span className={style.note}>{ready.paper}</span>}
              </button>
            </li>
          ))}
        </ul>
        <OwnExperiment isBusy={isBusy} seeds={seedList} onStart={(experiment) => void begin(experiment, false)} />
        {experiments.length > 0 && (
          <>
            <h2 className={style.heading}>Earlier</h2>
            <ul className={style.earlier}>
              {experiments.map((kept) => (
                <li key={kept.id}>
                  <button
                    type="button"
                    className={style.link}
                    aria-current={kept.id === shown?.id || undefined}
                    onClick={() => setOpened(kept.id)}
                  >
                    {kept.experiment.title}
                    <span className={style.note}>
                      {' '}
                      {new Date(kept.createdAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
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

/** Adds the samples where the Library lacks images. Rejects, with a message for the person, when images of a link are missing still. */
async function prepareImages({ images }: Experiment): Promise<void> {
  const lacked = (): number => (images ? lackedBy(useLibraryCounts.getState().images, images) : 0);
  if (missingImages(await countLibrary()) || lacked() > 0) await addSamples();
  if (lacked() > 0)
    throw new Error(
      `Your Library lacks ${lacked()} of the ${countOf(images!)} images of this experiment. Add them, or start with those that are here.`,
    );
}

async function timed(experiment: Experiment, minutes: number): Promise<Experiment> {
  const { experiment: planned, ms } = await planExperiment(experiment, minutes);
  const runs = planned.variants.length * planned.seeds.length;
  notify({
    text: `${runs} runs of ${formatCount(planned.base.run.steps)} steps: about ${formatDuration(ms)} on this device.`,
  });
  return planned;
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
        <RunComparison runs={runs} axis={axis} name={`petrichor-${experiment.kind}`} />
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
