import { describe, expect, it } from 'vitest';
import { randomFromSeed } from '../random.ts';
import type { NetworkShape, PublishedArrays } from './architecture.ts';
import type { GraphShape } from './graphArchitecture.ts';
import { architectureNamed, parseShape, recognizeNetworks, shapeOfSize } from './registry.ts';
import { asPublished } from './testing/publishedFile.ts';
import type { TheirArray } from './testing/publishedFile.ts';

const same = (name: string): TheirArray => ({ name });

const part = (name: string): string[] => /^(conv|bn)(\d+)\.(\w+)$/.exec(name)!.slice(1);

function tensorflowName(name: string): string {
  const [layer, i, kind] = part(name);
  const kinds: Record<string, string> =
    layer === 'conv'
      ? { weight: 'kernel', bias: 'bias' }
      : { weight: 'gamma', bias: 'beta', running_mean: 'moving_mean', running_var: 'moving_variance' };
  return `layer_${i}/${layer}_${i}/${kinds[kind!]}`;
}

function byImageName(name: string): string {
  const [layer, i, kind] = part(name);
  const kinds: Record<string, string> =
    layer === 'conv' ? { weight: 'weights', bias: 'biases' } : { weight: 'scale', bias: 'beta' };
  return `conv_${i}/${kinds[kind!]}_${i}`;
}

function clearName(name: string): TheirArray {
  const [, i, kind] = part(name);
  const layer = ['conv2d', 'conv2d_1', 'conv2d_transpose'][Number(i) - 1];
  return { name: `DerainNet/${layer}/${kind === 'weight' ? 'kernel' : 'bias'}`, transposed: i === '3' };
}

/** Transitions are 1×1 transposed convolutions. */
const isTransition = (name: string): boolean => /trans_block[\d_]+\.conv1\.weight$/.test(name);

/** Architecture, blocks, filters, the names of its authors, and all that their file may be taken for. */
const files: readonly (readonly [string, number, number, (name: string) => TheirArray, readonly string[]])[] = [
  ['prenet', 2, 3, same, ['prenet', 'prenet-real']],
  ['prenet', 5, 4, same, ['prenet', 'prenet-real']],
  ['prenet-r', 5, 3, same, ['prenet-r']],
  ['prn', 3, 2, same, ['prn']],
  ['prn-r', 5, 2, same, ['prn-r']],
  ['brn', 5, 2, same, ['brn']],
  ['ddn-tf', 2, 3, (name) => ({ name: tensorflowName(name) }), ['ddn-tf']],
  ['ddn-image', 2, 3, (name) => ({ name: byImageName(name) }), ['ddn-image', 'sirr']],
  ['clear', 1, 3, clearName, ['clear']],
  ['jorder', 2, 3, same, ['jorder']],
  ['jorder-e', 1, 4, same, ['jorder-e']],
  ['rain-over-me', 3, 2, same, ['rain-over-me']],
  ['umrl', 1, 2, (name) => ({ name, transposed: isTransition(name) }), ['umrl']],
  ['did-mdn', 1, 8, (name) => ({ name, transposed: isTransition(name) }), ['did-mdn']],
];

function fileOf(architecture: string, blocks: number, filters: number, theirs: (name: string) => TheirArray) {
  const shape = shapeOfSize(architecture, { blocks, filters, imageSkip: true });
  const { init, weights } = architectureNamed(architecture);
  const random = randomFromSeed(3);
  const values = new Map(
    [...init(shape, random)].map(([name, array]) => [name, array.map((value) => value + 0.1 * random.uniform())]),
  );
  return { shape, values, arrays: asPublished(weights(shape), values, theirs) };
}

describe('the file of a published network', () => {
  it.each(files)(
    '%s of %i blocks and %i filters is recognized by its arrays',
    (id, blocks, filters, theirs, expected) => {
      const { shape, values, arrays } = fileOf(id, blocks, filters, theirs);
      const found = recognizeNetworks(arrays);
      expect([...new Set(found.map((one) => one.shape.architecture))]).toEqual(expected);
      const own = found.find((one) => one.shape.architecture === id)!;
      expect(own.shape).toEqual(shape);
      expect([...own.weights.keys()].sort()).toEqual([...values.keys()].sort());
      for (const [name, array] of values) expect([name, ...own.weights.get(name)!]).toEqual([name, ...array]);
    },
  );

  it.each(files)(
    '%s of %i blocks and %i filters is not recognized with an array missing, added or reshaped',
    (id, blocks, filters, theirs) => {
      const { arrays } = fileOf(id, blocks, filters, theirs);
      const [name, array] = [...arrays].at(-1)!;
      const without = new Map([...arrays].slice(0, -1));
      const edits: PublishedArrays[] = [
        without,
        new Map([...arrays, ['surplus.weight', { shape: [1], data: new Float32Array(1) }]]),
        new Map([
          ...without,
          [name, { shape: [array.data.length + 1], data: new Float32Array(array.data.length + 1) }],
        ]),
      ];
      const exactly = (edit: PublishedArrays): NetworkShape[] => recognizeNetworks(edit).map((one) => one.shape);
      expect(edits.flatMap(exactly)).toEqual([]);
    },
  );

  it('may hold what its authors never used', () => {
    const { arrays } = fileOf('brn', 5, 2, same);
    const unused: PublishedArrays = new Map([
      ...arrays,
      ['res_conv4_r.0.bias', { shape: [2], data: new Float32Array(2) }],
    ]);
    expect(recognizeNetworks(unused)).toHaveLength(1);
  });

  it('of DDN from MATLAB holds sums of statistics and what they are to be divided by', () => {
    const shape = shapeOfSize('ddn', { blocks: 1, filters: 2, imageSkip: true });
    const { init, weights } = architectureNamed('ddn');
    const values = init(shape, randomFromSeed(3));
    values.set('bn2.running_mean', Float32Array.of(3, 5));
    values.set('bn2.running_var', Float32Array.of(0.5, 2));
    const kinds: Record<string, string> = {
      weight: 'Scale_1',
      bias: 'Scale_2',
      running_mean: 'BatchNorm_1',
      running_var: 'BatchNorm_2',
    };
    const theirs = (name: string): TheirArray => {
      const [layer, i, kind] = part(name);
      return { name: `model.${layer === 'conv' ? kind : kinds[kind!]}{${Number(i) - 1}}` };
    };
    const sums = new Map(
      [...values].map(([name, array]) => [name, name.includes('running') ? array.map((value) => value * 4) : array]),
    );
    const factors = [0, 1, 2, 3].map(
      (i) => [`model.BatchNorm_3{${i}}`, { shape: [1], data: Float32Array.of(4) }] as const,
    );
    const found = recognizeNetworks(new Map([...asPublished(weights(shape), sums, theirs), ...factors]));
    expect(found.map((one) => one.shape)).toEqual([shape]);
    expect([...found[0]!.weights.get('bn2.running_mean')!]).toEqual([3, 5]);
    expect([...found[0]!.weights.get('bn2.running_var')!]).toEqual([0.5, 2]);
  });

  it('of UMRL may be run by the statistics of the image, the usual way, or by the stored ones', () => {
    const stored = shapeOfSize('umrl', { blocks: 1, filters: 2, imageSkip: true });
    const shape = parseShape({ ...stored, statistics: 'stored' });
    const { init, weights } = architectureNamed('umrl');
    const arrays = asPublished(weights(shape), init(shape, randomFromSeed(3)), (name) => ({
      name,
      transposed: isTransition(name),
    }));
    expect(recognizeNetworks(arrays).map((one) => (one.shape as GraphShape)['statistics'])).toEqual([
      'image',
      'stored',
    ]);
  });

  it('is nothing that is known when it is empty or of something else', () => {
    expect(recognizeNetworks(new Map())).toEqual([]);
    expect(recognizeNetworks(new Map([['head.weight', { shape: [2, 3, 3, 3], data: new Float32Array(54) }]]))).toEqual(
      [],
    );
  });
});
