import * as tf from '@tensorflow/tfjs';
import { afterAll, expect, it } from 'vitest';
import { nodeWasmHost } from '../../../../cli/wasmThreads.ts';
import { createAdam } from '../../paper/adam.ts';
import { paperHyperparameters } from '../../paper/hyperparameters.ts';
import { createNetworks, disposeNetwork, networkNames, networkShapes } from '../../paper/networks.ts';
import type { Batch, Images } from '../../paper/notation.ts';
import { trainingStep, variablesOf } from '../../paper/trainingStep.ts';
import { randomFromSeed } from '../../random.ts';
import { registerReferenceKernels } from '../reference.ts';
import { registerWasmBackend, removeWasmBackend } from './register.ts';

const steps = 50;

afterAll(removeWasmBackend);

it('trains along the same curve as the reference kernels, with constant memory', { timeout: 60_000 }, async () => {
  await registerWasmBackend(nodeWasmHost(2));
  await tf.setBackend('wasm');
  const ours = train();
  registerReferenceKernels('wasm');
  const reference = train();
  expect(ours.curve[steps - 1]!).toBeLessThan(0.6 * ours.curve[0]!);
  ours.curve.forEach((loss, i) => expect(Math.abs(loss / reference.curve[i]! - 1)).toBeLessThan(0.005));
  expect(ours.tensors[steps - 1]).toBe(ours.tensors[1]);
  expect(ours.bytes[steps - 1]).toBe(ours.bytes[1]);
});

/** The sum of all losses at every step of a small seeded training, and what tfjs holds after it. */
function train(): { curve: number[]; tensors: number[]; bytes: number[] } {
  const networks = createNetworks(networkShapes(1, { f1: 4, f2: 4, f3: 4 }), randomFromSeed(1));
  const adam = createAdam(variablesOf(networks, networkNames));
  const batch = drawBatch();
  const curve: number[] = [];
  const tensors: number[] = [];
  const bytes: number[] = [];
  for (let i = 0; i < steps; i++) {
    const losses = trainingStep(networks, adam, batch, paperHyperparameters, 4e-3);
    curve.push(tf.tidy(() => tf.sum(losses).dataSync()[0]!));
    losses.dispose();
    tensors.push(tf.memory().numTensors);
    bytes.push(tf.memory().numBytes);
  }
  adam.dispose();
  for (const name of networkNames) disposeNetwork(networks[name]);
  tf.dispose([batch.xSyn, batch.yGt, batch.zGt, batch.xReal]);
  return { curve, tensors, bytes };
}

function drawBatch(): Batch {
  const random = randomFromSeed(2);
  const draw = (scale: number): Images =>
    tf.tensor(Float32Array.from({ length: 2 * 10 * 11 * 3 }, () => scale * random.uniform()), [2, 10, 11, 3]) as Images;
  const [yGt, zGt, xReal] = [draw(1), draw(0.3), draw(1)];
  return { yGt, zGt, xReal, xSyn: tf.add(yGt, zGt), direction: [8, 11] };
}
