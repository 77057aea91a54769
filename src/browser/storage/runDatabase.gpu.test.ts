import { beforeEach, describe, expect, it } from 'vitest';
import { createPixels } from '../../core/images/pixels.ts';
import { presets } from '../../core/training/config.ts';
import type { Previewed } from '../../core/training/events.ts';
import type { RunCurves, RunSummary } from '../../protocol/runs.ts';
import {
  bytesOfRuns,
  changeLabel,
  deleteRuns,
  listPreviews,
  listRuns,
  readPreview,
  readRunCheckpoint,
  readRunCurves,
  saveLabel,
  savePreview,
  saveRunCheckpoint,
  saveState,
  watchRuns,
} from './runDatabase.ts';

const label = (name: string, createdAt: number) => ({ name, notes: '', createdAt, experiment: null });
const summary = (step: number): RunSummary => ({
  step,
  totalSteps: 100,
  savedAt: step,
  bytes: 2,
  config: presets.quick,
  psnr: null,
  validation: null,
});
const curves = (step: number): RunCurves => ({
  history: { columns: ['step'], data: Float32Array.of(step) },
  validations: [],
  notes: [],
});
const bytes = (value: number): ArrayBuffer => Uint8Array.of(value, value).buffer;
const preview = (step: number): Previewed => {
  const pixels = createPixels(2, 2);
  const images = { rainy: pixels, rainMap: pixels, trueRainMap: null, teacher: pixels, student: pixels, truth: null };
  return { type: 'previewed', step, samples: [{ label: 'a', psnr: null, ...images }] };
};
/** Four images of 2 × 2. */
const PREVIEW_BYTES = 4 * 16;
const save = (id: string, step: number) => saveRunCheckpoint(id, bytes(step), summary(step), curves(step));

beforeEach(async () => void (await deleteRuns((await listRuns()).map(({ id }) => id))));

describe('kept runs', () => {
  it('are listed with their newest checkpoint, the newest run first', async () => {
    await saveLabel('a', label('first', 1));
    await saveLabel('b, seed 1', label('second', 2));
    for (const step of [1, 2, 3]) await save('a', step);
    await saveState('b, seed 1', 'paused');
    await changeLabel('a', { name: 'renamed', notes: 'good' });
    expect(await listRuns()).toEqual([
      { id: 'b, seed 1', label: label('second', 2), state: 'paused', summary: null },
      { id: 'a', label: { ...label('renamed', 1), notes: 'good' }, state: 'active', summary: summary(3) },
    ]);
    expect(await readRunCurves('a')).toEqual(curves(3));
    expect(await readRunCurves('b, seed 1')).toBeNull();
  });

  it('keep the checkpoint before the newest, for when that cannot be read', async () => {
    await saveLabel('a', label('first', 1));
    for (const step of [1, 2, 3]) await save('a', step);
    const refuse3 = (data: Uint8Array): number => {
      if (data[0] === 3) throw new Error('damaged');
      return data[0]!;
    };
    expect(await readRunCheckpoint('a', refuse3)).toBe(2);
  });

  it('lose their oldest previews when those take too much, but each keeps its newest', async () => {
    await saveLabel('a', label('first', 1));
    const three = 3 * PREVIEW_BYTES;
    await savePreview('a', preview(1), three);
    await new Promise((resolve) => setTimeout(resolve, 2));
    for (const step of [1, 2, 3, 4]) {
      await savePreview('b', preview(step), three);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(await listPreviews('a')).toEqual([1]);
    expect(await listPreviews('b')).toEqual([3, 4]);
    expect((await bytesOfRuns()).previews).toBe(three);
    expect((await readPreview('b'))?.step).toBe(4);
    expect((await readPreview('b', 3))?.step).toBe(3);
    await savePreview('b', preview(2)); // rolled back, and again at step 2
    expect(await listPreviews('b')).toEqual([2]);
    await deleteRuns(['b']);
  });

  it('come back after they were deleted, and others hear of every change', async () => {
    await saveLabel('a', label('first', 1));
    await save('a', 1);
    await savePreview('a', preview(1));
    let heard = 0;
    const end = watchRuns(() => void heard++);
    const undo = await deleteRuns(['a']);
    expect(await listRuns()).toEqual([]);
    expect(await readPreview('a')).toBeNull();
    await undo();
    expect(await listRuns()).toMatchObject([{ id: 'a', summary: { step: 1 } }]);
    expect(await readRunCheckpoint('a', (data) => data[0])).toBe(1);
    expect((await readPreview('a'))?.step).toBe(1);
    await expect.poll(() => heard).toBe(2);
    end();
  });
});
