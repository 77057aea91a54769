import { beforeAll, beforeEach, expect, it } from 'vitest';
import { initialWeights, parameterCount, shapeOfSize } from '../../src/core/architectures/registry.ts';
import { createPixels } from '../../src/core/images/pixels.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { encodeOnnx } from '../../src/core/weights/export/onnx.ts';
import { encodeStudent } from '../../src/core/weights/modelFile.ts';
import type { DerainerApi, DerainEvent, ImportedModel } from '../../src/protocol/derainer.ts';
import { fileOf, nodeImaging, pixelsOf } from '../testing/nodeImaging.ts';
import { onnxWorkerInNode } from '../testing/nodeOnnx.ts';
import { ToyBackend } from '../testing/toyBackend.ts';
import { createDerainerApi } from './derainerApi.ts';
import { openInThread } from './onnxThread.ts';

const shape = shapeOfSize('edsr', { blocks: 1, filters: 3, imageSkip: true });
const weights = initialWeights(shape, randomFromSeed(3));
weights.get('tail.bias')!.fill(-0.1);
const student = { shape, weights, provenance: null };
const onnx = new Blob([new Uint8Array(encodeOnnx({ role: 'student', ...student }))]);

let api: DerainerApi;
/** Opened sessions that were not released. */
let open: number;
/** Of the session opened last. */
let worker: ReturnType<typeof onnxWorkerInNode>;
/** Called once a run is under way. */
let duringRun: () => void;
let photo: Blob;

beforeAll(async () => {
  const random = randomFromSeed(5);
  const pixels = createPixels(130, 90);
  for (let i = 0; i < pixels.data.length; i++) if (i % 4 < 3) pixels.data[i] = random.below(256);
  photo = await fileOf(pixels);
});

beforeEach(async () => {
  open = 0;
  duringRun = () => {};
  api = createDerainerApi({
    backend: new ToyBackend(),
    imaging: nodeImaging,
    openOnnx: async (bytes) => {
      worker = onnxWorkerInNode();
      const session = await openInThread(worker, bytes);
      open++;
      return {
        run: (...given) => {
          const running = session.run(...given);
          duringRun();
          return running;
        },
        release: () => (open--, session.release()),
      };
    },
    isTraining: async () => false,
    yieldToEventLoop: () => new Promise((resolve) => setTimeout(resolve)),
  });
  await api.openPhoto('photo', photo);
});

async function derained(model: string, hear: (event: DerainEvent) => void = () => {}): Promise<Uint8ClampedArray> {
  const job = { photo: 'photo', model, backend: 'wasm', strength: 1, ensemble: true, memoryBytes: 400e6 } as const;
  const events: DerainEvent[] = [];
  await api.derain({ ...job, ensemble: false, focus: { x: 0, y: 0 } }, (batch) => {
    events.push(...batch);
    batch.forEach(hear);
  });
  expect(events.at(-1)!.type).toBe('derained');
  const saved = await api.save({
    photo: 'photo',
    model,
    layer: { kind: 'derained', strength: 1 },
    format: 'image/png',
    quality: 1,
    metadata: 'strip',
  });
  return pixelsOf((await nodeImaging.decode(saved as Blob)).bitmap).data;
}

it('an ONNX model derains as the student that it was exported from, within one level', async () => {
  const { file, onnx: question } = (await api.importModel([onnx])) as ImportedModel;
  expect([file, question?.open]).toEqual([onnx, []]);
  expect(await api.loadModel('onnx', file)).toMatchObject({ format: 'onnx', parameters: parameterCount(shape) });
  await api.loadModel('ours', new Blob([encodeStudent(student)]));
  const [expected, given] = [await derained('ours'), await derained('onnx')];
  expect(Math.max(...given.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThanOrEqual(1);
  expect(open).toBe(1);
});

it('what its file leaves open is asked, and then written into it', async () => {
  const bytes = Buffer.from(await onnx.arrayBuffer());
  for (const key of ['range', 'layout', 'tile']) bytes.write('x'.repeat(key.length), bytes.lastIndexOf(key));
  const { onnx: question } = (await api.importModel([new Blob([new Uint8Array(bytes)])])) as ImportedModel;
  expect(question).toMatchObject({ opset: 17, open: ['range', 'channels', 'tile'] });
  const answers = { ...question!.usual, range: '0..255', tile: 128 } as const;
  const { file } = (await api.importModel([new Blob([new Uint8Array(bytes)])], answers)) as ImportedModel;
  expect(((await api.importModel([file])) as ImportedModel).onnx).toMatchObject({ open: [], usual: answers });
});

it('cancelling ends a run under way, and the next one opens the model again', async () => {
  const { file } = (await api.importModel([onnx])) as ImportedModel;
  await api.loadModel('onnx', file);
  const events: DerainEvent[] = [];
  const job = { photo: 'photo', model: 'onnx', backend: 'wasm', strength: 1, ensemble: false, memoryBytes: 1 } as const;
  duringRun = () => void api.cancel();
  await api.derain({ ...job, focus: { x: 0, y: 0 } }, (batch) => void events.push(...batch));
  expect(events.at(-1)).toEqual({ type: 'cancelled' });
  expect(open).toBe(0);
  duringRun = () => {};
  await derained('onnx');
});

it('a model whose worker crashes fails the job with the reason, and is opened again for the next', async () => {
  await api.loadModel('onnx', onnx);
  const events: DerainEvent[] = [];
  const job = { photo: 'photo', model: 'onnx', backend: 'wasm', strength: 1, ensemble: false, memoryBytes: 1 } as const;
  duringRun = () => worker.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
  await api.derain({ ...job, focus: { x: 0, y: 0 } }, (batch) => void events.push(...batch));
  expect(events.at(-1)).toEqual({
    type: 'derainFailed',
    reason: 'The ONNX model’s worker ended: out of memory.',
    hint: 'Use smaller tiles.',
  });
  expect(open).toBe(0);
  duringRun = () => {};
  await derained('onnx');
});

it('one of ours and an ONNX model take each other’s place under one id, and only that one is held', async () => {
  const ours = new Blob([encodeStudent(student)]);
  await api.loadModel('a', onnx);
  await derained('a');
  await api.loadModel('a', ours);
  expect(open, 'the ONNX model is closed').toBe(0);
  await derained('a');
  expect(open).toBe(0);
  expect(await api.loadModel('a', onnx)).toMatchObject({ format: 'onnx' });
  await derained('a');
  expect(open).toBe(1);
});

it('no time is promised for an ONNX model, whose speed is known only once it ran', async () => {
  await api.loadModel('onnx', onnx);
  expect(await api.warmUp('onnx', 'wasm', 1e8)).toBeNull();
  const request = { backend: 'wasm', model: 'onnx', ensemble: false, memoryBytes: 1e8 } as const;
  expect(await api.measure(request)).toMatchObject({ refused: false, secondsFor12Mp: null });
});

it('one model is open at a time, and a refused one says why', async () => {
  await api.loadModel('a', onnx);
  await api.loadModel('b', onnx);
  const first = await derained('a');
  await derained('b');
  expect(open).toBe(1);
  const opened = worker;
  expect(await derained('b'), 'the next photo finds it open').toEqual(first);
  expect(worker === opened).toBe(true);
  expect(await api.importModel([onnx.slice(0, onnx.size - 300)])).toMatchObject({ refused: true });
});
