import { parentPort, workerData } from 'node:worker_threads';
import { Sampler } from '../src/core/data/sampler.ts';
import { messageOf } from '../src/core/training/failures.ts';
import type { Drawn, SamplerStart } from './samplerThreads.ts';
import { trainingSource } from './trainingSource.ts';

/** A thread that draws the batches whose numbers it is sent, in their order. */
const { data, images, options } = workerData as SamplerStart;
const sampler = trainingSource(data).then(({ source }) => new Sampler(source, images, options));

async function draw(index: number): Promise<void> {
  try {
    const squares = await (await sampler).squares(index);
    const { xSyn, yGt, zGt, xReal } = squares;
    const buffers = new Set([xSyn, yGt, zGt, xReal].flat().map(({ buffer }) => buffer as ArrayBuffer));
    post({ index, squares }, [...buffers]);
  } catch (error) {
    post({ index, error: messageOf(error) });
  }
}

function post(drawn: Drawn, transfer: ArrayBuffer[] = []): void {
  parentPort!.postMessage(drawn, transfer);
}

let turn = Promise.resolve();
parentPort!.on('message', (index: number) => (turn = turn.then(() => draw(index))));
