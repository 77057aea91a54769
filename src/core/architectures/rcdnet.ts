import type { Architecture } from './architecture.ts';
import type { Graph, NormalizationOptions } from './graph.ts';
import { graphArchitecture } from './graphArchitecture.ts';
import type { GraphShape } from './graphArchitecture.ts';

const KERNEL = 9;
const normalization: NormalizationOptions = { statistics: 'stored', epsilon: 1e-5 };

/**
 * RCDNet: the unrolled steps of an optimization for  O = B + Σ_m C_m ⊗ M_m,  rain as kernels C (9×9) that repeat wherever the maps
 * M say. Each stage takes a gradient step for M and for B, and a small residual network after each keeps them plausible. Works on
 * 0..255; blocks are the stages, filters the rain maps (and as many channels that accompany B).
 */
export const rcdnet = rainConvolutional('rcdnet', 'RCDNet', { blocks: 17, filters: 32 }, 4);
/** The same with shorter networks between the steps, small enough to be trained here. */
export const rcdnetReduced = rainConvolutional('rcdnet-reduced', 'RCDNet (reduced)', { blocks: 4, filters: 16 }, 2);

function rainConvolutional(
  id: string,
  title: string,
  usual: { readonly blocks: number; readonly filters: number },
  depth: number,
): Architecture<GraphShape> {
  return graphArchitecture({
    id,
    title,
    usual,
    blocks: [2, 32],
    filters: [1, 64],
    derained: (g, image, shape, found) => unrolled(g, image, shape, depth, found),
    estimatesRain: 'additive',
  });
}

function unrolled<V>(g: Graph<V>, image: V, shape: GraphShape, depth: number, found?: (rain: V) => void): V {
  const { blocks: stages, filters } = shape;
  const o = g.linear(image, 255);
  const split = (both: V): [V, V] => [g.channels(both, 0, 3), g.channels(both, 3, filters)];
  const refine = (name: string, b: V, dual: V): [V, V] =>
    split(residualBlocks(g, `bnet${name}`, g.concat(b, dual), 3 + filters, depth));
  const maps = (i: number, m: V): V =>
    g.scope(() => {
      const refined = residualBlocks(g, `mnet${i}`, m, filters, depth);
      return g.relu(g.minusWeight(`mnet${i}.tau`, refined, 0.5, { channels: true }));
    });
  const kernels = (name: string, x: V, channels: number, adjoint: boolean): V =>
    g.linear(g.dictionary(name, x, channels, { size: KERNEL, adjoint, initial: { scale: 10 } }), 1 / 10);

  let [b, dual] = refine('0', o, g.dictionary('C_z', o, filters, { size: 3, initial: { value: 1 / 9 } }));
  let [m, rain]: [V | null, V | null] = [null, null];
  for (let i = 0; i < stages; i++) {
    const [nextM, nextRain, nextB, nextDual] = g.scope((): V[] => {
      const residual = g.subtract(o, b);
      let next: V;
      if (m && rain) {
        const gradient = kernels('C', g.subtract(rain, residual), filters, true);
        const step = g.timesWeight('etaM', gradient, 1, { index: i - 1, count: stages - 1, factor: 1 / 10 });
        next = maps(i + 1, g.subtract(m, step)); // M − η/10 · Cᵀ(C M − (O − B))
      } else {
        next = maps(1, kernels('C0', g.relu(g.minusWeight('tau', residual, 1)), filters, true));
      }
      const made = kernels('C', next, 3, false);
      const rainFree = g.subtract(o, made);
      const towards = g.timesWeight('etaB', g.subtract(rainFree, b), 5, { index: i, count: stages, factor: 1 / 10 });
      return [next, made, ...refine(`${i + 1}`, g.add(b, towards), dual)];
    });
    [m, rain, b, dual] = [nextM!, nextRain!, nextB!, nextDual!];
  }
  if (rain) found?.(g.linear(rain, 1 / 255));
  const [clean] = refine('Last', b, dual);
  return g.linear(clean, 1 / 255);
}

/** v ← relu(v + BN(conv relu(BN(conv v)))), `depth` times. */
function residualBlocks<V>(g: Graph<V>, name: string, x: V, channels: number, depth: number): V {
  let v = x;
  for (let t = 0; t < depth; t++) {
    v = g.scope(() => {
      const layer = (i: number, from: V, scale: number): V =>
        g.normalization(
          `${name}.block${t}.bn${i}`,
          g.convolution(`${name}.block${t}.conv${i}`, from, channels, { scale }),
          normalization,
        );
      return g.relu(g.add(v, layer(2, g.relu(layer(1, v, 1)), 0.1)));
    });
  }
  return v;
}
