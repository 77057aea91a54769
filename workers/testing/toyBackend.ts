import * as tf from '@tensorflow/tfjs';
import { nodeWasmHost } from '../../cli/wasmThreads.ts';
import type { BackendPreference, BackendReport } from '../../src/core/backend/backendReport.ts';
import type { Backend, ChoiceOptions } from '../../src/core/backend/chooseBackend.ts';
import { registerWasmBackend } from '../../src/core/ops/wasm/register.ts';

let registered: Promise<unknown> | undefined;

/** One thread of WASM as a backend whose device can be lost. */
export class ToyBackend implements Backend {
  /** What was asked for, in order. */
  readonly asked: BackendPreference[] = [];
  /** How often a device was given up. */
  forgotten = 0;
  /** These cannot be had. */
  readonly missing = new Set<BackendPreference>();
  /** What it reports itself to be; it computes on WASM all the same. */
  reported: BackendReport['backend'] = 'wasm';
  private onDeviceError: (reason: string) => void = () => {};
  private mend: () => void = () => {};

  async choose(
    preference: BackendPreference,
    { onDeviceError = () => {} }: ChoiceOptions = {},
  ): Promise<BackendReport> {
    this.asked.push(preference);
    if (this.missing.has(preference)) throw new Error(`There is no ${preference} here.`);
    await (registered ??= registerWasmBackend(nodeWasmHost(1)));
    await tf.setBackend('wasm');
    this.onDeviceError = onDeviceError;
    return { backend: this.reported, description: 'toy', software: false, threads: 1, fellBack: null };
  }

  forget(): void {
    this.forgotten += 1;
    this.mend();
  }

  stepMemory(): ReturnType<Backend['stepMemory']> {
    return { bytes: 1e9, largestTensor: Infinity };
  }

  /** The device is lost, and says so. */
  lose(reason: string): void {
    this.onDeviceError(reason);
  }

  /** The device is lost without a word: only reading tensors back fails, until another is opened. */
  loseSilently(reason: string): void {
    const backend = tf.backend() as unknown as Record<'read', unknown>;
    const { read } = backend;
    backend.read = () => Promise.reject(new Error(reason));
    this.mend = () => {
      backend.read = read;
    };
  }
}
