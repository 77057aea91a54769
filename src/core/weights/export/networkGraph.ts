/**
 * The networks as graphs of a few operations, for exports: what `apply` of their architecture computes, told to a builder that
 * writes some file format. `Value` is whatever the builder calls an image or layer.
 */
import { isEdsr } from '../../architectures/edsr.ts';
import type { EdsrShape } from '../../architectures/edsr.ts';
import type { NetworkShape } from '../../architectures/architecture.ts';
import { architectureNamed, networkWeights } from '../../architectures/registry.ts';
import { bilinearFilter, isPyramid, octaveRule } from '../../architectures/pyramid.ts';
import type { PyramidShape } from '../../architectures/pyramid.ts';
import type { WeightArrays } from '../modelFile.ts';

export interface GraphBuilder<Value> {
  /** 3×3, stride 1, zero padding, with bias; the arrays are stored once under `name`.weight and `name`.bias. */
  convolution(x: Value, name: string, filter: Filter): Value;
  relu(x: Value): Value;
  add(a: Value, b: Value): Value;
  subtract(a: Value, b: Value): Value;
  /** Along the channels. */
  concat(a: Value, b: Value): Value;
  /** The last four as in `ops/halve.ts`. */
  toBlocks(x: Value): Value;
  fromBlocks(x: Value): Value;
  halve(x: Value): Value;
  double(x: Value): Value;
  /**
   * What `residual` makes of x at octave 0, where `coarse` is what it makes of the next octave (half the size), and zeros at
   * the last of 1 + ⌊log₂(shorter side / leastSide)⌋, at most `most`. Before, x is continued by its mirror image to a multiple
   * of `multiple` · 2^(octaves − 1); after, the result is cut to x.
   */
  octaves(x: Value, rule: OctaveRule, residual: Residual<Value>): Value;
}

/** Filters [3,3,cin,cout] row by row, bias [cout]. */
export interface Filter {
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

export interface OctaveRule {
  readonly multiple: number;
  readonly leastSide: number;
  readonly most: number;
}

/** x [n,h,w,3], coarse [n,h/2,w/2,3] → [n,h,w,3], within the graph of that builder. */
export type Residual<Value> = (builder: GraphBuilder<Value>, x: Value, coarse: Value) => Value;

/** A network of an architecture that has no graph here; the message says so. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}

/**
 * Builds a network: x [n,h,w,3] → [n,h,w,3] of any size. Its arrays are named `prefix` + name. Throws GraphError for an
 * architecture without a graph.
 */
export function buildNetwork<Value>(
  builder: GraphBuilder<Value>,
  x: Value,
  shape: NetworkShape,
  weights: WeightArrays,
  prefix = '',
): Value {
  const filters = filtersOf(shape, weights);
  const layer: Layer<Value> = (within, name, input) =>
    within.convolution(input, prefix + name, filters.get(name) ?? missing(name));
  if (isEdsr(shape)) return buildEdsr(builder, x, shape, layer);
  if (isPyramid(shape)) return buildPyramid(builder, x, shape, layer);
  throw new GraphError(
    `A network of the architecture ${architectureNamed(shape.architecture).title} cannot be exported as a graph; its weights can.`,
  );
}

type Layer<Value> = (builder: GraphBuilder<Value>, name: string, input: Value) => Value;

function buildEdsr<Value>(
  builder: GraphBuilder<Value>,
  x: Value,
  { blocks, imageSkip }: EdsrShape,
  layer: Layer<Value>,
): Value {
  const head = layer(builder, 'head', x);
  let features = head;
  for (let i = 0; i < blocks; i++) features = residualBlock(builder, `block${i}`, features, layer);
  const tail = layer(builder, 'tail', builder.add(layer(builder, 'body', features), head));
  return imageSkip ? builder.add(tail, x) : tail;
}

function buildPyramid<Value>(
  builder: GraphBuilder<Value>,
  x: Value,
  { blocks, imageSkip }: PyramidShape,
  layer: Layer<Value>,
): Value {
  const change = builder.octaves(x, octaveRule, (within, image, coarse) => {
    const block = (name: string, input: Value): Value => residualBlock(within, name, input, layer);
    const outer = block('in', layer(within, 'head', within.concat(within.toBlocks(image), coarse)));
    let inner = layer(within, 'down', within.halve(outer));
    for (let i = 0; i < blocks; i++) inner = block(`block${i}`, inner);
    const joined = within.add(outer, within.double(layer(within, 'up', inner)));
    const tail = layer(within, 'tail', block('out2', block('out1', joined)));
    return within.fromBlocks(within.add(tail, within.convolution(coarse, 'enlarge', enlarge)));
  });
  return imageSkip ? builder.add(x, change) : builder.subtract(x, builder.add(x, change));
}

const enlarge: Filter = { inputs: 3, outputs: 12, weight: bilinearFilter(), bias: new Float32Array(12) };

function residualBlock<Value>(builder: GraphBuilder<Value>, name: string, input: Value, layer: Layer<Value>): Value {
  const inner = builder.relu(layer(builder, `${name}.conv1`, input));
  return builder.add(layer(builder, `${name}.conv2`, inner), input);
}

function filtersOf(shape: NetworkShape, weights: WeightArrays): Map<string, Filter> {
  const filters = new Map<string, Filter>();
  for (const { name, shape: dims } of networkWeights(shape)) {
    if (dims.length !== 4) continue;
    const layer = name.slice(0, -'.weight'.length);
    const [weight, bias] = [weights.get(name), weights.get(`${layer}.bias`)];
    if (!weight || !bias) throw new Error(`There is no weight named ${name}.`);
    filters.set(layer, { inputs: dims[2]!, outputs: dims[3]!, weight, bias });
  }
  return filters;
}

function missing(name: string): never {
  throw new Error(`There is no layer named ${name}.`);
}
