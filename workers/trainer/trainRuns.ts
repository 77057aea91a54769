import { encodeCheckpoint } from '../../src/core/training/checkpoint.ts';
import type { Checkpoint } from '../../src/core/training/checkpoint.ts';
import type { Previewed } from '../../src/core/training/events.ts';
import { pointsOf } from '../../src/core/training/historyColumns.ts';
import type { RunCurves } from '../../src/protocol/runs.ts';
import { keepCheckpoint } from './experimentRun.ts';
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
    kept.validations.length === checkpoint.validations.length
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

/** Whether the checkpoint's curve holds the kept one as its beginning. */
function continues({ history, config }: Checkpoint, kept: RunCurves): boolean {
  const last = pointsOf(kept.history).at(-1);
  if (!last) return history.length === 0 && config.run.steps > 0;
  const same = history.find(({ step }) => step === last.step);
  return same !== undefined && Math.fround(same.objective) === last.objective;
}
