import { useEffect, useMemo, useState } from 'react';
import type { KeptExperiment } from '../../../browser/storage/runDatabase.ts';
import { presets } from '../../../core/training/config.ts';
import { axisOf, plannedRuns, problemOfExperiment, type Experiment } from '../../../core/training/experiment.ts';
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
import { addressOf, linkedExperiment, withoutLink, type LinkedExperiment } from './experimentLink.ts';
import { planExperiment, runExperiment, useExperiment } from './experimentStore.ts';
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
      if (missingImages(await countLibrary())) await addSamples();
      const planned = isSized ? experiment : await timed(experiment, Number(minutes));
      const id = crypto.randomUUID();
      setOpened(id);
      await runExperiment(id, planned);
    } catch (error) {
      notify({ text: error instanceof Error ? error.message : String(error), tone: 'bad' });
    }
  };
  const seedList = Array.from({ length: Number(seeds) }, (_, i) => i + 1);

  return (
    <div className={style.lab}>
      <section className={style.choose} aria-label="Start an experiment">
        {linked && (
          <Linked
            linked={linked}
            isBusy={isBusy}
            onStart={(experiment) => {
              replaceSettings('lab', withoutLink(settings));
              void begin(experiment, true);
            }}
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
  const counts = useLibraryCounts((state) => state.counts);
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
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(addressOf(experiment, counts));
      notify({ text: 'The link is copied. It holds settings and seeds, not your images.', tone: 'good' });
    } catch {
      location.href = addressOf(experiment, counts);
    }
  };
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

interface LinkedProps {
  readonly linked: LinkedExperiment | { readonly problem: string };
  readonly isBusy: boolean;
  readonly onStart: (experiment: Experiment) => void;
  readonly onClose: () => void;
}

/** What a link asks for, and what is missing here. */
function Linked({ linked, isBusy, onStart, onClose }: LinkedProps) {
  const counts = useLibraryCounts((state) => state.counts);
  if ('problem' in linked) {
    return (
      <div className={style.linked} role="alert">
        <p>This link cannot be opened: {linked.problem}</p>
        <Button onClick={onClose}>Close</Button>
      </div>
    );
  }
  const { experiment, counts: wanted } = linked;
  const missing = counts && missingImages(counts);
  const differs =
    wanted &&
    counts &&
    !missing &&
    (['clean', 'rainy', 'pairs'] as const).some((shelf) => wanted[shelf] !== counts[shelf]);
  return (
    <section className={style.linked} aria-label="Experiment of this link">
      <h2 className={style.heading}>{experiment.title}</h2>
      <p>
        A shared experiment: {experiment.variants.map(({ name }) => name).join(', ')};{' '}
        {formatCount(experiment.base.run.steps)} steps each, {experiment.seeds.length === 1 ? 'seed' : 'seeds'}{' '}
        {experiment.seeds.join(', ')}.
      </p>
      {missing && <p>Your Library lacks the images; starting adds the samples.</p>}
      {differs && (
        <p>
          It ran on {wanted.clean} clean, {wanted.rainy} rainy images and {wanted.pairs} pairs; your Library holds
          others, so the numbers will differ.
        </p>
      )}
      <p className={style.head}>
        <Button
          variant="primary"
          disabled={isBusy}
          icon={<Icon name="play" size={16} />}
          onClick={() => onStart(experiment)}
        >
          {missing ? 'Add the samples and start' : 'Start'}
        </Button>
        <Button variant="quiet" onClick={onClose}>
          Close
        </Button>
      </p>
    </section>
  );
}

function readLink(settings: Readonly<Record<string, string>>): LinkedProps['linked'] | null {
  try {
    const linked = linkedExperiment(settings);
    const problem = linked && problemOfExperiment(linked.experiment);
    return problem ? { problem } : linked;
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
