import type { Experiment } from '../../../core/training/experiment.ts';
import { missingImages, useLibraryCounts } from '../../train/run/libraryCounts.ts';
import { useRuns } from '../runs/runsStore.ts';
import { Button } from '../../ui/Button.tsx';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/Icon.tsx';
import { countOf, lackedBy } from '../run/experimentLink.ts';
import style from './ExperimentsLab.module.css';

export interface LinkedExperimentProps {
  readonly linked: Experiment | { readonly problem: string };
  readonly isBusy: boolean;
  readonly onStart: (experiment: Experiment) => void;
  readonly onClose: () => void;
}

/** What a link asks for, and what is missing here. */
export function LinkedExperiment({ linked, isBusy, onStart, onClose }: LinkedExperimentProps) {
  const counts = useLibraryCounts((state) => state.counts);
  const library = useLibraryCounts((state) => state.images);
  const runs = useRuns((state) => state.runs);
  if ('problem' in linked) {
    return (
      <div className={style.linked} role="alert">
        <p>This link cannot be opened: {linked.problem}</p>
        <Button onClick={onClose}>Close</Button>
      </div>
    );
  }
  const { images, ...others } = linked;
  const lacked = images ? lackedBy(library, images) : 0;
  const isEmpty = counts !== undefined && missingImages(counts) !== null;
  const start = linked.variants.find((variant) => variant.start !== undefined)?.start;
  const lacksStart = start !== undefined && runs !== undefined && !runs.some(({ id }) => id === start);
  return (
    <section className={style.linked} aria-label="Experiment of this link">
      <h2 className={style.heading}>{linked.title}</h2>
      <p>{contentOf(linked)}</p>
      {lacksStart && <p>It begins with a run that is not kept here: import that run under Runs first.</p>}
      {images && lacked > 0 && (
        <p>
          Your Library lacks {formatCount(lacked)} of its {formatCount(countOf(images))} images. Starting adds the
          samples.
        </p>
      )}
      {images && counts && lacked === 0 && <p>Its {formatCount(countOf(images))} images are here.</p>}
      {!images && isEmpty && <p>Your Library lacks images; starting adds the samples.</p>}
      <p className={style.actions}>
        <Button
          variant="primary"
          disabled={isBusy || lacksStart}
          icon={<Icon name="play" size={16} />}
          onClick={() => onStart(linked)}
        >
          {isEmpty || lacked > 0 ? 'Add the samples and start' : 'Start'}
        </Button>
        {lacked > 0 && !isEmpty && (
          <Button disabled={isBusy} onClick={() => onStart(others)}>
            Start with the images here
          </Button>
        )}
        <Button variant="quiet" onClick={onClose}>
          Close
        </Button>
      </p>
    </section>
  );
}

function contentOf({ variants, base, seeds, changes = [] }: Experiment): string {
  const names = variants.map(({ name }) => name).join(', ');
  const of = `${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}`;
  const changed = changes.map(({ step, set }) => `${set.replaceAll('+', ', ')} from step ${formatCount(step)}`);
  return `A shared experiment: ${[`${names}; ${formatCount(base.run.steps)} steps each, ${of}`, ...changed].join('; ')}.`;
}
