import type { Graph } from './graph.ts';
import { graphArchitecture } from './graphArchitecture.ts';
import type { GraphShape } from './graphArchitecture.ts';
import { countArrays, firstAxis } from './publishedArrays.ts';

/** What a stage hands to the next. */
interface Stage<V> {
  readonly image: V;
  readonly blocks: readonly V[];
  readonly mask: V;
  readonly level: V;
}

/**
 * JORDER-E in its reduced, published size: two stages on RGB in 0..255. A stage finds features by blocks of three paths of
 * growing reach, from them a map of where rain is (mask) and one of how strong (level), lets both shift and scale the features, and
 * decodes an image from these; the second stage starts from all that the first found.
 * Choice: fresh maps are about 1, as features of 0..255 times two encodings of theirs would leave all bounds.
 */
export const jorderE = graphArchitecture({
  id: 'jorder-e',
  title: 'JORDER-E',
  usual: { blocks: 3, filters: 32 },
  blocks: [1, 16],
  filters: [4, 128],
  filterStep: 4,
  derained,
  published: {
    size: (arrays) => ({
      blocks: countArrays(arrays, /^jorder1\.updater\.res\d+\.conv1\.weight$/),
      filters: firstAxis(arrays, 'jorder1.encoder.weight'),
    }),
  },
});

function derained<V>(g: Graph<V>, image: V, shape: GraphShape): V {
  const x = g.linear(image, 255);
  const first = stage(g, 'jorder1', x, x, null, shape);
  return g.linear(stage(g, 'jorder2', x, first.image, first, shape).image, 1 / 255);
}

function stage<V>(
  g: Graph<V>,
  p: string,
  x: V,
  made: V,
  before: Stage<V> | null,
  { blocks, filters }: GraphShape,
): Stage<V> {
  let features = g.convolution(`${p}.encoder`, g.concat(x, made), filters);
  const found: V[] = [];
  for (let k = 0; k < blocks; k++) {
    const name = `${p}.updater.res${k + 1}`;
    const wide = g.scope(() => threePaths(g, name, features, filters, 1 / Math.sqrt(2 * blocks)));
    features = before ? g.add(wide, before.blocks[k]!) : wide;
    found.push(features);
  }
  const estimate = (name: string, channels: number): V => {
    const inner = g.convolution(`${p}.${name}_estimator1`, features, filters / 4);
    return g.convolution(`${p}.${name}_estimator2`, inner, channels, { scale: 1 / 255 });
  };
  const mask = before ? g.add(estimate('mask', 2), before.mask) : estimate('mask', 2);
  const level = before ? g.add(estimate('level', 3), before.level) : estimate('level', 3);
  const next = g.scope(() => {
    const encoded = (name: string, map: V): V => {
      const inner = g.convolution(`${p}.${name}_encoder1`, map, filters / 2, { relu: true });
      return g.convolution(`${p}.${name}_encoder2`, inner, filters);
    };
    const shifted = g.add(g.add(features, encoded('mask_F_b', mask)), encoded('level_F_b', level));
    const scaled = g.multiply(g.multiply(features, encoded('mask_F_w', mask)), encoded('level_F_w', level));
    const decoded = g.convolution(`${p}.decoder.0`, g.add(shifted, scaled), filters);
    return g.add(g.convolution(`${p}.decoder.1`, decoded, 3, { scale: 0.1 }), x);
  });
  return { image: next, blocks: found, mask, level };
}

/** f + p₁(f) + 0.1 p₂(f) + 0.1 p₃(f), each path two convolutions with ReLU; the second and third are dilated. */
function threePaths<V>(g: Graph<V>, name: string, features: V, filters: number, scale: number): V {
  const path = (first: number, dilations: readonly [number, number]): V =>
    dilations.reduce(
      (x, dilation, i) =>
        g.convolution(`${name}.conv${first + i}`, x, filters, { relu: true, dilation, scale: i === 0 ? 1 : scale }),
      features,
    );
  const near = g.add(features, path(1, [1, 1]));
  return g.add(g.add(near, g.linear(path(3, [2, 2]), 0.1)), g.linear(path(5, [2, 4]), 0.1));
}
