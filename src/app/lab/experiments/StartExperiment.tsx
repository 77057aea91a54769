import { useState } from 'react';
import { presets } from '../../../core/training/config.ts';
import type { Experiment } from '../../../core/training/experiment.ts';
import { experimentOf, readyExperiments, type ReadyExperiment } from '../../../core/training/readyExperiments.ts';
import { countLibrary, missingImages, useLibraryCounts } from '../../train/run/libraryCounts.ts';
import { addSamples } from '../../train/run/quickStart.ts';
import { formatCount, formatDuration, withUnit } from '../../ui/format.ts';
import { notify } from '../../ui/notices.ts';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { countOf, lackedBy } from '../run/experimentLink.ts';
import { planExperiment, runExperiment } from '../run/experimentStore.ts';
import { LinkedExperiment } from './LinkedExperiment.tsx';
import { OwnExperiment } from './OwnExperiment.tsx';
import style from './ExperimentsLab.module.css';

type Minutes = '1' | '3' | '10';
type Seeds = '1' | '2' | '3';

export interface StartExperimentProps {
  /** The experiment of the address, or why it is none. */
  readonly linked: Experiment | { readonly problem: string } | null;
  readonly isBusy: boolean;
  readonly onCloseLink: () => void;
  /** An experiment was begun under this id. */
  readonly onBegin: (id: string) => void;
}

/** What can be started: the experiment of a link, the paper's own with one press, and one's own; within a time, over some seeds. */
export function StartExperiment({ linked, isBusy, onCloseLink, onBegin }: StartExperimentProps) {
  const [minutes, setMinutes] = useState<Minutes>('3');
  const [seeds, setSeeds] = useState<Seeds>('1');
  const seedList = Array.from({ length: Number(seeds) }, (_, i) => i + 1);
  const begin = (experiment: Experiment): void => void start(experiment, Number(minutes), onBegin);
  return (
    <>
      {linked && (
        <LinkedExperiment
          linked={linked}
          isBusy={isBusy}
          onStart={(experiment) => void start(experiment, null, onBegin)}
          onClose={onCloseLink}
        />
      )}
      <div className={style.budget}>
        <SegmentedControl
          label="Time"
          value={minutes}
          options={(['1', '3', '10'] as const).map((value) => ({ value, label: withUnit(value, 'min') }))}
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
        The time sets the size of the networks and the number of steps. All variants see the same batches.
      </p>
      <ul className={style.ready}>
        {readyExperiments.map((ready) => (
          <li key={ready.kind}>
            <ReadyCard
              ready={ready}
              disabled={isBusy}
              onStart={() => begin(experimentOf(ready, presets.quick, seedList))}
            />
          </li>
        ))}
      </ul>
      <OwnExperiment isBusy={isBusy} seeds={seedList} onStart={begin} />
    </>
  );
}

interface ReadyCardProps {
  readonly ready: ReadyExperiment;
  readonly disabled: boolean;
  readonly onStart: () => void;
}

function ReadyCard({ ready: { title, question, variants, paper }, disabled, onStart }: ReadyCardProps) {
  return (
    <button type="button" className={style.card} disabled={disabled} onClick={onStart}>
      <strong>{title}</strong>
      <span>{question}</span>
      <span className={style.note}>{variants.map(({ name }) => name).join(' · ')}</span>
      {paper && <span className={style.note}>{paper}</span>}
    </button>
  );
}

/** Starts an experiment, sized for so many minutes first, or as it is with null. What goes wrong is told. */
async function start(experiment: Experiment, minutes: number | null, onBegin: (id: string) => void): Promise<void> {
  try {
    await prepareImages(experiment);
    const planned = minutes === null ? experiment : await timed(experiment, minutes);
    const id = crypto.randomUUID();
    onBegin(id);
    await runExperiment(id, { images: useLibraryCounts.getState().images, ...planned });
  } catch (error) {
    notify({ text: error instanceof Error ? error.message : String(error), tone: 'bad' });
  }
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
