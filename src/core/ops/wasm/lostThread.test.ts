import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import { afterAll, expect, it } from 'vitest';
import { nodeWasmHost } from '../../../../cli/wasmThreads.ts';
import { conv3x3 } from '../conv3x3.ts';
import type { ThreadStart } from './engine.ts';
import { registerWasmBackend, removeWasmBackend } from './register.ts';

afterAll(removeWasmBackend);

/** A helping thread that claims one chunk, as `assembly/pool.ts` lays down, and ends with it in its hands. */
const deserter = `
  const { memory, control } = require('node:worker_threads').workerData;
  const ticket = new BigInt64Array(memory.buffer, control, 1);
  for (;;) {
    const now = Atomics.load(ticket, 0);
    const [chunk, chunks] = [(now >> 20n) & 0xfffffn, now & 0xfffffn];
    if (chunk < chunks && Atomics.compareExchange(ticket, 0, now, now + (1n << 20n)) === now) break;
  }`;

it(
  'a call whose thread ends with work in its hands fails with the reason, and another backend takes over',
  { timeout: 60_000 },
  async () => {
    const errors: string[] = [];
    let deserted: Promise<unknown> = Promise.resolve();
    await registerWasmBackend({
      ...nodeWasmHost(2),
      patience: 1,
      onError: (reason) => errors.push(reason),
      spawn: ({ memory, control }: ThreadStart) => {
        const thread = new Worker(deserter, { eval: true, workerData: { memory, control } });
        thread.unref();
        deserted = new Promise((resolve) => thread.once('online', resolve));
      },
    });
    await tf.setBackend('wasm');
    await deserted;
    const [x, w, b] = [
      tf.ones([2, 64, 64, 16]) as tf.Tensor4D,
      tf.ones([3, 3, 16, 16]) as tf.Tensor4D,
      tf.zeros([16]) as tf.Tensor1D,
    ];
    const runUntilDeserted = (): void => {
      for (let i = 0; i < 200; i++) conv3x3(x, w, b).dispose();
    };
    expect(runUntilDeserted).toThrow('A thread that was computing has ended');
    expect(() => conv3x3(x, w, b), 'and stays so').toThrow('A thread that was computing has ended');
    expect(errors).toEqual(['A thread that was computing has ended, perhaps because memory ran out.']);

    await registerWasmBackend(nodeWasmHost(2));
    await tf.setBackend('wasm');
    const sum = tf.tidy(
      () => tf.sum(conv3x3(tf.ones([1, 4, 4, 1]), tf.ones([3, 3, 1, 1]), tf.zeros([1]))).dataSync()[0],
    );
    expect(sum).toBeCloseTo(100, 3);
  },
);
