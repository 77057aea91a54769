import type { EdsrShape } from '../../src/core/architectures/edsr.ts';

/** A field of a protobuf message: number → varint, text or bytes → length-delimited. */
type Field = readonly [number: number, value: number | string | Uint8Array];

const FLOAT = 1;

/**
 * An EDSR as an ONNX file (opset 13: Conv, Relu, Add), for any image size: input "x" and output "y", [1,3,h,w].
 * `weights` as `edsrWeights` names them, filters [3,3,cin,cout].
 */
export function edsrOnnx(
  shape: EdsrShape,
  weights: ReadonlyMap<string, Float32Array>,
  h: number,
  w: number,
): Uint8Array {
  const nodes: Uint8Array[] = [];
  const initializers: Uint8Array[] = [];
  const node = (
    type: string,
    inputs: readonly string[],
    output: string,
    attributes: readonly Uint8Array[] = [],
  ): string => {
    nodes.push(
      message([
        ...inputs.map((name): Field => [1, name]),
        [2, output],
        [4, type],
        ...attributes.map((a): Field => [5, a]),
      ]),
    );
    return output;
  };
  const convolution = (name: string, input: string, cin: number, cout: number): string => {
    initializers.push(tensor(`${name}.weight`, [cout, cin, 3, 3], turnAxes(weights.get(`${name}.weight`)!, cin, cout)));
    initializers.push(tensor(`${name}.bias`, [cout], weights.get(`${name}.bias`)!));
    const attributes = [integers('kernel_shape', [3, 3]), integers('pads', [1, 1, 1, 1]), integers('strides', [1, 1])];
    return node('Conv', [input, `${name}.weight`, `${name}.bias`], name, attributes);
  };
  const f = shape.filters;
  const head = convolution('head', 'x', 3, f);
  let features = head;
  for (let i = 0; i < shape.blocks; i++) {
    const inner = node('Relu', [convolution(`block${i}.conv1`, features, f, f)], `block${i}.relu`);
    features = node('Add', [convolution(`block${i}.conv2`, inner, f, f), features], `block${i}`);
  }
  const body = node('Add', [convolution('body', features, f, f), head], 'long');
  const tail = convolution('tail', body, f, 3);
  node(shape.imageSkip ? 'Add' : 'Identity', shape.imageSkip ? [tail, 'x'] : [tail], 'y');
  const graph = message([
    ...nodes.map((bytes): Field => [1, bytes]),
    [2, 'edsr'],
    ...initializers.map((bytes): Field => [5, bytes]),
    [11, image('x', h, w)],
    [12, image('y', h, w)],
  ]);
  const opset = message([
    [1, ''],
    [2, 13],
  ]);
  return message([
    [1, 7],
    [2, 'bench'],
    [7, graph],
    [8, opset],
  ]);
}

/** [3,3,cin,cout] → [cout,cin,3,3]. */
function turnAxes(filter: Float32Array, cin: number, cout: number): Float32Array {
  return Float32Array.from(filter, (_, at) => {
    const [tap, i, o] = [at % 9, Math.floor(at / 9) % cin, Math.floor(at / (9 * cin))];
    return filter[(tap * cin + i) * cout + o]!;
  });
}

function tensor(name: string, dims: readonly number[], values: Float32Array): Uint8Array {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return message([...dims.map((dim): Field => [1, dim]), [2, FLOAT], [8, name], [9, raw]]);
}

function integers(name: string, values: readonly number[]): Uint8Array {
  return message([[1, name], ...values.map((value): Field => [8, value]), [20, 7]]);
}

function image(name: string, h: number, w: number): Uint8Array {
  const dims = [1, 3, h, w].map((dim): Field => [1, message([[1, dim]])]);
  const type = message([
    [
      1,
      message([
        [1, FLOAT],
        [2, message(dims)],
      ]),
    ],
  ]);
  return message([
    [1, name],
    [2, type],
  ]);
}

function message(fields: readonly Field[]): Uint8Array {
  const bytes: number[] = [];
  const chunks: Uint8Array[] = [];
  for (const [number, value] of fields) {
    if (typeof value === 'number') {
      bytes.push(...varint(number << 3), ...varint(value));
      continue;
    }
    const content = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    chunks.push(
      Uint8Array.from([...bytes.splice(0), ...varint((number << 3) | 2), ...varint(content.length)]),
      content,
    );
  }
  chunks.push(Uint8Array.from(bytes));
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) | (rest >= 128 ? 128 : 0));
    if (rest < 128) return bytes;
  }
}
