import type { Graph } from './graph.ts';
import { graphArchitecture } from './graphArchitecture.ts';
import type { GraphShape } from './graphArchitecture.ts';
import { emptyState, lstmStep, residualBlocks } from './prenet.ts';
import { countArrays, firstAxis } from './publishedArrays.ts';

const ITERATIONS = 8;

/**
 * BRN: two recurrent streams, one for rain and one for the image, that look at each other's memory. An iteration:
 *
 *   r = conv_r(RES_r(LSTM_r [relu(conv0_r [O, r]), h_r, h])) · x = conv(RES(LSTM [relu(conv0 [O, x, r]), h, h_r]))
 *
 * Blocks are the RES of the image's stream; that of rain has three for every five.
 */
export const brn = graphArchitecture({
  id: 'brn',
  title: 'BRN',
  usual: { blocks: 5, filters: 32 },
  blocks: [1, 16],
  filters: [1, 128],
  derained: iterate,
  estimatesRain: 'apart',
  published: {
    size: (arrays) => ({
      blocks: countArrays(arrays, /^res_conv\d+\.0\.weight$/),
      filters: firstAxis(arrays, 'conv0.0.weight'),
    }),
    unused: (name) => /^res_conv[45]_r\./.test(name),
  },
});

function iterate<V>(g: Graph<V>, image: V, { blocks, filters }: GraphShape, found?: (rain: V) => void): V {
  const imageBlocks = Array.from({ length: blocks }, (_, i) => `res_conv${i + 1}`);
  const rainBlocks = Array.from({ length: Math.ceil((3 * blocks) / 5) }, (_, i) => `res_conv${i + 1}_r`);
  let [x, r] = [image, image];
  let [state, rainState] = [emptyState(g, image, filters), emptyState(g, image, filters)];
  for (let i = 0; i < ITERATIONS; i++) {
    const next = g.scope((): V[] => {
      const rainFeatures = g.convolution('conv0_r.0', g.concat(image, r), filters, { relu: true });
      const rainNext = lstmStep(g, '_r', rainFeatures, rainState, filters, [state.hidden]);
      const rain = g.convolution('conv_r.0', residualBlocks(g, rainNext.hidden, rainBlocks, filters), 3);
      const features = g.convolution('conv0.0', g.concat(image, x, rain), filters, { relu: true });
      const imageNext = lstmStep(g, '', features, state, filters, [rainNext.hidden]);
      const made = g.convolution('conv.0', residualBlocks(g, imageNext.hidden, imageBlocks, filters), 3);
      return [made, rain, imageNext.hidden, imageNext.cell, rainNext.hidden, rainNext.cell];
    });
    [x, r] = [next[0]!, next[1]!];
    state = { hidden: next[2]!, cell: next[3]! };
    rainState = { hidden: next[4]!, cell: next[5]! };
  }
  found?.(r);
  return x;
}
