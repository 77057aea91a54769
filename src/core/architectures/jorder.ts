import { evenBorder } from './graph.ts';
import type { Graph } from './graph.ts';
import { graphArchitecture } from './graphArchitecture.ts';
import type { GraphShape } from './graphArchitecture.ts';
import { countArrays, firstAxis } from './publishedArrays.ts';

/** Y = (16 + 65.481 R + 128.553 G + 24.966 B) / 255, of RGB in 0..1. */
const LUMA = [[65.481 / 255], [128.553 / 255], [24.966 / 255]];
/** What a change of Y changes in R, G and B while Cb and Cr stay. */
const FROM_LUMA = [[255 / 219, 255 / 219, 255 / 219]];
/** Pixels by which the authors continue an image; more than the network sees. */
const BORDER = 20;

/**
 * JORDER, one pass of its streak removal, on luma alone:
 *
 *   f₀ = relu(conv Y) · f = B × relu(½ f + ½ conv relu(conv f)) · Y' = Y + conv(½ f₀ + ½ f)
 */
export const jorder = graphArchitecture({
  id: 'jorder',
  title: 'JORDER',
  usual: { blocks: 5, filters: 64 },
  blocks: [1, 32],
  filters: [1, 256],
  derained,
  published: {
    size: (arrays) => ({
      blocks: countArrays(arrays, /^Convolution\d+\.weight$/) / 2 - 1,
      filters: firstAxis(arrays, 'Convolution1.weight'),
    }),
  },
});

function derained<V>(g: Graph<V>, image: V, { blocks, filters }: GraphShape): V {
  const luma = g.linear(g.mix(image, LUMA), 1, 16 / 255);
  const first = g.convolution('Convolution1', g.extend(luma, evenBorder(BORDER), 'replicate'), filters, { relu: true });
  let features = first;
  for (let k = 0; k < blocks; k++) {
    features = g.scope(() => {
      const inner = g.convolution(`Convolution${2 * k + 2}`, features, filters, { relu: true });
      return g.relu(mean(g, features, g.convolution(`Convolution${2 * k + 3}`, inner, filters)));
    });
  }
  const change = g.convolution(`Convolution${2 * blocks + 2}`, mean(g, first, features), 1, { scale: 0.1 });
  return g.add(image, g.mix(g.crop(change, evenBorder(BORDER)), FROM_LUMA));
}

function mean<V>(g: Graph<V>, a: V, b: V): V {
  return g.add(g.linear(a, 0.5), g.linear(b, 0.5));
}
