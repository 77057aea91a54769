import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noiseSource } from '../data/testing/noiseSource.ts';
import { registerReferenceKernels } from '../ops/reference.ts';
import { registerLossTerm, weightOf } from '../paper/lossTerms.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import { presets } from './config.ts';
import type { TrainingConfig } from './config.ts';
import type { LossPoint, TrainingEvent } from './events.ts';
import { train } from './session.ts';

let unregister: () => void;
beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});
afterAll(() => unregister());

const source = noiseSource(32, 24);

const config: TrainingConfig = {
  ...presets.quick,
  networks: { blocks: 0, filters: { f1: 2, f2: 2, f3: 2 }, imageSkip: true },
  run: { seed: 5, steps: 2, batch: 1, crop: 16, previewEvery: 9, validateEvery: 9, checkpointEvery: 9 },
  data: { ...presets.quick.data, heldOut: 1, validationCrop: 16 },
};

async function run(): Promise<{ points: LossPoint[]; saved: Uint8Array }> {
  const events: TrainingEvent[] = [];
  const saved: Uint8Array[] = [];
  const ports = {
    source,
    now: () => 0,
    yieldToEventLoop: async () => {},
    saveCheckpoint: async (bytes: Uint8Array) => void saved.push(bytes),
    control: { stopRequested: false, checkpointRequested: false, takeChange: () => null },
  };
  for await (const event of train(config, ports)) events.push(event);
  expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'finished' });
  return { points: events.flatMap((event) => (event.type === 'stepped' ? event.points : [])), saved: saved.at(-1)! };
}

it('a loss term registered here alone is trained with, reported and kept in checkpoints', async () => {
  const without = await run();
  unregister = registerLossTerm({
    name: 'brightness',
    equation: null,
    update: 'synthetic',
    weight: () => 0.5,
    compute: (_, { y }) => tf.mean(y),
  });
  const withTerm = await run();
  const valueOf = ({ losses }: LossPoint): number => (losses as Record<string, number>)['brightness']!;
  expect(valueOf(withTerm.points[0]!)).toBeGreaterThan(0.1);
  const { losses, objective } = withTerm.points[0]!;
  const weighted = Object.entries(losses).map(([name, value]) => weightOf(name, config.hyperparameters) * value);
  expect(objective).toBeCloseTo(
    weighted.reduce((a, b) => a + b, 0),
    5,
  );
  expect(weightOf('brightness', config.hyperparameters)).toBe(0.5);
  expect(withTerm.points[1]!.losses.reconstruction).not.toBe(without.points[1]!.losses.reconstruction);
  const { history } = decodeCheckpoint(withTerm.saved);
  expect(history.map(valueOf)).toEqual(withTerm.points.map(valueOf).map(Math.fround));
});
