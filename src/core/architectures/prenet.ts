import type { Architecture } from './architecture.ts';
import type { Graph } from './graph.ts';
import { graphArchitecture } from './graphArchitecture.ts';
import type { GraphShape } from './graphArchitecture.ts';
import { countArrays, firstAxis } from './publishedArrays.ts';

/**
 * The progressive networks: one small residual network, applied several times with the same weights to the image O and what it
 * made of it before. A stage:
 *
 *   f = relu(conv0 [O, x]) · f = LSTM(f) · f = B × RES(f) · x = conv f + O,   RES(f) = relu(relu(conv relu(conv f)) + f)
 *
 * All convolutions 3×3; blocks are the RES of a stage.
 */
interface Variant {
  readonly id: string;
  readonly title: string;
  readonly stages: number;
  /** With the convolutional LSTM that carries features from stage to stage: before the blocks, after them, or none. */
  readonly lstm: 'before' | 'after' | null;
  /** All blocks of a stage have the same weights. */
  readonly shared: boolean;
  /** The image is added to what a stage computes. */
  readonly addsImage: boolean;
}

export const prenet = progressive({
  id: 'prenet',
  title: 'PReNet',
  stages: 6,
  lstm: 'before',
  shared: false,
  addsImage: true,
});
export const prenetR = progressive({
  id: 'prenet-r',
  title: 'PReNet_r',
  stages: 6,
  lstm: 'before',
  shared: true,
  addsImage: true,
});
export const prn = progressive({ id: 'prn', title: 'PRN', stages: 6, lstm: null, shared: false, addsImage: true });
export const prnR = progressive({ id: 'prn-r', title: 'PRN_r', stages: 6, lstm: null, shared: true, addsImage: true });
/** Its files look exactly like PReNet's; only who has them knows. */
export const prenetReal = progressive({
  id: 'prenet-real',
  title: 'PReNet (real)',
  stages: 4,
  lstm: 'after',
  shared: false,
  addsImage: false,
});

function progressive(variant: Variant): Architecture<GraphShape> {
  const { id, title, shared } = variant;
  return graphArchitecture({
    id,
    title,
    usual: { blocks: 5, filters: 32 },
    blocks: [1, 16],
    filters: [1, 128],
    derained: (g, x, shape) => progress(g, x, shape, variant),
    published: {
      size: (arrays) => {
        const blocks = countArrays(arrays, /^res_conv\d+\.0\.weight$/);
        if (shared !== (blocks === 1)) return null;
        return { blocks: shared ? 5 : blocks, filters: firstAxis(arrays, 'conv0.0.weight') };
      },
    },
  });
}

function progress<V>(g: Graph<V>, image: V, { blocks, filters }: GraphShape, variant: Variant): V {
  const { stages, lstm, shared, addsImage } = variant;
  const blockNames = Array.from({ length: blocks }, (_, i) => `res_conv${shared ? 1 : i + 1}`);
  let x = image;
  let state = lstm ? emptyState(g, image, filters) : null;
  for (let stage = 0; stage < stages; stage++) {
    const [made, ...memory] = g.scope((): V[] => {
      let features = g.convolution('conv0.0', g.concat(image, x), filters, { relu: true });
      let next: LstmState<V> | null = null;
      if (lstm === 'before') {
        next = lstmStep(g, '', features, state!, filters);
        features = next.hidden;
      }
      features = residualBlocks(g, features, blockNames, filters);
      if (lstm === 'after') {
        next = lstmStep(g, '', features, state!, filters);
        features = next.hidden;
      }
      const out = g.convolution('conv.0', features, 3, { scale: 0.1 });
      return [addsImage ? g.add(out, image) : out, ...(next ? [next.hidden, next.cell] : [])];
    });
    x = made!;
    if (lstm) state = { hidden: memory[0]!, cell: memory[1]! };
  }
  return x;
}

/** h and c of a convolutional LSTM. */
export interface LstmState<V> {
  readonly hidden: V;
  readonly cell: V;
}

export function emptyState<V>(g: Graph<V>, like: V, filters: number): LstmState<V> {
  return { hidden: g.constant(like, filters, 0), cell: g.constant(like, filters, 0) };
}

/**
 * One step of a convolutional LSTM on z = [x, h, others]:  i, f, o = sigmoid(conv z), g = tanh(conv z); c' = f·c + i·g;
 * h' = o·tanh(c'). `after` ends its weights' names.
 */
export function lstmStep<V>(
  g: Graph<V>,
  after: string,
  x: V,
  { hidden, cell }: LstmState<V>,
  filters: number,
  others: readonly V[] = [],
): LstmState<V> {
  const [nextHidden, nextCell] = g.scope((): V[] => {
    const z = g.concat(x, hidden, ...others);
    const gate = (name: string): V => g.convolution(`conv_${name}${after}.0`, z, filters);
    const kept = g.multiply(g.sigmoid(gate('f')), cell);
    const added = g.multiply(g.sigmoid(gate('i')), g.tanh(gate('g')));
    const next = g.add(kept, added);
    return [g.multiply(g.sigmoid(gate('o')), g.tanh(next)), next];
  });
  return { hidden: nextHidden!, cell: nextCell! };
}

/** RES by RES; the second convolution of each has a ReLU of its own before the sum. */
export function residualBlocks<V>(g: Graph<V>, x: V, names: readonly string[], filters: number): V {
  const scale = 1 / Math.sqrt(2 * names.length);
  return names.reduce(
    (features, name) =>
      g.scope(() => {
        const inner = g.convolution(`${name}.0`, features, filters, { relu: true });
        return g.relu(g.add(g.convolution(`${name}.2`, inner, filters, { relu: true, scale }), features));
      }),
    x,
  );
}
