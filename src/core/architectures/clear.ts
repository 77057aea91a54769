import { evenBorder } from './graph.ts';
import type { Graph } from './graph.ts';
import { graphArchitecture } from './graphArchitecture.ts';
import type { GraphShape } from './graphArchitecture.ts';
import { isTraining } from './ddn.ts';
import { firstAxis } from './publishedArrays.ts';

/** Pixels by which the image is continued; the layers take (16 − 1) − (8 − 1) of them away again. */
const BORDER = 10;

const names: Readonly<Record<string, string>> = {
  conv1: 'DerainNet/conv2d',
  conv2: 'DerainNet/conv2d_1',
  conv3: 'DerainNet/conv2d_transpose',
};

/**
 * Clear, also called DerainNet: three layers of 16×16, 1×1 and 8×8 on the detail layer of an image, what a guided filter takes away
 * from it; the rest is added as it is.
 */
export const clear = graphArchitecture({
  id: 'clear',
  title: 'Clear',
  usual: { blocks: 1, filters: 512 },
  blocks: [1, 1],
  filters: [1, 512],
  derained,
  published: {
    size: (arrays) => ({ blocks: 1, filters: firstAxis(arrays, 'DerainNet/conv2d/kernel') }),
    name: (weight) => {
      const [layer, kind] = weight.split('.') as [string, string];
      return `${names[layer]}/${kind === 'weight' ? 'kernel' : 'bias'}`;
    },
    unused: isTraining,
  },
});

function derained<V>(g: Graph<V>, image: V, { filters }: GraphShape): V {
  const large = g.extend(image, evenBorder(BORDER), 'symmetric'); // [n,h+20,w+20,3]
  const base = g.guidedFilter(large, 15, 1);
  const detail = g.scope(() => {
    const first = g.convolution('conv1', g.subtract(large, base), filters, { size: 16, padding: 'valid', relu: true });
    const second = g.convolution('conv2', first, filters, { size: 1, relu: true }); // [n,h+5,w+5,f]
    const around = g.extend(second, evenBorder(7), 'zeros');
    return g.convolution('conv3', around, 3, { size: 8, padding: 'valid', transposed: true, scale: 0.1 });
  });
  return g.add(g.crop(base, evenBorder(BORDER)), g.crop(detail, evenBorder(6))); // detail [n,h+12,w+12,3]
}
