import { decodeCheckpoint, encodeCheckpoint } from '../../src/core/training/checkpoint.ts';
import type { Checkpoint } from '../../src/core/training/checkpoint.ts';
import type { Previewed } from '../../src/core/training/events.ts';
import { pointsOf } from '../../src/core/training/historyColumns.ts';
import type { RunCurves } from '../../src/protocol/runs.ts';
import { keepCheckpoint, summaryOf } from './experimentRun.ts';
import type { TrainerHost } from './trainerHost.ts';

/**
 * Keeps the Train view's checkpoint among the runs: as the next state of the run that was kept last where its curve goes on from
 * there, else as a run of its own. Nothing happens when it is there already.
 */
export async function keepTrainRun(
  host: TrainerHost,
  checkpoint: Checkpoint,
  preview: Previewed | null,
): Promise<void> {
  const { runs } = host;
  const last = await runs.readTrainRun();
  const kept = last === null ? null : await runs.readCurves(last);
  const goesOn = kept !== null && continues(checkpoint, kept);
  if (
    goesOn &&
    pointsOf(kept.history).length === checkpoint.history.length &&
    kept.validations.length === checkpoint.validations.length &&
    kept.notes.length === checkpoint.notes.length
  )
    return;
  const id = goesOn ? last! : `train-${host.now()}-${checkpoint.config.run.seed}`;
  if (!goesOn) {
    const name = `Training run, seed ${checkpoint.config.run.seed}`;
    await runs.saveLabel(id, { name, notes: '', createdAt: host.now(), experiment: null });
  }
  await keepCheckpoint(host, id, encodeCheckpoint(checkpoint), checkpoint);
  if (preview) await runs.savePreview(id, preview);
  await runs.saveTrainRun(id);
}

/** A finished run that goes on gets half as many steps again. */
const EXTENSION = 1.5;

/**
 * Stores the newest checkpoint of a kept run as the one that the Train view continues from. A run of an experiment stays as it
 * is there, and goes on as a copy. Rejects with an Error in words when the run has no readable checkpoint.
 */
export async function takeUpRun(host: TrainerHost, id: string): Promise<void> {
  const { runs, checkpoints } = host;
  const stored = await runs.readCheckpoint(id, decodeCheckpoint);
  const label = (await runs.list()).find((run) => run.id === id)?.label;
  if (!stored || !label) throw new Error('This run has no checkpoint that can be read.');
  const own = label.experiment ? `train-${host.now()}-${stored.config.run.seed}` : id;
  if (label.experiment) {
    await runs.saveLabel(own, { ...label, name: `${label.name}, continued`, createdAt: host.now(), experiment: null });
    await keepCheckpoint(host, own, encodeCheckpoint(stored), stored);
  }
  const { run } = stored.config;
  const steps = stored.step < run.steps ? run.steps : Math.ceil(stored.step * EXTENSION);
  const checkpoint = { ...stored, config: { ...stored.config, run: { ...run, steps } } };
  const bytes = encodeCheckpoint(checkpoint);
  await checkpoints.save(bytes.buffer, summaryOf(checkpoint, bytes.byteLength, host.now()));
  await checkpoints.discard(1);
  await checkpoints.discardBest();
  await runs.saveTrainRun(own);
}

/** Whether the checkpoint's curve holds the kept one as its beginning. */
function continues({ history }: Checkpoint, kept: RunCurves): boolean {
  const last = pointsOf(kept.history).at(-1);
  if (!last) return history.length === 0;
  const same = history.find(({ step }) => step === last.step);
  return same !== undefined && Math.fround(same.objective) === last.objective;
}
