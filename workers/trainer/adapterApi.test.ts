import { proxy } from 'comlink';
import type { Remote } from 'comlink';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EdsrShape } from '../../src/core/architectures/edsr.ts';
import { initialWeights } from '../../src/core/architectures/registry.ts';
import { imageOf } from '../../src/core/images/tensors.ts';
import { drawRain } from '../../src/core/rain/streaks.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { decodeStudent, encodeStudent } from '../../src/core/weights/modelFile.ts';
import type { AdapterApi, AdapterEvent, AdaptJob } from '../../src/protocol/adapter.ts';
import { connect } from '../testing/connect.ts';
import { fileOf } from '../testing/nodeImaging.ts';
import { TrainerTestHost } from '../testing/trainerTestHost.ts';
import { createAdapterApi } from './adapterApi.ts';

const shape: EdsrShape = { architecture: 'edsr', blocks: 0, filters: 4, imageSkip: true };
/** They find nothing yet. */
const weights = initialWeights(shape, randomFromSeed(1));
for (const name of ['tail.weight', 'tail.bias']) weights.get(name)!.fill(0);
const [width, height] = [160, 120];

let host: TrainerTestHost;
let adapter: Remote<AdapterApi>;
let close: () => void;
let events: AdapterEvent[];
let clean: Blob;

beforeEach(async () => {
  host = new TrainerTestHost();
  events = [];
  clean = await fileOf(imageOf(new Float32Array(width * height * 3).fill(0.4), width, height));
  ({ remote: adapter, close } = connect(createAdapterApi(host)));
});
afterEach(() => close());

/** Rain of so many levels a streak, as a student might find it. */
function rainMap(levels: number): AdaptJob['rainMap'] {
  const layer = { angle: 70, spread: 1, length: 30, width: 3, density: 5, strength: levels / 255 };
  const grey = drawRain({ layers: [layer], veil: { amount: 0, grey: 0.7 }, seed: 3, direction: 7 }, width, height);
  return { data: Float32Array.from({ length: grey.length * 3 }, (_, i) => grey[Math.floor(i / 3)]!), width, height };
}

function adapt(options: Partial<AdaptJob> = {}): Promise<void> {
  const student = new Blob([encodeStudent({ shape, weights, provenance: null })]);
  return adapter.adapt(
    { student, rainMap: rainMap(50), clean: [clean], seconds: 0.3, backend: 'wasm', ...options },
    proxy((batch: readonly AdapterEvent[]) => void events.push(...batch)),
  );
}

const types = (): string[] => [...new Set(events.map(({ type }) => type))];

it('returns a student of the same shape with other weights, and frees the device', async () => {
  await adapt();
  expect(types()).toEqual(['rainEstimated', 'adaptStepped', 'studentAdapted']);
  expect(events[0]).toMatchObject({ rain: { direction: 7 } });
  const last = events.at(-1)!;
  if (last.type !== 'studentAdapted') throw new Error(`It ended as ${last.type}.`);
  const adapted = decodeStudent(new Uint8Array(last.file));
  expect(adapted.shape).toEqual(shape);
  expect(adapted.weights.get('tail.weight')).not.toEqual(weights.get('tail.weight'));
  expect(host.isTaken).toBe(false);
  const tensors = tf.memory().numTensors;
  await adapt();
  expect(tf.memory().numTensors).toBe(tensors);
});

it('refuses a photo that shows no rain', async () => {
  await adapt({ rainMap: rainMap(0) });
  expect(events).toMatchObject([{ type: 'adaptRefused', reason: 'No rain was found in this photo.' }]);
});

it('is not stopped by a stop that came before it', async () => {
  await adapter.stopAdapting();
  await adapt();
  expect(types().at(-1)).toBe('studentAdapted');
});

it('stops when asked, without a result', async () => {
  host.betweenSteps = (call) => void (call === 1 && adapter.stopAdapting());
  await adapt({ seconds: 600 });
  expect(types().at(-1)).toBe('adaptStopped');
});

it('does not run beside a training or twice at once', async () => {
  host.isTaken = true;
  await adapt();
  expect(events).toMatchObject([{ type: 'adaptFailed', reason: expect.stringContaining('A training') }]);
  host.isTaken = false;
  events = [];
  let second: Promise<void> | undefined;
  host.betweenSteps = () => void (second ??= adapt());
  await adapt();
  await second;
  expect(types().sort()).toEqual(['adaptFailed', 'adaptStepped', 'rainEstimated', 'studentAdapted']);
});

it('says what went wrong: a student that is none, an image that is none, a backend that is not there, a lost device', async () => {
  await adapt({ student: new Blob(['no student']) });
  await adapt({ clean: [new Blob(['no image'])] });
  host.backend.missing.add('webgpu');
  await adapt({ backend: 'webgpu' });
  host.betweenSteps = (call) => void (call === 1 && host.backend.lose('The driver was reset.'));
  await adapt({ seconds: 600 });
  const failures = events.filter((event) => event.type === 'adaptFailed');
  expect(failures).toHaveLength(4);
  expect(failures[2]!.reason).toBe('There is no webgpu here.');
  expect(failures[3]!.reason).toBe('The driver was reset.');
  expect(host.backend.forgotten).toBe(1);
  expect(host.isTaken).toBe(false);
});
