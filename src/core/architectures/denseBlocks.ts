import type { Graph, NormalizationOptions } from './graph.ts';

/** How a transition changes the size. */
export type Resize = 'down' | 'up' | 'keep';

/** x with `growth` new channels beside it:  [x, conv₂ relu(BN(conv₁ relu(BN x)))], conv₁ 1×1 to four times as many; no biases. */
export function denseBlock<V>(
  g: Graph<V>,
  name: string,
  x: V,
  growth: number,
  size: number,
  normalization: NormalizationOptions,
): V {
  return g.scope(() => {
    const first = g.relu(g.normalization(`${name}.bn1`, x, normalization));
    const inner = g.convolution(`${name}.conv1`, first, 4 * growth, { size: 1, bias: false });
    const second = g.relu(g.normalization(`${name}.bn2`, inner, normalization));
    return g.concat(x, g.convolution(`${name}.conv2`, second, growth, { size, bias: false }));
  });
}

/** conv relu(BN x), 1×1 without bias, then half or twice the size. */
export function transition<V>(
  g: Graph<V>,
  name: string,
  x: V,
  filters: number,
  resize: Resize,
  normalization: NormalizationOptions,
): V {
  return g.scope(() => {
    const activated = g.relu(g.normalization(`${name}.bn1`, x, normalization));
    const y = g.convolution(`${name}.conv1`, activated, filters, { size: 1, bias: false, transposed: true });
    return resize === 'down' ? g.halve(y) : resize === 'up' ? g.double(y) : y;
  });
}
