import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialWeights } from '../architectures/registry.ts';
import { createPixels } from '../images/pixels.ts';
import type { Pixels } from '../images/pixels.ts';
import { registerReferenceKernels } from '../ops/reference.ts';
import type { Images } from '../paper/notation.ts';
import { directionIndex } from '../rain/direction.ts';
import { estimateRain } from '../rain/estimateRain.ts';
import { drawRain } from '../rain/streaks.ts';
import { randomFromSeed } from '../random.ts';
import { adaptStudent } from './adapt.ts';
import type { AdaptEvent, AdaptRequest } from './adapt.ts';
import { showsRain } from './foundRain.ts';
import { calibrateRain, isFoundAgain, knowsRain, recipeLike } from './rainKind.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

const shape = { architecture: 'edsr', blocks: 0, filters: 4, imageSkip: true } as const;

/** A student that finds nothing yet. */
function newStudent(): AdaptRequest['student'] {
  const weights = initialWeights(shape, randomFromSeed(1));
  for (const name of ['tail.weight', 'tail.bias']) weights.get(name)!.fill(0);
  return { shape, weights };
}

/** A smooth scene. */
function scene(): Pixels {
  const image = createPixels(100, 100);
  for (let i = 0; i < image.data.length; i++) if (i % 4 !== 3) image.data[i] = 90 + 40 * Math.sin(i / 900);
  return image;
}

/** Rain as a student might find it, [h·w·3]. */
function rainMap(strength: number): AdaptRequest['rainMap'] {
  const layer = { angle: 70, spread: 1, length: 30, width: 3, density: 5, strength };
  const recipe = { layers: [layer], veil: { amount: 0, grey: 0.7 }, seed: 3, direction: directionIndex(70) };
  const grey = drawRain(recipe, 160, 120);
  return {
    data: Float32Array.from({ length: grey.length * 3 }, (_, i) => grey[Math.floor(i / 3)]!),
    width: 160,
    height: 120,
  };
}

function requestFor(options: Partial<AdaptRequest> = {}): AdaptRequest {
  let time = 0;
  return {
    student: newStudent(),
    rainMap: rainMap(0.2),
    clean: [scene()],
    budgetMs: 900,
    seed: 7,
    settings: { side: 24 },
    now: () => (time += 50),
    yieldToEventLoop: async () => {},
    control: { stopRequested: false },
    ...options,
  };
}

async function run(request: AdaptRequest): Promise<AdaptEvent[]> {
  const events: AdaptEvent[] = [];
  for await (const event of adaptStudent(request)) events.push(event);
  return events;
}

describe('adapting a student to a photo', () => {
  it('estimates its rain, learns from it within the budget, and returns other weights', async () => {
    const request = requestFor();
    const before = tf.memory().numTensors;
    const events = await run(request);
    expect(events[0]).toMatchObject({ type: 'estimated', rain: { direction: 7 } });
    const steps = events.filter((event) => event.type === 'stepped');
    expect(steps.length).toBeGreaterThan(1);
    const shares = steps.map(({ share }) => share);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    const last = events.at(-1)!;
    if (last.type !== 'adapted') throw new Error(`It ended as ${last.type}.`);
    expect(last.step).toBeGreaterThan(10);
    expect([...last.weights.keys()]).toEqual([...request.student.weights.keys()]);
    expect(last.weights.get('tail.weight')).not.toEqual(request.student.weights.get('tail.weight'));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the same weights for the same seed and number of steps', async () => {
    const weights = async (): Promise<Float32Array> => {
      const last = (await run(requestFor({ budgetMs: 400 }))).at(-1)!;
      if (last.type !== 'adapted') throw new Error(`It ended as ${last.type}.`);
      return last.weights.get('tail.weight')!;
    };
    expect(await weights()).toEqual(await weights());
  });

  it('refuses a photo without rain', async () => {
    const clean = { data: new Float32Array(160 * 120 * 3).fill(0.0005), width: 160, height: 120 };
    const events = await run(requestFor({ rainMap: clean }));
    expect(events).toEqual([expect.objectContaining({ type: 'refused', reason: 'No rain was found in this photo.' })]);
  });

  it('stops when asked, without a result and without a tensor left', async () => {
    const control = { stopRequested: false };
    const request = requestFor({ control });
    const before = tf.memory().numTensors;
    const types: string[] = [];
    for await (const event of adaptStudent(request)) {
      types.push(event.type);
      control.stopRequested = true;
    }
    expect(types).toEqual(['estimated', 'stopped']);
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('takes rain for rain from its light and direction', () => {
  const rain = { mean: 6 / 255, strength: 0.1, confidence: 0.5 };
  expect(showsRain(rain)).toBe(true);
  expect(showsRain({ ...rain, mean: 0.5 / 255 })).toBe(false);
  expect(showsRain({ ...rain, strength: 0.5 / 255 })).toBe(false); // an even tint
  expect(showsRain({ ...rain, confidence: 0.02 })).toBe(false);
});

it('takes what a photo shows for rain only if rain like it would be found so', () => {
  expect(isFoundAgain({ density: 4.8 }, { density: 2.9 })).toBe(true);
  expect(isFoundAgain({ density: 6 }, { density: 1.8 })).toBe(false);
});

it('crosses layers over a fan, and keeps one without', () => {
  const rain = { angle: 80, direction: 8, confidence: 0.6, length: 30, width: 3, density: 4, strength: 0.2, fan: 0 };
  expect(recipeLike(rain, randomFromSeed(1)).layers).toHaveLength(1);
  const { layers, direction } = recipeLike({ ...rain, fan: 20 }, randomFromSeed(1));
  expect(layers).toHaveLength(3);
  expect(direction).toBe(8);
  for (const { width, length, angle } of layers) {
    expect(width).toBeGreaterThan(2);
    expect(width).toBeLessThan(4);
    expect(length).toBeLessThanOrEqual(45);
    expect(Math.abs(angle - 80)).toBeLessThanOrEqual(24);
  }
});

it('takes more rain to be there than a student finds that finds half of it, and not where it finds most', async () => {
  const layer = { angle: 70, spread: 1, length: 30, width: 3, density: 5, strength: 0.1 };
  const recipe = { layers: [layer], veil: { amount: 0, grey: 0.7 }, seed: 3, direction: directionIndex(70) };
  const found = estimateRain(
    drawRain(recipe, 400, 300).map((value) => value / 2),
    400,
    300,
  );
  const black = createPixels(200, 200);
  const half = { apply: (x: Images) => tf.mul(x, 0.5) as Images };
  const { kind, share } = await calibrateRain(found, half, [black], 96, randomFromSeed(5));
  expect(found.strength).toBeGreaterThan(0.04);
  expect(found.strength).toBeLessThan(0.06);
  expect(kind.strength / found.strength).toBeGreaterThan(1.6);
  expect(kind.strength / found.strength).toBeLessThan(2.4);
  for (const name of ['density', 'length', 'width'] as const) {
    expect(kind[name] / layer[name], name).toBeGreaterThan(0.7);
    expect(kind[name] / layer[name], name).toBeLessThan(1.4);
  }
  expect(share).toBeCloseTo(0.5, 5);
  expect(knowsRain({ share })).toBe(false);
  const most = { apply: (x: Images) => tf.mul(x, 0.1) as Images };
  expect(knowsRain(await calibrateRain(found, most, [black], 96, randomFromSeed(5))), 'it finds nine tenths').toBe(
    true,
  );
});
