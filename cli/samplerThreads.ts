import { Worker } from 'node:worker_threads';
import type { BatchSquares } from '../src/core/data/batchSquares.ts';
import type { SamplerOptions } from '../src/core/data/sampler.ts';
import type { DatasetSplit } from '../src/core/data/split.ts';
import type { ParallelSampler, TrainingPorts } from '../src/core/training/ports.ts';
import type { DatasetOptions } from './datasetOptions.ts';

/** What a thread needs to draw batches. */
export interface SamplerStart {
  readonly data: DatasetOptions;
  readonly images: DatasetSplit['train'];
  readonly options: SamplerOptions;
}

/** A thread's answer: the squares of a batch, or why there are none. */
export type Drawn =
  { readonly index: number; readonly squares: BatchSquares } | { readonly index: number; readonly error: string };

interface Answer {
  readonly promise: Promise<BatchSquares>;
  resolve(squares: BatchSquares): void;
  reject(error: Error): void;
}

/** Batches that each thread draws ahead. */
const AHEAD = 2;

/** Samplers over the images of `data` in `count` threads, each with its own decoded images. */
export function openSamplerThreads(data: DatasetOptions, count: number): NonNullable<TrainingPorts['openSampler']> {
  return (images, options) => new SamplerThreads({ data, images, options }, count);
}

/** Batch k is drawn by thread k modulo their number. */
class SamplerThreads implements ParallelSampler {
  private readonly threads: readonly Worker[];
  private readonly waiting = new Map<number, Answer>();
  private death: Error | null = null;

  constructor(start: SamplerStart, count: number) {
    this.threads = Array.from({ length: count }, () => this.startThread(start));
  }

  async squares(index: number): Promise<BatchSquares> {
    for (const old of this.waiting.keys()) if (old < index) this.waiting.delete(old);
    const last = index + AHEAD * this.threads.length;
    for (let next = index; next <= last; next++) this.ask(next);
    const { promise } = this.waiting.get(index)!;
    try {
      return await promise;
    } finally {
      this.waiting.delete(index);
    }
  }

  close(): void {
    this.die(undefined);
    for (const thread of this.threads) void thread.terminate();
  }

  private ask(index: number): void {
    if (this.waiting.has(index)) return;
    const answer = openAnswer();
    this.waiting.set(index, answer);
    if (this.death) answer.reject(this.death);
    else this.threads[index % this.threads.length]!.postMessage(index);
  }

  private startThread(start: SamplerStart): Worker {
    const thread = new Worker(new URL('samplerThread.mjs', import.meta.url), { workerData: start, execArgv: [] });
    thread.on('message', (drawn: Drawn) => {
      const answer = this.waiting.get(drawn.index);
      if ('squares' in drawn) answer?.resolve(drawn.squares);
      else answer?.reject(new Error(drawn.error));
    });
    thread.on('error', (error) => this.die(error));
    return thread;
  }

  private die(cause: unknown): void {
    this.death = new Error('A thread that draws batches has ended.', { cause });
    for (const answer of this.waiting.values()) answer.reject(this.death);
  }
}

function openAnswer(): Answer {
  let settle!: Pick<Answer, 'resolve' | 'reject'>;
  const promise = new Promise<BatchSquares>((resolve, reject) => (settle = { resolve, reject }));
  promise.catch(() => undefined); // one drawn ahead may never be asked for
  return { promise, ...settle };
}
