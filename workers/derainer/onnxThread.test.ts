import { beforeEach, describe, expect, it } from 'vitest';
import { initialWeights, shapeOfSize } from '../../src/core/architectures/registry.ts';
import type { OnnxArray, OnnxRuntime, OnnxSession } from '../../src/core/inference/onnx/onnxRuntime.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { encodeOnnx } from '../../src/core/weights/export/onnx.ts';
import { ForeignFileError } from '../../src/core/weights/foreign/foreignFile.ts';
import { nodeRuntime, onnxWorkerInNode } from '../testing/nodeOnnx.ts';
import { openInThread } from './onnxThread.ts';

const shape = shapeOfSize('edsr', { blocks: 1, filters: 3, imageSkip: true });
const weights = initialWeights(shape, randomFromSeed(3));
const bytes = (): Uint8Array => new Uint8Array(encodeOnnx({ role: 'student', shape, weights, provenance: null }));
const image = (level = 0.5, side = 8): OnnxArray => ({
  data: new Float32Array(3 * side * side).fill(level),
  dims: [1, 3, side, side],
});

let ended: number;

/** A worker that counts its ends. */
function workerOf(load?: () => Promise<OnnxRuntime>): ReturnType<typeof onnxWorkerInNode> {
  const worker = onnxWorkerInNode(load);
  const { terminate } = worker;
  worker.terminate = () => (ended++, terminate());
  return worker;
}

/** Computes until its worker is ended. */
const endless = async (): Promise<OnnxRuntime> => ({
  ...(await nodeRuntime()),
  InferenceSession: {
    create: async () => ({ run: () => new Promise(() => undefined), release: async () => undefined }),
  },
});

/** What a browser tells of a worker that it ended. */
const crash = (message?: string): Event => Object.assign(new Event('error', { cancelable: true }), { message });

const run = (session: OnnxSession, given = image()): Promise<OnnxArray> => session.run('image', given, 'derained');

beforeEach(() => {
  ended = 0;
});

describe('an ONNX model in a worker of its own', () => {
  it('gives the same output for the same image, however often it runs', async () => {
    const session = await openInThread(workerOf(), bytes());
    const first = await run(session);
    expect(first.dims).toEqual([1, 3, 8, 8]);
    const dark = await run(session, image(0.1));
    const again = await run(session);
    expect(again.data).toEqual(first.data);
    expect(dark.data).not.toEqual(first.data);
    await session.release();
    expect(ended).toBe(1);
  });

  it('that cannot be opened is refused with the reason, and its worker ends', async () => {
    const opening = openInThread(workerOf(), bytes().slice(0, 200));
    await expect(opening).rejects.toThrow(ForeignFileError);
    await expect(opening).rejects.toMatchObject({
      reason: expect.stringMatching(/^The ONNX model cannot be run here: ./),
    });
    expect(ended).toBe(1);
  });

  it('ends its worker where the runtime cannot be loaded', async () => {
    const offline = (): Promise<OnnxRuntime> => Promise.reject(new Error('Failed to fetch'));
    await expect(openInThread(workerOf(offline), bytes())).rejects.toThrow('Failed to fetch');
    expect(ended).toBe(1);
  });

  it('refuses an image that it cannot take, and runs the next', async () => {
    const session = await openInThread(workerOf(), bytes());
    const flat = { data: new Float32Array(64), dims: [1, 1, 8, 8] };
    const refused = run(session, flat);
    await expect(refused).rejects.toThrow(ForeignFileError);
    await expect(refused).rejects.toMatchObject({
      reason: expect.stringContaining('refused an image of [1, 1, 8, 8]'),
    });
    expect((await run(session)).dims).toEqual([1, 3, 8, 8]);
    await session.release();
  });

  it('that is released while it computes ends at once, and what it computes rejects', async () => {
    const session = await openInThread(workerOf(endless), bytes());
    const running = run(session);
    const answer = expect(running).rejects.toThrow('The ONNX model was closed.');
    await session.release();
    await answer;
    expect(ended).toBe(1);
  });

  it('whose worker the browser ends says why, or that no reason was given', async () => {
    for (const [message, said] of [
      ['out of memory', 'out of memory'],
      [undefined, 'it gave no reason'],
    ] as const) {
      const worker = workerOf(endless);
      const running = run(await openInThread(worker, bytes()));
      const answer = expect(running).rejects.toMatchObject({
        reason: `The ONNX model’s worker ended: ${said}.`,
        hint: 'Use smaller tiles.',
      });
      const event = crash(message);
      worker.dispatchEvent(event);
      await answer;
      expect(event.defaultPrevented, 'it is told here, not on the console').toBe(true);
    }
    expect(ended).toBe(2);
  });

  it('whose worker ends while the model is opened is refused', async () => {
    const worker = workerOf(() => new Promise(() => undefined));
    const answer = expect(openInThread(worker, bytes())).rejects.toThrow('the file is too large');
    worker.dispatchEvent(crash('the file is too large'));
    await answer;
  });
});
