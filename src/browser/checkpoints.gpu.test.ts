import { beforeEach, describe, expect, it } from 'vitest';
import type { CheckpointSummary } from '../protocol/trainer.ts';
import { presets } from '../core/training/config.ts';
import {
  discardBest,
  discardCheckpoints,
  listCheckpoints,
  readBest,
  readNewestCheckpoint,
  saveBest,
  saveCheckpoint,
} from './checkpoints.ts';

const summary = (step: number): CheckpointSummary => ({
  step,
  totalSteps: 100,
  savedAt: step,
  bytes: 4,
  config: presets.quick,
  psnr: null,
});
const bytes = (value: number): ArrayBuffer => Uint8Array.of(value, value, value, value).buffer;
const steps = async (): Promise<number[]> => (await listCheckpoints()).map(({ step }) => step);

beforeEach(() => discardCheckpoints());

describe('stored checkpoints', () => {
  it('are the last two, newest first, in the order of writing', async () => {
    expect(await steps()).toEqual([]);
    for (const step of [10, 20, 30]) await saveCheckpoint(bytes(step), summary(step));
    expect(await steps()).toEqual([30, 20]);
    await saveCheckpoint(bytes(5), summary(5)); // a fresh run begins at a lower step
    expect(await steps()).toEqual([5, 30]);
  });

  it('stay two of two steps when a step is stored once more', async () => {
    for (const step of [10, 20]) await saveCheckpoint(bytes(step), summary(step));
    await saveCheckpoint(bytes(21), summary(20));
    expect(await steps()).toEqual([20, 10]);
    expect(await readNewestCheckpoint((data) => data[0])).toMatchObject({ checkpoint: 21, summary: { step: 20 } });
  });

  it('have the best weights beside them, which outlast them', async () => {
    expect(await readBest()).toBeNull();
    const best = { step: 10, psnr: 27, student: bytes(1), teacher: bytes(2) };
    await saveBest(best);
    await discardCheckpoints();
    expect(await readBest()).toEqual(best);
    await discardBest();
    expect(await readBest()).toBeNull();
  });

  it('are read from the newest that is sound', async () => {
    for (const step of [10, 20]) await saveCheckpoint(bytes(step), summary(step));
    const read =
      (damaged: number) =>
      (data: Uint8Array): number => {
        if (data[0] === damaged) throw new Error('damaged');
        return data[0]!;
      };
    expect(await readNewestCheckpoint(read(0))).toMatchObject({ checkpoint: 20, summary: { step: 20 } });
    expect(await readNewestCheckpoint(read(20))).toMatchObject({ checkpoint: 10, summary: { step: 10 } });
    await discardCheckpoints(1);
    expect(await steps()).toEqual([20]);
    expect(await readNewestCheckpoint(read(20))).toBeNull();
  });

  it('stay as they were when one cannot be stored', async () => {
    await saveCheckpoint(bytes(10), summary(10));
    const uncloneable = { ...summary(20), psnr: (() => 1) as unknown as number };
    await expect(saveCheckpoint(bytes(20), uncloneable)).rejects.toThrow();
    expect(await readNewestCheckpoint((data) => data[0])).toMatchObject({ checkpoint: 10, summary: { step: 10 } });
  });
});
