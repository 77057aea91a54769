/** Writes the parts of a TensorFlow.js graph model: nodes, arrays, and functions for the branches of a condition. */
import type { Filter, GraphBuilder, OctaveRule, Residual } from './networkGraph.ts';

/** A node as model.json keeps it; texts in attributes are base64. */
export interface TfjsNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, unknown>>;
}

export interface TfjsFunction {
  readonly signature: {
    readonly name: string;
    readonly inputArg: readonly { readonly name: string; readonly type: string }[];
    readonly outputArg: readonly { readonly name: string; readonly type: string }[];
  };
  readonly nodeDef: readonly TfjsNode[];
  readonly ret: Readonly<Record<string, string>>;
}

export interface TfjsArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** What a graph and its functions have in common. */
interface Common {
  count: number;
  readonly arrays: Map<string, TfjsArray>;
  readonly functions: TfjsFunction[];
}

const [FLOAT, INT] = ['DT_FLOAT', 'DT_INT32'];

/** Images are [n,h,w,channels]. Every graph, and every function, names the arrays that it uses as nodes of its own. */
export class TfjsGraph implements GraphBuilder<string> {
  readonly nodes: TfjsNode[] = [];
  private readonly named = new Set<string>();

  constructor(readonly common: Common = { count: 0, arrays: new Map(), functions: [] }) {}

  /** Adds a node and returns its name, which is that of its output. */
  node(
    op: string,
    input: readonly string[],
    attr: Readonly<Record<string, unknown>> = {},
    name = this.newName(op),
  ): string {
    this.nodes.push({ name, op, input, attr });
    return name;
  }

  placeholder(name: string): string {
    const shape = { dim: [{ size: '-1' }, { size: '-1' }, { size: '-1' }, { size: '3' }] };
    return this.node('Placeholder', [], { dtype: { type: FLOAT }, shape: { shape } }, name);
  }

  convolution(x: string, name: string, { inputs, outputs, weight, bias }: Filter): string {
    const filter = this.array(`${name}/weight`, [3, 3, inputs, outputs], () => weight);
    const sums = this.node('Conv2D', [x, filter], { ...ofFloats, ...steps(1), padding: text('SAME'), ...dilations });
    return this.node('BiasAdd', [sums, this.array(`${name}/bias`, [outputs], () => bias)], { ...ofFloats, ...nhwc });
  }

  relu(x: string): string {
    return this.node('Relu', [x], ofFloats);
  }

  add(a: string, b: string): string {
    return this.node('AddV2', [a, b], ofFloats);
  }

  subtract(a: string, b: string): string {
    return this.node('Sub', [a, b], ofFloats);
  }

  concat(a: string, b: string): string {
    return this.concatAll([a, b], 3);
  }

  /** There is no operation for it: a convolution that picks each number of a block. */
  toBlocks(x: string): string {
    const filter = this.array('blocks', [2, 2, 3, 12], () =>
      Float32Array.from({ length: 144 }, (_, at) => (Math.floor(at / 12) === at % 12 ? 1 : 0)),
    );
    return this.node('Conv2D', [x, filter], { ...ofFloats, ...steps(2), padding: text('VALID'), ...dilations });
  }

  fromBlocks(x: string): string {
    return this.node('DepthToSpace', [x], { ...ofFloats, block_size: { i: '2' }, ...nhwc });
  }

  halve(x: string): string {
    const ksize = { list: { i: ['1', '2', '2', '1'] } };
    return this.node('AvgPool', [x], { ...ofFloats, ...steps(2), padding: text('VALID'), ksize });
  }

  double(x: string): string {
    return this.fromBlocks(this.concatAll([x, x, x, x], 3));
  }

  octaves(x: string, { multiple, leastSide, most }: OctaveRule, residual: Residual<string>): string {
    const shape = this.node('Shape', [x], ofFloats);
    const [height, width] = [this.element(shape, 1), this.element(shape, 2)];
    const limits = Array.from({ length: most - 1 }, (_, k) => leastSide * 2 ** (k + 1));
    const shorter = this.node('Minimum', [height, width], ofWhole);
    const reached = this.node('GreaterEqual', [shorter, this.whole('octave_sides', limits)], ofWhole);
    const ones = this.node('Cast', [reached], { SrcT: { type: 'DT_BOOL' }, DstT: { type: INT } });
    const halvings = this.node('Sum', [ones, this.whole('first', [0])], { ...ofWhole, keep_dims: { b: false } });
    const multiples = Array.from({ length: most }, (_, k) => multiple * 2 ** k);
    const side = this.gather(this.whole('octave_multiples', multiples), halvings, 0, ofWhole);
    const whole = this.mirrored(this.mirrored(x, 1, height, side), 2, width, side);
    const change = octave(this, whole, halvings, 0);
    const size = [this.whole('all', [-1]), this.vector(height), this.vector(width), this.whole('channels', [3])];
    return this.node('Slice', [change, this.whole('corner', [0, 0, 0, 0]), this.concatAll(size, 0)], ofFloats);

    function octave(within: TfjsGraph, image: string, more: string, k: number): string {
      const half = within.halve(image);
      const nothing = (graph: TfjsGraph, input: string): string =>
        graph.node('Mul', [input, graph.array('zero', [], () => Float32Array.of(0))], ofFloats);
      if (k === most - 1) return residual(within, image, nothing(within, half));
      const goesOn = within.node('Greater', [more, within.scalar(`octave_${k}`, k)], ofWhole);
      const branches = {
        then_branch: within.branch(`octave_${k + 1}`, (inner, a, b) => octave(inner, a, b, k + 1)),
        else_branch: within.branch(`no_octave_${k + 1}`, (inner, a) => nothing(inner, a)),
      };
      const coarse = within.node('StatelessIf', [goesOn, half, more], {
        ...branches,
        Tcond: { type: 'DT_BOOL' },
        Tin: { list: { type: [FLOAT, INT] } },
        Tout: { list: { type: [FLOAT] } },
      });
      return residual(within, image, coarse);
    }
  }

  /** A function of an image and a whole number, as an attribute names it. */
  private branch(name: string, build: (inner: TfjsGraph, image: string, number: string) => string): unknown {
    const inner = new TfjsGraph(this.common);
    const [image, number] = [`${name}_image`, `${name}_number`];
    const output = build(inner, image, number);
    this.common.functions.push({
      signature: {
        name,
        inputArg: [
          { name: image, type: FLOAT },
          { name: number, type: INT },
        ],
        outputArg: [{ name: 'output', type: FLOAT }],
      },
      nodeDef: inner.nodes,
      ret: { output: `${output}:0` },
    });
    return { func: { name } };
  }

  /** x continued along an axis by its mirror image (the last row twice) to a multiple of `side`. */
  private mirrored(x: string, axis: number, length: string, side: string): string {
    const [zero, one] = [this.scalar('whole_0', 0), this.scalar('whole_1', 1)];
    const last = this.node('Sub', [this.node('AddV2', [length, side], ofWhole), one], ofWhole);
    const end = this.node('Mul', [this.node('FloorDiv', [last, side], ofWhole), side], ofWhole);
    const index = this.node('Range', [zero, end, one], { Tidx: { type: INT } });
    const twice = this.node('Sub', [this.node('AddV2', [length, length], ofWhole), one], ofWhole);
    const mirror = this.node('Sub', [twice, index], ofWhole);
    return this.gather(x, this.node('Minimum', [index, mirror], ofWhole), axis, ofFloats);
  }

  private gather(x: string, index: string, axis: number, type: Readonly<Record<string, unknown>>): string {
    return this.node('GatherV2', [x, index, this.scalar(`axis_${axis}`, axis)], { ...type, batch_dims: { i: '0' } });
  }

  /** Number `at` of a vector, as a scalar. */
  private element(vector: string, at: number): string {
    return this.gather(vector, this.scalar(`whole_${at}`, at), 0, ofWhole);
  }

  private vector(scalar: string): string {
    return this.node('ExpandDims', [scalar, this.scalar('axis_0', 0)], ofWhole);
  }

  private concatAll(parts: readonly string[], axis: number): string {
    return this.node('ConcatV2', [...parts, this.scalar(`axis_${axis}`, axis)], { N: { i: `${parts.length}` } });
  }

  private scalar(name: string, value: number): string {
    return this.array(name, [], () => Int32Array.of(value));
  }

  private whole(name: string, values: readonly number[]): string {
    return this.array(name, [values.length], () => Int32Array.from(values));
  }

  private array(name: string, shape: readonly number[], data: () => TfjsArray['data']): string {
    if (!this.common.arrays.has(name)) this.common.arrays.set(name, { shape, data: data() });
    if (!this.named.has(name)) {
      this.named.add(name);
      const isFloat = this.common.arrays.get(name)!.data instanceof Float32Array;
      this.node('Const', [], { dtype: { type: isFloat ? FLOAT : INT } }, name);
    }
    return name;
  }

  private newName(op: string): string {
    return `${op}_${++this.common.count}`;
  }
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const ofFloats = { T: { type: FLOAT } };
const ofWhole = { T: { type: INT } };
const nhwc = { data_format: text('NHWC') };
const dilations = { dilations: { list: { i: ['1', '1', '1', '1'] } } };

function steps(step: number): Record<string, unknown> {
  return { strides: { list: { i: ['1', `${step}`, `${step}`, '1'] } }, ...nhwc };
}

function text(value: string): { readonly s: string } {
  return { s: base64(value) };
}

/** Of a text in ASCII. */
function base64(value: string): string {
  let result = '';
  for (let i = 0; i < value.length; i += 3) {
    const [a, b, c] = [value.charCodeAt(i), value.charCodeAt(i + 1) || 0, value.charCodeAt(i + 2) || 0];
    const word = (a << 16) | (b << 8) | c;
    for (let k = 0; k < 4; k++) result += i + k > value.length ? '=' : digits[(word >> (18 - 6 * k)) & 63]!;
  }
  return result;
}
