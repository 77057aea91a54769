import * as tf from '@tensorflow/tfjs';
import { afterAll, expect, it } from 'vitest';
import { nodeWasmHost } from '../../../../cli/wasmThreads.ts';
import { shortTraining } from '../../training/shortTraining.ts';
import { registerReferenceKernels } from '../reference.ts';
import { registerWasmBackend, removeWasmBackend } from './register.ts';

const steps = 50;
const filters = { f1: 4, f2: 4, f3: 4 };

afterAll(removeWasmBackend);

it('trains along the same curve as the reference kernels, with constant memory', { timeout: 60_000 }, async () => {
  await registerWasmBackend(nodeWasmHost(2));
  await tf.setBackend('wasm');
  const ours = await shortTraining(steps, filters);
  registerReferenceKernels('wasm');
  const reference = await shortTraining(steps, filters);
  expect(ours.curve[steps - 1]!).toBeLessThan(0.6 * ours.curve[0]!);
  ours.curve.forEach((loss, i) => expect(Math.abs(loss / reference.curve[i]! - 1)).toBeLessThan(0.005));
  expect(ours.tensors[steps - 1]).toBe(ours.tensors[1]);
  expect(ours.bytes[steps - 1]).toBe(ours.bytes[1]);
});

it('trains along the same curve in two parts, with constant memory', async () => {
  await registerWasmBackend(nodeWasmHost(2));
  await tf.setBackend('wasm');
  const whole = await shortTraining(20, filters);
  const inMicroBatches = await shortTraining(20, filters, 2);
  whole.curve.forEach((loss, i) => expect(Math.abs(loss / inMicroBatches.curve[i]! - 1)).toBeLessThan(0.001));
  expect(inMicroBatches.tensors[19]).toBe(inMicroBatches.tensors[1]);
  expect(inMicroBatches.bytes[19]).toBe(inMicroBatches.bytes[1]);
});
