import type { PublishedArrays } from './architecture.ts';
import type { Graph, NormalizationOptions } from './graph.ts';
import { graphArchitecture } from './graphArchitecture.ts';
import type { GraphShape } from './graphArchitecture.ts';
import { countArrays, firstAxis } from './publishedArrays.ts';
import type { PublishedFile } from './publishedArrays.ts';

/**
 * The deep detail networks: a residual network sees only the detail layer of an image O, what a guided filter takes away from it,
 * and its output n is added to O. Convolution i is 3×3 and has a batch normalization i; blocks are pairs of them.
 */
const common = {
  usual: { blocks: 12, filters: 16 },
  blocks: [1, 32],
  filters: [1, 128],
} as const;

/** The authors' release: pre-activation blocks on the detail layer in 0..255, its base by the fast guided filter. */
export const ddn = graphArchitecture({
  ...common,
  id: 'ddn',
  title: 'DDN',
  derained: (g, image, shape) => {
    const detail = g.linear(g.subtract(image, g.guidedFilter(image, 16, 1, 4)), 255);
    return g.add(image, g.linear(preActivated(g, detail, shape, { statistics: 'stored', epsilon: 1e-5 }), 1 / 255));
  },
  published: {
    size: (arrays) => size(arrays, /^model\.weight\{\d+\}$/, 'model.weight{0}'),
    name: (weight) => {
      const [, layer, number, kind] = /^(conv|bn)(\d+)\.(\w+)$/.exec(weight)!;
      const names = layer === 'conv' ? { weight: 'weight', bias: 'bias' } : matlabNames;
      return `model.${names[kind as keyof typeof names]}{${Number(number) - 1}}`;
    },
    prepare: withStatistics,
  },
});

/** The TensorFlow version of its first author: batch normalization by stored statistics. */
export const ddnTensorflow = graphArchitecture({
  ...common,
  id: 'ddn-tf',
  title: 'DDN (TensorFlow)',
  derained: (g, image, shape) => onDetail(g, image, shape, { statistics: 'stored', epsilon: 1e-3 }),
  published: {
    size: (arrays) => size(arrays, /^layer_\d+\/conv_\d+\/kernel$/, 'layer_1/conv_1/kernel'),
    name: (weight) => {
      const [, layer, number, kind] = /^(conv|bn)(\d+)\.(\w+)$/.exec(weight)!;
      const names = layer === 'conv' ? { weight: 'kernel', bias: 'bias' } : tensorflowNames;
      return `layer_${number}/${layer}_${number}/${names[kind as keyof typeof names]}`;
    },
    unused: isTraining,
  },
});

/** Names of the graph whose normalization takes the statistics of the image at hand. */
const byImage: PublishedFile = {
  size: (arrays) => size(arrays, /^conv_\d+\/weights_\d+$/, 'conv_1/weights_1'),
  name: (weight) => {
    const [, layer, number, kind] = /^(conv|bn)(\d+)\.(\w+)$/.exec(weight)!;
    const names = layer === 'conv' ? { weight: 'weights', bias: 'biases' } : { weight: 'scale', bias: 'beta' };
    return `conv_${number}/${names[kind as keyof typeof names]}_${number}`;
  },
  unused: isTraining,
};

/** Retrained by others, with the statistics of the image at hand. */
export const ddnByImage = graphArchitecture({
  ...common,
  id: 'ddn-image',
  title: 'DDN (image statistics)',
  derained: (g, image, shape) => onDetail(g, image, shape, { statistics: 'image', epsilon: 1e-5 }),
  published: byImage,
});

/** SIRR, trained on real rain too; its network is that of DDN. */
export const sirr = graphArchitecture({
  ...common,
  id: 'sirr',
  title: 'SIRR',
  derained: (g, image, shape) => onDetail(g, image, shape, { statistics: 'image', epsilon: 1e-5 }),
  published: byImage,
});

const matlabNames = { weight: 'Scale_1', bias: 'Scale_2', running_mean: 'mean', running_var: 'variance' };
const tensorflowNames = { weight: 'gamma', bias: 'beta', running_mean: 'moving_mean', running_var: 'moving_variance' };

/** f = relu(BN(conv d)) · B × [f + relu(BN(conv relu(BN(conv f))))] · n = BN(conv f); O + n. */
function onDetail<V>(g: Graph<V>, image: V, { blocks, filters }: GraphShape, options: NormalizationOptions): V {
  const layer = (i: number, x: V): V =>
    g.relu(g.normalization(`bn${i}`, g.convolution(`conv${i}`, x, filters), options));
  let features = layer(1, g.subtract(image, g.guidedFilter(image, 15, 1)));
  for (let k = 0; k < blocks; k++) {
    features = g.scope(() => g.add(features, layer(2 * k + 3, layer(2 * k + 2, features))));
  }
  return g.add(image, lastLayer(g, features, blocks, options));
}

/** f = relu(BN(conv d)) · B × [f + conv relu(BN(conv relu(BN f)))] · n = BN(conv f). */
function preActivated<V>(g: Graph<V>, detail: V, { blocks, filters }: GraphShape, options: NormalizationOptions): V {
  const activated = (i: number, x: V): V => g.relu(g.normalization(`bn${i}`, x, options));
  const convolution = (i: number, x: V): V => g.convolution(`conv${i}`, x, filters);
  let features = activated(1, convolution(1, detail));
  for (let k = 0; k < blocks; k++) {
    const [first, second] = [2 * k + 2, 2 * k + 3];
    features = g.scope(() => {
      const inner = convolution(first, activated(first, features));
      const scale = 1 / Math.sqrt(2 * blocks);
      return g.add(features, g.convolution(`conv${second}`, activated(second, inner), filters, { scale }));
    });
  }
  return lastLayer(g, features, blocks, options);
}

/** Choice: its scale is 0.1 at first, so that a new network starts near the identity. */
function lastLayer<V>(g: Graph<V>, features: V, blocks: number, options: NormalizationOptions): V {
  const last = 2 * blocks + 2;
  return g.normalization(`bn${last}`, g.convolution(`conv${last}`, features, 3), { ...options, initialScale: 0.1 });
}

function size(
  arrays: PublishedArrays,
  convolution: RegExp,
  first: string,
): { readonly blocks: number; readonly filters: number } {
  return { blocks: countArrays(arrays, convolution) / 2 - 1, filters: firstAxis(arrays, first) };
}

/** Caffe stores sums of statistics and, for each layer, the factor that they were summed with. */
function withStatistics(arrays: PublishedArrays): PublishedArrays {
  const result = new Map(arrays);
  for (const [name, { data }] of arrays) {
    const [, index] = /^model\.BatchNorm_3(\{\d+\})$/.exec(name) ?? [];
    if (index === undefined || data.length !== 1) continue;
    result.delete(name);
    for (const [sum, mean] of [
      ['BatchNorm_1', 'mean'],
      ['BatchNorm_2', 'variance'],
    ]) {
      const values = result.get(`model.${sum}${index}`);
      if (!values) continue;
      result.delete(`model.${sum}${index}`);
      result.set(`model.${mean}${index}`, { shape: values.shape, data: values.data.map((value) => value / data[0]!) });
    }
  }
  return result;
}

/** What a TensorFlow checkpoint keeps for training alone, and the scopes of a second call. */
export function isTraining(name: string): boolean {
  return /(^|\/)(global_step|beta[12]_power)$|\/(Adam|Momentum)(_\d+)?$|^conv_\d+_1\//.test(name);
}
