import { denseBlock, transition } from './denseBlocks.ts';
import type { Resize } from './denseBlocks.ts';
import type { Graph, NormalizationOptions, Statistics } from './graph.ts';
import { graphArchitecture } from './graphArchitecture.ts';
import type { GraphShape } from './graphArchitecture.ts';

/** Six pairs of a dense block and a transition: new channels, channels after it, and how the size changes. */
interface Stream {
  readonly size: number;
  readonly pairs: readonly (readonly [growth: number, out: number, resize: Resize])[];
}

const streams: readonly Stream[] = [
  {
    size: 3,
    pairs: [
      [5, 4, 'down'],
      [8, 12, 'keep'],
      [4, 12, 'keep'],
      [4, 12, 'keep'],
      [8, 4, 'keep'],
      [8, 4, 'up'],
    ],
  },
  {
    size: 5,
    pairs: [
      [13, 8, 'down'],
      [16, 16, 'down'],
      [16, 16, 'keep'],
      [16, 16, 'keep'],
      [8, 8, 'up'],
      [8, 4, 'up'],
    ],
  },
  {
    size: 7,
    pairs: [
      [13, 8, 'down'],
      [16, 16, 'down'],
      [16, 16, 'down'],
      [16, 16, 'up'],
      [8, 8, 'up'],
      [8, 4, 'up'],
    ],
  },
];

/**
 * Choice: a new network starts near the identity, since nothing but its last two convolutions hands the image on. The first takes each channel as it
 * is and negated, whose leaky ReLUs differ by 1.2 times the channel; the second makes 1.25 times of it, of which tanh is near the identity.
 */
const IDENTITY = {
  apart: [0, 1, 2].map((channel) =>
    Array.from({ length: 8 }, (_, i) => (i === channel ? 1 : i === channel + 3 ? -1 : 0)),
  ),
  together: Array.from({ length: 8 }, (_, i) =>
    [0, 1, 2].map((channel) => (1.25 / 1.2) * (i === channel ? 1 : i === channel + 3 ? -1 : 0)),
  ),
};

/**
 * The main network of DID-MDN: three streams of dense blocks that look near, further and far, and a head that joins them with the
 * density of the rain, 1 light, 2 medium or 3 heavy. Its authors let another network of 65 million weights guess the density; here
 * it is part of the shape. On 2 O − 1.
 */
export const didMdn = graphArchitecture({
  id: 'did-mdn',
  title: 'DID-MDN',
  usual: { blocks: 1, filters: 8 },
  blocks: [1, 1],
  filters: [8, 8],
  choices: { statistics: ['image', 'stored'], density: [2, 1, 3] },
  multiple: 32,
  derained,
  published: {
    size: (arrays) => (arrays.has('dense2.dense_block1.conv1.weight') ? { blocks: 1, filters: 8 } : null),
    unused: (name) =>
      /^dense[012]\.(?!dense_block|trans_block|conv11\.)|(^|\.)batchnorm(1|20)\.|\.(num_batches_tracked|running_mean|running_var)$/.test(
        name,
      ),
  },
});

function derained<V>(g: Graph<V>, image: V, { statistics, density }: GraphShape): V {
  const normalization: NormalizationOptions = { statistics: statistics as Statistics, epsilon: 1e-5 };
  const x = g.linear(g.extendToMultiple(image, 32, 'symmetric'), 2, -1);
  const [near, further, far] = streams.map((stream, i) => streamOf(g, `dense${i}`, x, stream, normalization));
  const label = g.constant(x, 8, density as number);
  const all = g.concat(near!, x, further!, far!, label); // 47 channels
  const features = g.leakyRelu(g.convolution('conv_refin', all, 47));
  const means = [5, 4, 3, 2].map((halvings, i) =>
    g.scope(() => {
      const mean = repeatedly(halvings, features, (v) => g.halve(v));
      const seen = g.leakyRelu(g.convolution(`conv10${i + 1}0`, mean, 2, { size: 1 }));
      return repeatedly(halvings, seen, (v) => g.double(v));
    }),
  );
  const rain = g.tanh(g.convolution('refine3', g.concat(...means, features), 3, { scale: 0.1 }));
  const { apart, together } = IDENTITY;
  const clean = g.leakyRelu(
    g.convolution('refineclean1', g.subtract(x, rain), 8, { size: 7, scale: 0.1, middle: apart }),
  );
  const y = g.tanh(g.convolution('refineclean2', clean, 3, { scale: 0.1, middle: together }));
  return g.cropLike(g.linear(y, 0.5, 0.5), image);
}

/** [x6 (4), one map from x1 five times, x]: 12 channels. */
function streamOf<V>(g: Graph<V>, name: string, x: V, { size, pairs }: Stream, normalization: NormalizationOptions): V {
  return g.scope(() => {
    const made: V[] = [];
    pairs.forEach(([growth, out, resize], i) => {
      const last = made.at(-1) ?? x;
      const before = i < 4 ? last : g.concat(last, made[5 - i]!); // the fifth with x2, the sixth with x1
      const dense = denseBlock(g, `${name}.dense_block${i + 1}`, before, growth, size, normalization);
      made.push(transition(g, `${name}.trans_block${i + 1}`, dense, out, resize, normalization));
    });
    const map = g.double(g.leakyRelu(g.convolution(`${name}.conv11`, made[0]!, 1)));
    return g.concat(made[5]!, map, map, map, map, map, x);
  });
}

function repeatedly<V>(times: number, x: V, step: (x: V) => V): V {
  let value = x;
  for (let i = 0; i < times; i++) value = step(value);
  return value;
}
