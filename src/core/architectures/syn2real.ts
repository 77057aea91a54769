import type { Architecture } from './architecture.ts';
import { transition } from './denseBlocks.ts';
import type { Resize } from './denseBlocks.ts';
import type { Graph, NormalizationOptions } from './graph.ts';
import { graphArchitecture } from './graphArchitecture.ts';
import type { GraphShape } from './graphArchitecture.ts';

const normalization: NormalizationOptions = { statistics: 'stored', epsilon: 1e-5 };

/** Of the inner layers: how many parts they split into, and groups of channels in each part. */
interface Splits {
  readonly parts: number;
  readonly groups: number;
}

/**
 * The network of Syn2Real: a U of blocks whose channels are split into parts, each of which is convolved together with what the part
 * before gave. On 2 O − 1. Its semi-supervised training is another matter. Filters are those of its first layer.
 */
export const syn2real = unet('syn2real', 'Syn2Real', 16, { parts: 6, groups: 8 });
/** The same with half the filters and fewer parts, small enough to be trained here. */
export const syn2realReduced = unet('syn2real-reduced', 'Syn2Real (reduced)', 8, { parts: 4, groups: 4 });

function unet(id: string, title: string, filters: number, splits: Splits): Architecture<GraphShape> {
  return graphArchitecture({
    id,
    title,
    usual: { blocks: 1, filters },
    blocks: [1, 1],
    filters: [8, 64],
    filterStep: 8,
    multiple: 8,
    derained: (g, image, shape) => derained(g, image, shape, splits),
  });
}

function derained<V>(g: Graph<V>, image: V, { filters: f }: GraphShape, splits: Splits): V {
  const t = (name: string, x: V, channels: number, resize: Resize = 'keep'): V =>
    transition(g, name, x, channels, resize, normalization);
  const k = (i: number, x: V, channels: number): V => splitBlock(g, `block${i}`, x, channels, splits);
  const x0 = g.convolution('conv_input', g.linear(g.extendToMultiple(image, 8, 'symmetric'), 2, -1), f);
  const x1 = k(1, x0, f);
  const x2 = t('trans2', k(2, t('enter2', x1, 2 * f, 'down'), 2 * f), 2 * f); // 1/2
  const x3 = t('trans3', k(3, t('enter3', x2, 2 * f, 'down'), 2 * f), 4 * f); // 1/4
  const x4 = t('trans4', k(4, t('enter4', x3, 8 * f, 'down'), 8 * f), 8 * f); // 1/8
  const x5 = t('trans5', k(5, x4, 8 * f), 8 * f);
  const x6 = t('trans6', k(6, x5, 8 * f), 8 * f);
  const z = g.convolution('zout', g.leakyRelu(x6), 2 * f);
  const x7 = t('trans7', k(7, g.concat(t('enter7', z, 4 * f, 'up'), x3), 8 * f), 2 * f); // 1/4
  const x8 = t('trans8', k(8, g.concat(t('enter8', x7, 2 * f, 'up'), x2), 4 * f), 2 * f); // 1/2
  const x9 = t('trans9', k(9, g.concat(t('enter9', x8, 2 * f, 'up'), x1, x0), 5 * f), f);
  const features = g.subtract(x0, g.leakyRelu(g.convolution('conv_refin', x9, f)));
  const clean = g.tanh(g.convolution('refine3', features, 3));
  const refined = g.leakyRelu(g.convolution('refineclean1', clean, 8, { size: 7 }));
  return g.cropLike(g.sigmoid(g.convolution('refineclean2', refined, 3)), image);
}

/**
 * [v, v + conv₃ relu(BN [t₀ … tₙ₋₂, sₙ₋₁])] of s = conv₁ relu(BN v) in n parts;  t₀ = conv relu(BN s₀),
 * tᵢ = conv relu(BN (tᵢ₋₁ + sᵢ)), 3×3 in groups.
 */
function splitBlock<V>(g: Graph<V>, name: string, v: V, channels: number, { parts, groups }: Splits): V {
  const width = groups * Math.floor((12 * channels) / 64);
  const activated = (bn: string, x: V): V => g.relu(g.normalization(`${name}.${bn}`, x, normalization));
  return g.scope(() => {
    const s = g.convolution(`${name}.conv1`, activated('bn1', v), parts * width, { size: 1, bias: false });
    const part = (i: number): V => g.channels(s, i * width, width);
    const outputs: V[] = [];
    for (let i = 0; i < parts - 1; i++) {
      const x = i === 0 ? part(0) : g.add(outputs[i - 1]!, part(i));
      outputs.push(g.convolution(`${name}.convs${i}`, activated(`bns${i}`, x), width, { groups, bias: false }));
    }
    const joined = activated('bn3', g.concat(...outputs, part(parts - 1)));
    const o = g.convolution(`${name}.conv3`, joined, channels, { size: 1, bias: false });
    return g.concat(v, g.add(o, v));
  });
}
