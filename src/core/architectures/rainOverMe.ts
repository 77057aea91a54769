import type { Graph } from './graph.ts';
import { graphArchitecture } from './graphArchitecture.ts';
import type { GraphShape } from './graphArchitecture.ts';
import { firstAxis } from './publishedArrays.ts';

/**
 * Rain O'er Me: three blocks of layers that look near and far, and a map of rain that is taken off the image. The files of its
 * authors also hold a second head, which only training used.
 */
export const rainOverMe = graphArchitecture({
  id: 'rain-over-me',
  title: 'Rain O’er Me',
  usual: { blocks: 3, filters: 16 },
  blocks: [3, 3],
  filters: [1, 128],
  derained,
  published: {
    size: (arrays) => ({ blocks: 3, filters: firstAxis(arrays, 'inc.0.weight') }),
    unused: (name) => name.startsWith('out2.'),
  },
});

function derained<V>(g: Graph<V>, image: V, { filters }: GraphShape): V {
  const relu = (name: string, x: V): V => g.convolution(`${name}.0`, x, filters, { relu: true });
  const f0 = block(g, 'block1', relu('inc', image), filters);
  const f1 = block(g, 'block2', f0, filters);
  const f01 = relu('merge11', g.concat(f0, f1));
  const f3 = block(g, 'block3', f01, filters);
  const rain = g.tanh(g.convolution('outc.0', relu('merge12', g.concat(f01, f3)), 3, { scale: 0.1 }));
  return g.subtract(image, rain);
}

function block<V>(g: Graph<V>, name: string, x: V, filters: number): V {
  return g.scope(() => {
    const first = nearAndFar(g, `${name}.conv1`, x, filters);
    const second = nearAndFar(g, `${name}.conv2`, first, filters);
    return g.convolution(`${name}.merge.0`, g.concat(first, second), filters, { relu: true });
  });
}

/** near = relu(conv x); relu(near + conv₃(x − near)), conv₃ with taps three pixels apart. */
function nearAndFar<V>(g: Graph<V>, name: string, x: V, filters: number): V {
  const near = g.convolution(`${name}.conv1.0`, x, filters, { relu: true });
  const far = g.convolution(`${name}.dilated_conv`, g.subtract(x, near), filters, { dilation: 3 });
  return g.relu(g.add(far, near));
}
