import { denseBlock, transition } from './denseBlocks.ts';
import type { Resize } from './denseBlocks.ts';
import type { Graph, NormalizationOptions, Statistics } from './graph.ts';
import { graphArchitecture } from './graphArchitecture.ts';
import type { GraphShape } from './graphArchitecture.ts';
import { firstAxis } from './publishedArrays.ts';

/**
 * UMRL: a U of dense blocks on 2 O − 1 that estimates rain at a quarter and half of the size with a confidence for each, and lets both
 * into the finer layers. Its batch normalization takes the statistics of the image at hand, as its authors' own test does; by the
 * stored ones it is several dB worse. Its wide layers have `filters`, most of them twice as many.
 */
export const umrl = graphArchitecture({
  id: 'umrl',
  title: 'UMRL',
  usual: { blocks: 1, filters: 16 },
  blocks: [1, 1],
  filters: [2, 64],
  filterStep: 2,
  choices: { statistics: ['image', 'stored'] },
  derained,
  estimatesRain: 'apart',
  published: {
    size: (arrays) => ({ blocks: 1, filters: firstAxis(arrays, 'conv_refin.weight') }),
    unused: (name) =>
      /^(conf_res\.conv_refin|batchnorm1|batchnorm20)\.|\.(num_batches_tracked|running_mean|running_var)$/.test(name),
  },
});

/** The layers of one network by name. */
interface Layers<V> {
  /** Dense block and transition by the names of each. */
  pair(dense: string, trans: string, x: V, growth: number, out: number, resize: Resize, size?: number): V;
  /** Rain of the size of x, and how sure it is of it. */
  estimate(x: V, other: V): V;
}

function derained<V>(g: Graph<V>, image: V, { filters, statistics }: GraphShape, found?: (rain: V) => void): V {
  const wide = 2 * filters;
  const layers = layersOf(g, filters, { statistics: statistics as Statistics, epsilon: 1e-5 });
  const level = (i: string, x: V, resize: Resize, growth = wide, out = wide): V =>
    layers.pair(`dense_block${i}`, `trans_block${i}`, x, growth, out, resize, 5);
  const x = g.linear(g.extendToMultiple(image, 16, 'reflect'), 2, -1);
  const x1 = level('1', x, 'down', wide - 3); // 1/2
  const x2 = level('2', x1, 'down');
  const x3 = level('3', x2, 'down'); // 1/8
  const inner = level('3_2', level('3_1', x3, 'down'), 'up');
  const x4 = level('4', g.concat(inner, x3), 'up'); // 1/4
  const x5 = level('5', g.concat(x4, x2, layers.estimate(x4, x2)), 'up'); // 1/2
  const x6 = level('6', g.concat(x5, x1, layers.estimate(x5, x1)), 'up', filters, filters);
  const last = level('6_1', x6, 'keep', filters, filters);
  const rain = g.tanh(g.convolution('refine3', g.leakyRelu(g.convolution('conv_refin', last, filters)), 3));
  const clean = g.leakyRelu(g.convolution('refineclean1', g.subtract(x, rain), filters / 2, { size: 7 }));
  const y = g.tanh(g.convolution('refineclean2', clean, 3));
  found?.(g.cropLike(g.linear(rain, 0.5), image));
  return g.cropLike(g.linear(y, 0.5, 0.5), image);
}

/** Estimates of both sizes have the same weights, each call statistics of its own. */
function layersOf<V>(g: Graph<V>, filters: number, normalization: NormalizationOptions): Layers<V> {
  const wide = 2 * filters;
  const pair: Layers<V>['pair'] = (dense, trans, x, growth, out, resize, size = 3) =>
    transition(g, trans, denseBlock(g, dense, x, growth, size, normalization), out, resize, normalization);
  const part = (net: string, k: number, x: V, channels: number): V =>
    pair(`${net}.conv${k}`, `${net}.trans_block${k}`, x, channels, channels, 'keep');
  return {
    pair,
    estimate: (x, other) =>
      g.scope(() => {
        const features = [1, 2, 3].reduce((z, k) => part('res_est', k, z, wide), g.concat(x, other));
        const refined = g.leakyRelu(g.convolution('res_est.conv_refin', features, filters));
        const rain = g.tanh(g.convolution('res_est.refine3', refined, 3));
        const first = g.convolution('conf_res.conv1', g.concat(x, rain), filters);
        const sure = [2, 3].reduce((z, k) => part('conf_res', k, z, filters), first);
        return g.multiply(rain, g.sigmoid(g.convolution('conf_res.refine3', sure, 3)));
      }),
  };
}
