/** Writes the parts of an ONNX file (opset 17): nodes, arrays, graphs within graphs. Images are [n,channels,h,w] there. */
import { message, packedFloats } from '../protobufWriter.ts';
import type { Field } from '../protobufWriter.ts';
import { outputsFirst } from './filterLayout.ts';
import type { Filter, GraphBuilder, OctaveRule, Residual } from './networkGraph.ts';

const [FLOAT, INT64] = [1, 7];

/** What a graph and the graphs within it have in common: names are unique among them, and arrays lie in the outermost. */
interface Common {
  count: number;
  readonly initializers: Map<string, Uint8Array>;
}

export class OnnxGraph implements GraphBuilder<string> {
  private readonly nodes: Uint8Array[] = [];

  constructor(private readonly common: Common = { count: 0, initializers: new Map() }) {}

  /** Adds a node and returns the name of its output: `output`, or a new one. */
  node(
    type: string,
    inputs: readonly string[],
    attributes: readonly Uint8Array[] = [],
    output = this.newName(type),
  ): string {
    this.nodes.push(
      message([
        ...inputs.map((name): Field => [1, name]),
        [2, output],
        [3, output],
        [4, type],
        ...attributes.map((bytes): Field => [5, bytes]),
      ]),
    );
    return output;
  }

  convolution(x: string, name: string, { inputs, outputs, weight, bias }: Filter): string {
    this.array(`${name}.weight`, [outputs, inputs, 3, 3], () => outputsFirst(weight, 9, inputs, outputs));
    this.array(`${name}.bias`, [outputs], () => bias);
    return this.node(
      'Conv',
      [x, `${name}.weight`, `${name}.bias`],
      [integers('kernel_shape', [3, 3]), integers('pads', [1, 1, 1, 1]), integers('strides', [1, 1])],
    );
  }

  relu(x: string): string {
    return this.node('Relu', [x]);
  }

  add(a: string, b: string): string {
    return this.node('Add', [a, b]);
  }

  subtract(a: string, b: string): string {
    return this.node('Sub', [a, b]);
  }

  concat(a: string, b: string): string {
    return this.node('Concat', [a, b], [integer('axis', 1)]);
  }

  toBlocks(x: string): string {
    return this.node('SpaceToDepth', [x], [integer('blocksize', 2)]);
  }

  fromBlocks(x: string): string {
    return this.node('DepthToSpace', [x], [integer('blocksize', 2), text('mode', 'DCR')]);
  }

  halve(x: string): string {
    return this.node('AveragePool', [x], [integers('kernel_shape', [2, 2]), integers('strides', [2, 2])]);
  }

  double(x: string): string {
    this.array('twice', [4], () => Float32Array.of(1, 1, 2, 2));
    return this.node(
      'Resize',
      [x, '', 'twice'],
      [text('mode', 'nearest'), text('coordinate_transformation_mode', 'asymmetric'), text('nearest_mode', 'floor')],
    );
  }

  octaves(x: string, { multiple, leastSide, most }: OctaveRule, residual: Residual<string>): string {
    const height = this.node('Shape', [x], [integer('start', 2), integer('end', 3)]);
    const width = this.node('Shape', [x], [integer('start', 3), integer('end', 4)]);
    const shorter = this.node('Min', [height, width]);
    // number of octaves − 1: how many of 2·leastSide, 4·leastSide, … the shorter side reaches
    const limits = Array.from({ length: most - 1 }, (_, k) => leastSide * 2 ** (k + 1));
    const reached = this.node('GreaterOrEqual', [shorter, this.whole('octave-sides', limits)]);
    const halvings = this.node(
      'ReduceSum',
      [this.node('Cast', [reached], [integer('to', INT64)])],
      [integer('keepdims', 1)],
    ); // [1]
    const multiples = Array.from({ length: most }, (_, k) => multiple * 2 ** k);
    const side = this.node('Gather', [this.whole('octave-multiples', multiples), halvings]);
    const whole = this.mirrored(this.mirrored(x, 2, height, side), 3, width, side);
    const change = octave(this, whole, 0);
    return this.node('Slice', [
      change,
      this.whole('corner', [0, 0]),
      this.node('Concat', [height, width], [integer('axis', 0)]),
      this.whole('spatial', [2, 3]),
    ]);

    function octave(within: OnnxGraph, image: string, k: number): string {
      const half = within.halve(image);
      within.array('zero', [], () => Float32Array.of(0));
      if (k === most - 1) return residual(within, image, within.node('Mul', [half, 'zero']));
      const goesOn = within.node('Greater', [halvings, within.whole(`octave-${k}`, [k])]);
      const coarse = within.node(
        'If',
        [goesOn],
        [
          subgraph('then_branch', within, (inner) => octave(inner, half, k + 1)),
          subgraph('else_branch', within, (inner) => inner.node('Mul', [half, 'zero'])),
        ],
      );
      return residual(within, image, coarse);
    }
  }

  /** The bytes of this graph with these inputs and outputs, images of three channels. Arrays go with the outermost. */
  finish(name: string, inputs: readonly string[], outputs: readonly string[]): Uint8Array {
    return message([
      ...this.nodes.map((bytes): Field => [1, bytes]),
      [2, name],
      ...[...this.common.initializers.values()].map((bytes): Field => [5, bytes]),
      ...inputs.map((input): Field => [11, imageInfo(input)]),
      ...outputs.map((output): Field => [12, imageInfo(output)]),
    ]);
  }

  /** The bytes of a graph within another, which has no inputs of its own. */
  finishBranch(name: string, output: string): Uint8Array {
    return message([...this.nodes.map((bytes): Field => [1, bytes]), [2, name], [12, floatInfo(output)]]);
  }

  within(): OnnxGraph {
    return new OnnxGraph(this.common);
  }

  /** x continued along an axis by its mirror image (the last row twice) to a multiple of `side`, which is [1]. */
  private mirrored(x: string, axis: number, length: string, side: string): string {
    const one = this.whole('one', [1]);
    const last = this.node('Sub', [this.node('Add', [length, side]), one]);
    const end = this.node('Mul', [this.node('Div', [last, side]), side]);
    const scalar = (value: string): string => this.node('Squeeze', [value]);
    this.array('scalar-0', [], () => BigInt64Array.of(0n));
    this.array('scalar-1', [], () => BigInt64Array.of(1n));
    const index = this.node('Range', ['scalar-0', scalar(end), 'scalar-1']);
    const twice = this.node('Sub', [this.node('Add', [length, length]), one]);
    const mirror = this.node('Sub', [twice, index]);
    return this.node('Gather', [x, this.node('Min', [index, mirror])], [integer('axis', axis)]);
  }

  private whole(name: string, values: readonly number[]): string {
    return this.array(name, [values.length], () => BigInt64Array.from(values, BigInt));
  }

  private array(name: string, shape: readonly number[], values: () => Float32Array | BigInt64Array): string {
    if (!this.common.initializers.has(name)) this.common.initializers.set(name, tensor(name, shape, values()));
    return name;
  }

  private newName(type: string): string {
    return `${type}_${++this.common.count}`;
  }
}

function subgraph(attribute: string, outer: OnnxGraph, build: (inner: OnnxGraph) => string): Uint8Array {
  const inner = outer.within();
  const output = build(inner);
  return message([
    [1, attribute],
    [6, inner.finishBranch(attribute, output)],
    [20, 5],
  ]);
}

function tensor(name: string, dims: readonly number[], values: Float32Array | BigInt64Array): Uint8Array {
  const isFloat = values instanceof Float32Array;
  const raw = isFloat ? packedFloats(values) : new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return message([...dims.map((dim): Field => [1, dim]), [2, isFloat ? FLOAT : INT64], [8, name], [9, raw]]);
}

function integer(name: string, value: number): Uint8Array {
  return message([
    [1, name],
    [3, value],
    [20, 2],
  ]);
}

function integers(name: string, values: readonly number[]): Uint8Array {
  return message([[1, name], ...values.map((value): Field => [8, value]), [20, 7]]);
}

function text(name: string, value: string): Uint8Array {
  return message([
    [1, name],
    [4, value],
    [20, 3],
  ]);
}

/** Name and type of an image [batch,3,height,width], whose sides the one who runs it chooses. */
function imageInfo(name: string): Uint8Array {
  const dimensions = ['batch', 3, 'height', 'width'].map((side): Field => [
    1,
    message([typeof side === 'number' ? [1, side] : [2, side]]),
  ]);
  return valueInfo(name, [[2, message(dimensions)]]);
}

function floatInfo(name: string): Uint8Array {
  return valueInfo(name, []);
}

function valueInfo(name: string, shape: readonly Field[]): Uint8Array {
  return message([
    [1, name],
    [2, message([[1, message([[1, FLOAT], ...shape])]])],
  ]);
}
