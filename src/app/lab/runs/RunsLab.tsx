import { useEffect, useMemo, useState } from 'react';
import { changeLabel, deleteRuns, MOST_PREVIEW_BYTES, readRunCurves } from '../../../browser/storage/runDatabase.ts';
import type { KeptRun } from '../../../protocol/runs.ts';
import { linkTo, navigate, useRoute } from '../../routing/route.ts';
import { askTrainer, lookForStoredRun, startTraining } from '../../train/run/trainer.ts';
import { currentConfig } from '../../train/run/currentSettings.ts';
import { useTraining } from '../../train/run/trainingStore.ts';
import { courseOfRun } from '../../../core/training/plannedChanges.ts';
import { copyLink } from '../run/copyLink.ts';
import { addressOf } from '../run/experimentLink.ts';
import { countLibrary, useLibraryCounts } from '../../train/run/libraryCounts.ts';
import { useExperiment } from '../run/runningExperiment.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { formatBytes, formatCount, formatDb } from '../../ui/format.ts';
import { Icon } from '../../ui/Icon.tsx';
import { notify } from '../../ui/notices.ts';
import { saveFile } from '../../ui/saveFile.ts';
import { VisuallyHidden } from '../../ui/VisuallyHidden.tsx';
import { RunComparison } from './RunComparison.tsx';
import { followRuns, showRuns, useRuns } from './runsStore.ts';
import style from './RunsLab.module.css';

/** Every run that is kept: found, named, looked at, overlaid, taken out and in as files. */
export function RunsLab() {
  const runs = useRuns((state) => state.runs);
  const views = useRuns((state) => state.views);
  const [query, setQuery] = useState('');
  /** Null: the newest. */
  const [picked, setPicked] = useState<readonly string[] | null>(null);
  const newest = runs?.find(({ summary }) => summary !== null)?.id;
  const chosen = useMemo(() => picked ?? (newest === undefined ? [] : [newest]), [picked, newest]);
  useEffect(() => {
    void askTrainer((api) => api.keepTrainRun()).catch(() => undefined);
    return followRuns();
  }, []);
  useEffect(() => showRuns(chosen), [chosen]);
  if (!runs) return <p className={style.note}>Reading the runs …</p>;
  if (runs.length === 0) {
    return (
      <EmptyState icon="storage" title="No runs yet" actions={<ImportButton />}>
        <p>What is trained on the Train view or in an experiment is kept here, with its curves, images and weights.</p>
      </EmptyState>
    );
  }
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = runs.filter(({ label }) =>
    words.every((word) => `${label.name} ${label.notes}`.toLowerCase().includes(word)),
  );
  const shown = chosen.flatMap((id) => views.get(id) ?? []);
  const toggle = (id: string): void =>
    setPicked(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <div className={style.lab}>
      <section className={style.list} aria-label="Kept runs">
        <div className={style.tools}>
          <input
            type="search"
            className={style.search}
            aria-label="Search runs"
            placeholder="Search names and notes"
            value={query}
            onChange={({ target }) => setQuery(target.value)}
          />
          <ImportButton />
        </div>
        <ul className={style.runs}>
          {found.map((run) => (
            <RunItem key={run.id} run={run} isChosen={chosen.includes(run.id)} onToggle={() => toggle(run.id)} />
          ))}
        </ul>
        <Storage runs={runs} />
      </section>
      <div className={style.shown}>
        <VisuallyHidden>
          <h2>Runs over each other</h2>
        </VisuallyHidden>
        {shown.length > 0 ? (
          <RunComparison runs={shown} name="petrichor-runs" />
        ) : (
          <p className={style.note}>
            Choose a run to see its curves and images; choose more to lay them over each other.
          </p>
        )}
      </div>
    </div>
  );
}

/** What the runs take, and what becomes of it. */
function Storage({ runs }: { readonly runs: readonly KeptRun[] }) {
  const bytes = useRuns((state) => state.bytes);
  if (!bytes) return null;
  return (
    <p className={style.note}>
      {formatCount(runs.length)} {runs.length === 1 ? 'run' : 'runs'}: {formatBytes(bytes.weights)} of weights, which
      stay until you delete them, and {formatBytes(bytes.previews)} of previews. Beyond{' '}
      {formatBytes(MOST_PREVIEW_BYTES)} the oldest previews are deleted.
    </p>
  );
}

interface RunItemProps {
  readonly run: KeptRun;
  readonly isChosen: boolean;
  readonly onToggle: () => void;
}

function RunItem({ run, isChosen, onToggle }: RunItemProps) {
  const { label, summary } = run;
  const [isEdited, setIsEdited] = useState(false);
  const isTraining = useTraining((state) => state.phase !== 'idle');
  const isBusy = useExperiment((state) => state.phase !== 'idle') || isTraining;
  return (
    <li className={style.run}>
      <div className={style.row}>
        <label className={style.choice}>
          <input type="checkbox" checked={isChosen} disabled={!summary} onChange={onToggle} />
          <span className={style.name}>{label.name}</span>
        </label>
        <IconButton
          label={`Continue ${label.name}`}
          disabled={!summary || isBusy}
          icon={<Icon name="play" size={16} />}
          onClick={() => void resume(run)}
        />
        <IconButton
          label={`Edit ${label.name}`}
          pressed={isEdited}
          icon={<Icon name="settings" size={16} />}
          onClick={() => setIsEdited(!isEdited)}
        />
        <IconButton
          label={`Delete ${label.name}`}
          icon={<Icon name="trash" size={16} />}
          onClick={() => void remove(run)}
        />
      </div>
      <p className={style.note}>
        {summary
          ? `Step ${formatCount(summary.step)} of ${formatCount(summary.totalSteps)}${summary.psnr === null ? '' : ` · ${formatDb(summary.psnr)}`}`
          : 'No checkpoint yet'}{' '}
        · {new Date(label.createdAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}
      </p>
      {label.notes && !isEdited && <p className={style.notes}>{label.notes}</p>}
      {isEdited && <RunDetails run={run} />}
    </li>
  );
}

/** Name and notes of a run, and what can be made of it. */
function RunDetails({ run }: { readonly run: KeptRun }) {
  const { id, label, summary } = run;
  const lab = useRoute((route) => route.settings.lab);
  const experiment = label.experiment?.id;
  const isThere = useRuns(({ experiments }) => experiments.some((kept) => kept.id === experiment));
  return (
    <div className={style.edit}>
      <label>
        Name
        <input
          type="text"
          defaultValue={label.name}
          maxLength={120}
          onBlur={({ target }) => target.value.trim() && void changeLabel(id, { name: target.value.trim() })}
        />
      </label>
      <label>
        Notes
        <textarea
          rows={2}
          defaultValue={label.notes}
          onBlur={({ target }) => void changeLabel(id, { notes: target.value.trim() })}
        />
      </label>
      <div className={style.actions}>
        <Button disabled={!summary} icon={<Icon name="download" size={16} />} onClick={() => void download(run)}>
          Export
        </Button>
        <Button disabled={!summary} icon={<Icon name="link" size={16} />} onClick={() => void copyLinkOf(run)}>
          Copy link
        </Button>
        <Button disabled={!summary} onClick={() => navigate('lab', { ...lab, part: 'experiments', start: id })}>
          Start variants from it
        </Button>
        {experiment !== undefined && isThere && (
          <a className={style.link} href={linkTo('lab', { ...lab, part: 'experiments', experiment })}>
            Its experiment
          </a>
        )}
      </div>
    </div>
  );
}

function ImportButton() {
  const choose = (): void => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.accept = '.safetensors';
    input.addEventListener('change', () => void importFiles([...(input.files ?? [])]));
    input.click();
  };
  return (
    <Button icon={<Icon name="upload" size={16} />} onClick={choose}>
      Import
    </Button>
  );
}

async function importFiles(files: readonly File[]): Promise<void> {
  for (const file of files) {
    try {
      const bytes = await file.arrayBuffer();
      await askTrainer((api) => api.importRun(bytes, file.name.replace(/\.[^.]+$/, '')));
    } catch (error) {
      notify({ text: `${file.name}: ${messageOf(error)}`, tone: 'bad' });
    }
  }
}

/** Goes on with a run in Train, and shows it there. */
async function resume({ id, label }: KeptRun): Promise<void> {
  try {
    await askTrainer((api) => api.resumeRun(id));
    await lookForStoredRun();
    navigate('train');
    await startTraining('continue', currentConfig());
  } catch (error) {
    notify({ text: `“${label.name}” could not be continued: ${messageOf(error)}`, tone: 'bad' });
  }
}

/** Copies the link of an experiment that does this run again, with what was changed on the way. */
async function copyLinkOf({ id, label, summary }: KeptRun): Promise<void> {
  const curves = await readRunCurves(id).catch(() => null);
  if (!summary || !curves) return;
  const { experiments } = useRuns.getState();
  const of = experiments.find((kept) => kept.id === label.experiment?.id)?.experiment;
  if (!of) await countLibrary();
  const { base, changes } = courseOfRun(summary.config, curves.notes);
  const images = of?.images ?? useLibraryCounts.getState().images;
  const variants = [{ name: label.experiment?.variant ?? 'as it ran', set: '' }];
  const address = addressOf({
    kind: 'own',
    title: label.name,
    base,
    variants,
    seeds: [base.run.seed],
    changes,
    images,
  });
  const words = of ? 'which images' : 'which images your Library holds now';
  await copyLink(address, `It holds settings, seed, changes on the way and ${words}; not the images.`);
}

async function download({ id, label }: KeptRun): Promise<void> {
  try {
    const bytes = await askTrainer((api) => api.exportRun(id));
    const name = label.name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '');
    if (bytes) saveFile(new Blob([bytes]), `petrichor-run-${name}.safetensors`);
  } catch (error) {
    notify({ text: `The run could not be exported: ${messageOf(error)}`, tone: 'bad' });
  }
}

async function remove({ id, label }: KeptRun): Promise<void> {
  try {
    const undo = await deleteRuns([id]);
    notify({ text: `“${label.name}” is deleted.`, action: { label: 'Undo', run: () => void undo() } });
  } catch (error) {
    notify({ text: `The run could not be deleted: ${messageOf(error)}`, tone: 'bad' });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
