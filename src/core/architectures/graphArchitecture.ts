import * as tf from '@tensorflow/tfjs';
import type { Images } from '../paper/notation.ts';
import type { Random } from '../random.ts';
import { ShapeError } from './architecture.ts';
import type { Architecture, NetworkShape, NetworkSize, PublishedArrays, Recognized, Weights } from './architecture.ts';
import type { Graph } from './graph.ts';
import { matchArrays } from './publishedArrays.ts';
import type { PublishedFile } from './publishedArrays.ts';
import { tensorGraph } from './tensorGraph.ts';
import { traceGraph } from './tracedGraph.ts';
import type { Trace } from './tracedGraph.ts';

/** A network of a graph: its size, and choices by name where its architecture has some. */
export interface GraphShape extends NetworkShape, NetworkSize {
  readonly [choice: string]: string | number | boolean;
}

/** An architecture that is told by one graph. */
export interface GraphDefinition {
  readonly id: string;
  readonly title: string;
  /** As published. */
  readonly usual: { readonly blocks: number; readonly filters: number };
  /** Least and most blocks; what a block is, the architecture says. A network without a choice of blocks has one number. */
  readonly blocks: readonly [least: number, most: number];
  readonly filters: readonly [least: number, most: number];
  /** Filters are a multiple of this. */
  readonly filterStep?: number;
  /** Values of each choice, the usual one first. */
  readonly choices?: Readonly<Record<string, readonly (string | number)[]>>;
  /** Sides of tiles and their places are multiples of this. */
  readonly multiple?: number;
  /** The derained image of x, both [n,h,w,3] in 0..1. One that `estimatesRain` tells `found` its rain map. */
  derained<V>(g: Graph<V>, x: V, shape: GraphShape, found?: (rain: V) => void): V;
  /**
   * It estimates the rain by itself, not only as what the image lost: 'additive' where image and rain add up to x; 'apart' where its
   * map only helps it on and is no measure of the rain.
   */
  readonly estimatesRain?: 'additive' | 'apart';
  /** How its authors' files call the weights; absent where there are none. */
  readonly published?: PublishedFile;
}

/**
 * The architecture of a graph. With the image-level skip it gives the derained image, as its authors' does; without, the rain
 * map x − y, so that it can be F1.
 */
export function graphArchitecture(definition: GraphDefinition): Architecture<GraphShape> {
  const { id, title, usual, multiple = 1, derained, published } = definition;
  const ofSize = (size: NetworkSize): GraphShape => parseShape(definition, { ...size });
  const trace = (shape: GraphShape): Trace => traceGraph((g, x) => derained(g, x, shape));
  return {
    id,
    title,
    usual,
    parse: (json) => parseShape(definition, json),
    ofSize,
    sizeOf: ({ blocks, filters, imageSkip }) => ({ blocks, filters, imageSkip }),
    weights: (shape) =>
      trace(shape).weights.map(({ name, shape: dims, stored }) => ({ name, shape: dims, ...(stored && { stored }) })),
    init: (shape, random) => initialWeights(trace(shape), random),
    apply: (x, weights, shape) =>
      tf.tidy(() => {
        const y = derained(tensorGraph(weights), x, shape);
        return shape.imageSkip ? y : tf.sub(x, y);
      }),
    radius: (shape) => trace(shape).radius,
    multiple: () => multiple,
    footprint: (shape) => trace(shape).footprint,
    multiplyAdds: (shape) => trace(shape).multiplyAdds,
    ...(definition.estimatesRain === 'additive' && { isRainAdditive: true }),
    ...(definition.estimatesRain && {
      layers: (x: Images, weights: Weights, shape: GraphShape) =>
        tf.tidy(() => {
          let z = x;
          const y = derained(tensorGraph(weights), x, shape, (rain) => (z = rain));
          return { y, z };
        }),
    }),
    ...(published && { recognize: (arrays: PublishedArrays) => recognized(definition, published, arrays) }),
  };
}

function parseShape(definition: GraphDefinition, json: Readonly<Record<string, unknown>>): GraphShape {
  const { id, blocks, filters, filterStep = 1, choices = {} } = definition;
  const whole = (name: string, [least, most]: readonly [number, number], step: number): number => {
    const value = json[name];
    if (
      Number.isInteger(value) &&
      (value as number) >= least &&
      (value as number) <= most &&
      (value as number) % step === 0
    )
      return value as number;
    throw new ShapeError(
      `is not one this page can run (${name} ${least}–${most}${step > 1 ? `, multiples of ${step}` : ''})`,
    );
  };
  const { imageSkip } = json;
  if (typeof imageSkip !== 'boolean') throw new ShapeError('does not say whether it has the image-level skip');
  const chosen = Object.entries(choices).map(([name, values]) => {
    const value = json[name] ?? values[0]!;
    if (values.includes(value as string)) return [name, value as string | number];
    throw new ShapeError(`is not one this page can run (${name}: ${values.join(' or ')})`);
  });
  return {
    architecture: id,
    blocks: blocks[0] === blocks[1] ? blocks[0] : whole('blocks', blocks, 1),
    filters: filters[0] === filters[1] ? filters[0] : whole('filters', filters, filterStep),
    imageSkip,
    ...Object.fromEntries(chosen),
  };
}

/** Choice: He-normal filters, scaled and with the middle taps that a graph asks for; offsets 0, normalization 1. */
function initialWeights({ weights }: Trace, random: Random): Map<string, Float32Array> {
  return new Map(
    weights.map(({ name, shape, initial }) => {
      const array = new Float32Array(shape.reduce((a, b) => a * b, 1));
      if ('value' in initial) return [name, array.fill(initial.value)];
      const stream = random.split(name);
      for (let i = 0; i < array.length; i++) array[i] = initial.deviation * stream.normal();
      initial.middle?.flat().forEach((value, i, { length }) => (array[(array.length - length) / 2 + i]! += value));
      return [name, array];
    }),
  );
}

/** The networks of this architecture that arrays fit, the usual choice first; none where they are of something else. */
function recognized(
  { choices = {}, derained, ...definition }: GraphDefinition,
  published: PublishedFile,
  arrays: PublishedArrays,
): Recognized[] {
  const prepared = published.prepare?.(arrays) ?? arrays;
  const size = published.size(prepared);
  if (!size) return [];
  const variants = Object.entries(choices).reduce<Record<string, string | number>[]>(
    (shapes, [name, values]) => shapes.flatMap((shape) => values.map((value) => ({ ...shape, [name]: value }))),
    [{}],
  );
  return variants.flatMap((variant) => {
    let shape: GraphShape;
    try {
      shape = parseShape({ choices, derained, ...definition }, { ...size, imageSkip: true, ...variant });
    } catch (error) {
      if (error instanceof ShapeError) return [];
      throw error;
    }
    const weights = matchArrays(traceGraph((g, x) => derained(g, x, shape)).weights, published, prepared);
    return weights ? [{ shape, weights }] : [];
  });
}
