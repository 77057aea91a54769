import { beforeEach, describe, expect, it } from 'vitest';
import { createDerainerApi } from '../../../../workers/derainer/derainerApi.ts';
import { fileOf, nodeImaging } from '../../../../workers/testing/nodeImaging.ts';
import { ToyBackend } from '../../../../workers/testing/toyBackend.ts';
import type { EdsrShape } from '../../../core/architectures/edsr.ts';
import { initialWeights } from '../../../core/architectures/registry.ts';
import { createPixels } from '../../../core/images/pixels.ts';
import { randomFromSeed } from '../../../core/random.ts';
import { encodeStudent } from '../../../core/weights/modelFile.ts';
import { reduce } from '../run/reduce.ts';
import type { CompareEvent } from '../run/reduce.ts';
import { cellOf, emptyComparison } from '../run/state.ts';
import type { Cell, CompareState, ComparedImage } from '../run/state.ts';
import { createRunner } from './runner.ts';

const shape: EdsrShape = { architecture: 'edsr', blocks: 1, filters: 3, imageSkip: true };
const student = new Blob([
  encodeStudent({ shape, weights: initialWeights(shape, randomFromSeed(3)), provenance: null }),
]);
const size = { width: 150, height: 110 };

let state: CompareState;
let drawn: string[];
let betweenTiles: () => void;
let dispatch: (event: CompareEvent) => void;

async function noise(seed: number): Promise<Blob> {
  const random = randomFromSeed(seed);
  const image = createPixels(size.width, size.height);
  for (let i = 0; i < image.data.length; i++) if (i % 4 < 3) image.data[i] = random.below(256);
  return fileOf(image);
}

const image = async (id: string, file?: Blob): Promise<ComparedImage> => ({
  id,
  name: `${id}.png`,
  file: file ?? (await noise(1)),
  truth: await noise(2),
  size,
  thumbnail: null,
});

beforeEach(() => {
  state = emptyComparison;
  drawn = [];
  betweenTiles = () => undefined;
  const api = createDerainerApi({
    backend: new ToyBackend(),
    imaging: nodeImaging,
    isTraining: async () => false,
    openOnnx: () => Promise.reject(new Error('No ONNX model is opened here.')),
    async yieldToEventLoop() {
      betweenTiles();
      await new Promise((resolve) => setTimeout(resolve));
    },
  });
  const events: CompareEvent[] = [];
  dispatch = (event) => {
    events.push(event);
    if (events.length > 1) return;
    for (; events[0]; events.shift()) {
      const reduced = reduce(state, events[0]);
      state = reduced.state;
      reduced.effects.forEach(run);
    }
  };
  const run = createRunner({
    worker: {
      ...api,
      // Small memory, so that an image takes several tiles.
      derain: (job, onEvents) => api.derain({ ...job, memoryBytes: 1 }, onEvents),
      prepareModel: (id) => api.loadModel(id, id.startsWith('broken') ? new Blob(['no model']) : student),
    },
    layers: {
      begin: (of, model) => void drawn.push(`begin ${of} ${model}`),
      add: (_, __, { bitmap }) => {
        if (drawn.at(-1) !== 'tiles') drawn.push('tiles');
        bitmap.close();
      },
      finish: (of, model) => void drawn.push(`finish ${of} ${model}`),
    },
    backend: () => 'wasm',
    reportBackend: () => undefined,
    dispatch: (event) => dispatch(event),
    offerUndo: () => undefined,
  });
});

/** Waits until nothing is done any more. */
async function idle(): Promise<void> {
  while (state.task) await new Promise((resolve) => setTimeout(resolve, 5));
}

const valueOf = (cell: Cell, name: string): number | null => cell.rows?.find((row) => row.name === name)?.value ?? null;

describe('a comparison on the real worker', () => {
  it('derains, measures and draws by one derainer after another', async () => {
    dispatch({ type: 'modelsChosen', models: ['one', 'two'] });
    dispatch({ type: 'imagesAdded', images: [await image('a')] });
    await idle();
    expect(drawn).toEqual(['a one', 'a two'].flatMap((of) => [`begin ${of}`, 'tiles', `finish ${of}`]));
    const [first, second] = [cellOf(state, 'a', 'one'), cellOf(state, 'a', 'two')];
    expect(first.ms).toBeGreaterThan(0);
    expect(valueOf(first, 'psnrY')).toBeGreaterThan(0);
    expect(valueOf(first, 'mapPsnrY')).toBeGreaterThan(0);
    expect(valueOf(first, 'psnrY')).toBe(valueOf(second, 'psnrY')); // It is the same student.
    expect(await nodeImaging.readPixels(first.output!)).toMatchObject(size);
    expect(await nodeImaging.readPixels(first.rainMap!)).toMatchObject(size);
    expect(state.inputs['a']!.rows.find(({ name }) => name === 'psnrRgb')!.value).toBeGreaterThan(0);
  });

  it('stops within a run, and does it anew when it goes on', async () => {
    betweenTiles = () => dispatch({ type: 'stopped' });
    dispatch({ type: 'modelsChosen', models: ['one'] });
    dispatch({ type: 'imagesAdded', images: [await image('a')] });
    await idle();
    expect(drawn).toEqual(['begin a one', 'tiles']);
    expect(cellOf(state, 'a', 'one')).toMatchObject({ status: 'waiting', share: 0, output: null });
    betweenTiles = () => undefined;
    dispatch({ type: 'resumed' });
    await idle();
    expect(cellOf(state, 'a', 'one').status).toBe('done');
  });

  it('stops before a run that has not begun', async () => {
    dispatch({ type: 'modelsChosen', models: ['one'] });
    dispatch({ type: 'imagesAdded', images: [await image('a')] });
    dispatch({ type: 'stopped' });
    await idle();
    expect(cellOf(state, 'a', 'one').status).toBe('waiting');
    expect(drawn).toEqual([]);
  });

  it('says why a model or an image cannot be used, and goes on with the others', async () => {
    dispatch({ type: 'modelsChosen', models: ['broken', 'one'] });
    dispatch({ type: 'imagesAdded', images: [await image('bad', new Blob(['no image'])), await image('a')] });
    await idle();
    expect(cellOf(state, 'a', 'broken')).toMatchObject({
      status: 'failed',
      error: { reason: expect.stringContaining('no known format') },
    });
    expect(cellOf(state, 'bad', 'one')).toMatchObject({ status: 'failed', error: { hint: expect.any(String) } });
    expect(cellOf(state, 'a', 'one').status).toBe('done');
  });
});
