import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { createBackend } from '../../core/backend/chooseBackend.ts';
import { browserHost } from './browserHost.ts';
import type { Probe } from './probe.worker.ts';

it('computes on all cores in a worker, equal to the reference', async () => {
  const worker = new Worker(new URL('./probe.worker.ts', import.meta.url), { type: 'module' });
  const probe = await new Promise<Probe>((resolve, reject) => {
    worker.addEventListener('message', (event) => resolve(event.data as Probe));
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
    worker.postMessage(null);
  });
  worker.terminate();
  expect(probe.backend).toBe('wasm');
  expect(probe.threads).toBe(Math.min(navigator.hardwareConcurrency, 8));
  expect(probe.worst).toBeLessThan(1e-4);
});

it('computes on one thread in a tab, which may not wait for others', async () => {
  expect(await createBackend(browserHost).choose('wasm')).toMatchObject({ threads: 1 });
  const x = tf.ones([1, 4, 4, 3]);
  expect(tf.getBackend()).toBe('wasm');
  expect(tf.sum(x).dataSync()[0]).toBe(48);
});
