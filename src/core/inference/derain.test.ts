import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPixels, cropPixels } from '../images/pixels.ts';
import type { Pixels } from '../images/pixels.ts';
import { tensorOfImages } from '../images/tensors.ts';
import { registerReferenceKernels } from '../ops/reference.ts';
import type { NetworkShape } from '../architectures/architecture.ts';
import { applyNetwork, initialWeights, networkWeights, shapeOfSize } from '../architectures/registry.ts';
import type { EdsrShape } from '../architectures/edsr.ts';
import { randomFromSeed } from '../random.ts';
import type { ModelFile } from '../weights/modelFile.ts';
import { derain, pixelSource } from './derain.ts';
import type { DerainFact, DerainRequest, Tiled } from './derain.ts';
import { createDerainer, selfEnsemble } from './derainer.ts';
import type { Derainer } from './derainer.ts';
import { rainMapOf } from './residual.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

const shape: EdsrShape = { architecture: 'edsr', blocks: 1, filters: 3, imageSkip: true };

/** Filters look one pixel to the left and one to the right, so the outermost pixels that the network sees have a say. */
function attentive(of: EdsrShape): Map<string, Float32Array> {
  return new Map(
    networkWeights(of).map(({ name, shape: dims }) => {
      const array = new Float32Array(dims.reduce((a, b) => a * b, 1));
      if (dims.length === 1) return [name, array];
      const [, , cin, cout] = dims as [number, number, number, number];
      const weight = (name === 'tail.weight' ? -0.15 : 0.5) / cin;
      for (const column of [0, 2]) array.fill(weight, (3 + column) * cin * cout, (4 + column) * cin * cout);
      return [name, array];
    }),
  );
}

const student = (weights = attentive(shape)): ModelFile => ({ role: 'student', shape, weights, provenance: null });

function teacher(): ModelFile {
  const shapes = { f1: { ...shape, imageSkip: false }, f2: shape };
  return { role: 'teacher', shapes, weights: { f1: attentive(shapes.f1), f2: attentive(shapes.f2) }, provenance: null };
}

function photo(width: number, height: number): Pixels {
  const random = randomFromSeed(5);
  const image = createPixels(width, height);
  for (let i = 0; i < image.data.length; i++) image.data[i] = random.below(256);
  return image;
}

function requestFor(image: Pixels, network: Derainer, options: Partial<DerainRequest> = {}): DerainRequest {
  return {
    image: pixelSource(image),
    network,
    tile: 1000,
    order: 'rows',
    strength: 1,
    yieldToEventLoop: async () => {},
    now: () => performance.now(),
    stop: { aborted: false },
    ...options,
  };
}

async function run(...given: Parameters<typeof requestFor>): Promise<DerainFact[]> {
  const facts: DerainFact[] = [];
  for await (const fact of derain(requestFor(...given))) facts.push(fact);
  return facts;
}

const tilesOf = (facts: readonly DerainFact[]): Tiled[] => facts.filter((fact) => fact.type === 'tiled');

/** The tiles put together, as residuals in 1/64 levels and as an image. */
function assembled(image: Pixels, facts: readonly DerainFact[]): { residual: Int16Array; pixels: Uint8ClampedArray } {
  const residual = new Int16Array(image.width * image.height * 3);
  const pixels = new Uint8ClampedArray(image.width * image.height * 4);
  for (const tile of tilesOf(facts)) {
    for (let y = 0; y < tile.rect.height; y++) {
      const at = (tile.rect.top + y) * image.width + tile.rect.left;
      residual.set(tile.residual.data.subarray(y * tile.rect.width * 3, (y + 1) * tile.rect.width * 3), at * 3);
      pixels.set(tile.pixels.data.subarray(y * tile.rect.width * 4, (y + 1) * tile.rect.width * 4), at * 4);
    }
  }
  return { residual, pixels };
}

describe('derain', () => {
  it.each([
    ['a student', student, 5],
    ['a teacher', teacher, 10],
  ])(
    'with %s gives the untiled result with a halo of the receptive radius, and not with one pixel less',
    async (_, model, radius) => {
      const network = createDerainer(model());
      expect(network.radius).toBe(radius);
      // Sides at which two tiles of the shorter halo just fit, with nothing to spare.
      const image = photo(2 * 16 + 2 * (radius - 1), 14 + 2 * radius);
      const untiled = assembled(image, await run(image, network));
      const tiled = assembled(image, await run(image, network, { tile: 12 + 2 * radius }));
      const short = assembled(
        image,
        await run(image, { ...network, radius: radius - 1 }, { tile: 16 + 2 * (radius - 1) }),
      );
      expect(tilesOf(await run(image, network, { tile: 12 + 2 * radius })).length).toBeGreaterThan(3);
      expect(tiled.residual).toEqual(untiled.residual);
      expect(tiled.pixels).toEqual(untiled.pixels);
      expect(short.residual).not.toEqual(untiled.residual);
      network.dispose();
    },
  );

  it('reports a plan, every tile with the share done, and the end', async () => {
    const network = createDerainer(student());
    const facts = await run(photo(43, 31), network, { tile: 27 });
    expect(facts[0]).toEqual({ type: 'planned', tiles: 4, pixels: 43 * 31 });
    expect(
      tilesOf(facts)
        .map(({ share }) => share)
        .at(-1),
    ).toBe(1);
    expect(facts.at(-1)).toEqual({ type: 'finished' });
    network.dispose();
  });

  it('shows a small part around the point that is looked at first, as the untiled result has it, and counts it once', async () => {
    const network = createDerainer(student());
    const image = photo(60, 50);
    const facts = await run(image, network, { tile: 27, firstTile: 16, order: () => ({ x: 40, y: 20 }) });
    const firstTile = facts[1]!;
    if (firstTile.type !== 'firstTileDone') throw new Error('The first news is no first tile.');
    expect(firstTile.rect).toEqual({ left: 37, top: 17, width: 6, height: 6 });
    const { pixels } = assembled(image, await run(image, network));
    const { left, top, width, height } = firstTile.rect;
    expect(firstTile.pixels).toEqual(cropPixels({ width: 60, height: 50, data: pixels }, left, top, width, height));
    expect(tilesOf(facts).at(-1)!.share).toBe(1);
    network.dispose();
  });

  it('follows the point that is looked at while it moves, and still gives every tile once', async () => {
    const network = createDerainer(student());
    const image = photo(90, 90);
    let point = { x: 5, y: 5 };
    const facts: DerainFact[] = [];
    for await (const fact of derain(requestFor(image, network, { tile: 27, order: () => point }))) {
      facts.push(fact);
      if (fact.type === 'tiled') point = { x: 85, y: 85 };
    }
    const [first, second] = tilesOf(facts).map(({ rect }) => rect);
    expect(first).toMatchObject({ left: 0, top: 0 });
    expect([second!.left + second!.width, second!.top + second!.height]).toEqual([90, 90]);
    expect(assembled(image, facts).pixels).toEqual(assembled(image, await run(image, network)).pixels);
    network.dispose();
  });

  it('leaves alpha, and pixels that the network would change by less than half a level, bit for bit, at any strength', async () => {
    const weights = new Map(
      networkWeights(shape).map(({ name, shape: dims }) => [name, new Float32Array(dims.reduce((a, b) => a * b, 1))]),
    );
    const image = photo(20, 20);
    weights.get('tail.bias')!.set([0.49 / 255, -0.49 / 255, -2 / 255]);
    const network = createDerainer(student(weights));
    for (const strength of [0.5, 1, 1.5]) {
      const { pixels } = assembled(image, await run(image, network, { strength }));
      const expected = image.data.map((value, i) => (i % 4 === 2 ? value - 2 * strength : value));
      expect(pixels).toEqual(expected);
    }
    network.dispose();
  });

  it('at strength 0 returns the image', async () => {
    const network = createDerainer(student());
    const image = photo(20, 20);
    expect(assembled(image, await run(image, network, { strength: 0 })).pixels).toEqual(image.data);
    network.dispose();
  });

  it('gives the rain map: x − y of a student, F1(x) of a teacher, times a gain', async () => {
    const weights = new Map(
      networkWeights(shape).map(({ name, shape: dims }) => [name, new Float32Array(dims.reduce((a, b) => a * b, 1))]),
    );
    weights.get('tail.bias')!.set([-3 / 255, -4 / 255, 5 / 255]);
    const network = createDerainer(student(weights));
    const [tile] = tilesOf(await run(photo(8, 8), network));
    expect(tile!.rainMap).toBeNull();
    expect([...rainMapOf(tile!.residual, 2).data.subarray(0, 4)]).toEqual([6, 8, 10, 255]);
    network.dispose();

    const both = createDerainer({
      role: 'teacher',
      shapes: { f1: { ...shape, imageSkip: false } as EdsrShape, f2: shape },
      weights: { f1: weights, f2: weights },
      provenance: null,
    });
    const [taught] = tilesOf(await run(photo(8, 8), both));
    expect([...rainMapOf(taught!.rainMap!, 1).data.subarray(0, 4)]).toEqual([3, 4, 5, 255]);
    both.dispose();
  });

  it('stops before the next tile when asked', async () => {
    const network = createDerainer(student());
    const stop = { aborted: false };
    const yieldToEventLoop = async (): Promise<void> => {
      stop.aborted = true;
    };
    const facts = await run(photo(43, 31), network, { tile: 27, stop, yieldToEventLoop });
    expect(facts.map(({ type }) => type)).toEqual(['planned', 'tiled', 'stopped']);
    network.dispose();
  });

  it('holds one tile at a time as tensors and leaves none behind, also when its consumer walks away', async () => {
    const empty = tf.memory().numTensors;
    const network = createDerainer(teacher());
    const before = tf.memory().numTensors;
    const counts: number[] = [];
    await run(photo(60, 60), network, {
      tile: 27,
      yieldToEventLoop: async () => void counts.push(tf.memory().numTensors),
    });
    expect(new Set(counts)).toEqual(new Set([before]));
    for await (const fact of derain(requestFor(photo(60, 60), network, { tile: 27 }))) if (fact.type === 'tiled') break;
    expect(tf.memory().numTensors).toBe(before);
    network.dispose();
    expect(tf.memory().numTensors).toBe(empty);
  });
});

describe('selfEnsemble', () => {
  it('rotates with the image: a rotated image gives the rotated output', async () => {
    const network = selfEnsemble(createDerainer(student(initialWeights(shape, randomFromSeed(3)))));
    const x = tf.randomUniform([1, 9, 7, 3], 0, 1, 'float32', 4) as tf.Tensor4D;
    const turn = (t: tf.Tensor): tf.Tensor4D => tf.transpose(tf.reverse(t, [1]), [0, 2, 1, 3]) as tf.Tensor4D;
    const direct = turn(network.derain(x).y);
    const rotated = network.derain(turn(x)).y;
    expect(tf.max(tf.abs(tf.sub(direct, rotated))).dataSync()[0]).toBeLessThan(1e-5);
    network.dispose();
  });

  it('is the mean of eight: of an output that does not depend on the image, that output', async () => {
    const weights = new Map(
      networkWeights(shape).map(({ name, shape: dims }) => [name, new Float32Array(dims.reduce((a, b) => a * b, 1))]),
    );
    weights.get('tail.bias')!.fill(0.25);
    const before = tf.memory().numTensors;
    const network = selfEnsemble(createDerainer(student(weights)));
    const x = tf.zeros([1, 4, 6, 3]) as tf.Tensor4D;
    const { y: derained } = network.derain(x);
    expect(derained.shape).toEqual([1, 4, 6, 3]);
    expect([...new Set(derained.dataSync())]).toEqual([0.25]);
    tf.dispose([x, derained]);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('octave by octave', () => {
  const shape: NetworkShape = { architecture: 'pyramid', blocks: 1, filters: 3, imageSkip: true } as NetworkShape;

  const fresh = (of: NetworkShape): Map<string, Float32Array> => initialWeights(of, randomFromSeed(11));

  const pyramidStudent = (): ModelFile => ({ role: 'student', shape, weights: fresh(shape), provenance: null });
  function pyramidTeacher(): ModelFile {
    const shapes = {
      f1: { ...shape, imageSkip: false } as NetworkShape,
      f2: { architecture: 'edsr', blocks: 0, filters: 3, imageSkip: true } as NetworkShape,
    };
    const weights = { f1: fresh(shapes.f1), f2: initialWeights(shapes.f2, randomFromSeed(12)) };
    return { role: 'teacher', shapes, weights, provenance: null };
  }

  it.each([
    ['a student', pyramidStudent],
    ['a teacher', pyramidTeacher],
  ])(
    '%s gives in tiles what it gives in one piece, and not with a shorter halo',
    async (_, model) => {
      const network = createDerainer(model());
      const image = photo(203, 138);
      const whole = await run(image, network);
      const parts = await run(image, network, { tile: 96 });
      expect(tilesOf(parts).length).toBeGreaterThan(3);
      expect(assembled(image, parts).residual).toEqual(assembled(image, whole).residual);
      expect(assembled(image, parts).pixels).toEqual(assembled(image, whole).pixels);
      const short = await run(image, { ...network, radius: 12 }, { tile: 48 });
      expect(assembled(image, short).residual).not.toEqual(assembled(image, whole).residual);
      network.dispose();
    },
    120_000,
  );

  it('shows the whole image at each coarser octave, coarsest first, before the first tile', async () => {
    const network = createDerainer(pyramidStudent());
    const facts = await run(photo(131, 70), network);
    const octaves = facts.filter((fact) => fact.type === 'octaveDone');
    expect(octaves.map(({ octave, pixels }) => [octave, pixels.width, pixels.height])).toEqual([
      [2, 33, 18],
      [1, 66, 35],
    ]);
    expect(facts.map(({ type }) => type)).toEqual(['planned', 'octaveDone', 'octaveDone', 'tiled', 'finished']);
    const shares = facts.flatMap((fact) => (fact.type === 'tiled' || fact.type === 'octaveDone' ? [fact.share] : []));
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    network.dispose();
  });

  it.each([
    ['of whole blocks at every octave', 64, 80],
    ['of odd sides, continued as the network continues it', 67, 131],
  ])('agrees with the network applied to all octaves at once: an image %s', async (_, width, height) => {
    const network = createDerainer(pyramidStudent());
    const image = photo(width, height);
    const { residual } = assembled(image, await run(image, network));
    const weights = new Map(
      [...fresh(shape)].map(([name, values], i) => [name, tf.tensor(values, [...networkWeights(shape)[i]!.shape])]),
    );
    const x = tensorOfImages([image]);
    const y = applyNetwork(x, weights, shape);
    const atOnce = tf.mul(tf.sub(y, x), 255).dataSync();
    const differences = residual.map((value, i) => Math.abs(value / 64 - atOnce[i]!));
    expect(Math.max(...atOnce.map(Math.abs))).toBeGreaterThan(3);
    // The halves are rounded to whole levels, which the network sees as noise of a third of a level an octave.
    expect(Math.max(...differences)).toBeLessThan(2.5);
    network.dispose();
  });

  it('stops between two octaves, and leaves no tensor behind', async () => {
    const network = createDerainer(pyramidStudent());
    const before = tf.memory().numTensors;
    const stop = { aborted: false };
    const types: string[] = [];
    for await (const fact of derain(requestFor(photo(131, 70), network, { stop }))) {
      types.push(fact.type);
      if (fact.type === 'octaveDone') stop.aborted = true;
    }
    expect(types).toEqual(['planned', 'octaveDone', 'stopped']);
    expect(tf.memory().numTensors).toBe(before);
    network.dispose();
  });
});

it('gives a network that must see the whole image, in sides of 32 pixels, an image of any size as one tile', async () => {
  const whole = shapeOfSize('did-mdn', { blocks: 1, filters: 8, imageSkip: true });
  const weights = initialWeights(whole, randomFromSeed(2));
  const network = createDerainer({ role: 'student', shape: whole, weights, provenance: null });
  const image = photo(41, 33);
  const facts = await run(image, network, { tile: 41 });
  expect(tilesOf(facts).map(({ rect }) => rect)).toEqual([{ left: 0, top: 0, width: 41, height: 33 }]);
  expect(facts.at(-1)!.type).toBe('finished');
  network.dispose();
});
