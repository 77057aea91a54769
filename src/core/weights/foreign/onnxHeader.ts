import { ForeignFileError, quoted } from './foreignFile.ts';
import { bytesField, countField, countsField, protobufFields, textField } from './protobuf.ts';
import type { ProtobufField } from './protobuf.ts';

/** Name, element type ("float32") and sides of an input or output; a side that the file leaves open is a text. */
export interface OnnxValue {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** What an ONNX file says of its model before anything in it is run. */
export interface OnnxHeader {
  /** Version of the standard operators; 0 where the file uses others only. */
  readonly opset: number;
  /** Without those that only name weights. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Numbers in its weights. */
  readonly parameters: number;
  /** What it says of itself beside its graph, by key; the last of several. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** Fields of ModelProto. */
const [IR_VERSION, GRAPH, OPSET, METADATA] = [1, 7, 8, 14];
/** Fields of GraphProto. */
const [NODE, INITIALIZER, INPUT, OUTPUT] = [1, 5, 11, 12];
/** Fields of TensorProto. */
const [DIMS, DATA_TYPE, FLOATS, NAME, RAW, EXTERNAL, LOCATION] = [1, 2, 4, 8, 9, 13, 14];
/** More than any image model has. */
const [MAX_VALUES, MAX_WEIGHTS, MAX_SIDES] = [1024, 100_000, 8];

/** Names of TensorProto.DataType, and bytes of one element where the numbers lie as they are. */
const TYPES: ReadonlyMap<number, readonly [name: string, bytes: number | null]> = new Map([
  [1, ['float32', 4]],
  [2, ['uint8', 1]],
  [3, ['int8', 1]],
  [4, ['uint16', 2]],
  [5, ['int16', 2]],
  [6, ['int32', 4]],
  [7, ['int64', 8]],
  [8, ['text', null]],
  [9, ['bool', 1]],
  [10, ['float16', 2]],
  [11, ['float64', 8]],
  [12, ['uint32', 4]],
  [13, ['uint64', 8]],
  [16, ['bfloat16', 2]],
]);

/** True where the bytes are a protobuf message with the version, graph and operator set of an ONNX model. */
export function isOnnx(bytes: Uint8Array): boolean {
  if (bytes[0] !== IR_VERSION * 8) return false;
  const found = new Set<number>();
  try {
    for (const { number, value } of protobufFields(bytes)) if (typeof value !== 'number') found.add(number);
  } catch (error) {
    if (!(error instanceof ForeignFileError)) throw error;
    return false;
  }
  return found.has(GRAPH) && found.has(OPSET);
}

/**
 * Reads what a file says of its inputs, outputs and weights; its numbers are counted, not copied. Throws ForeignFileError for a
 * file that contradicts itself or keeps its weights elsewhere.
 */
export function readOnnxHeader(bytes: Uint8Array): OnnxHeader {
  let graph: Uint8Array | null = null;
  let opset = 0;
  const metadata = new Map<string, string>();
  for (const field of protobufFields(bytes)) {
    if (field.number === GRAPH) {
      if (graph) throw new ForeignFileError('The ONNX file holds several graphs; one is expected.');
      graph = bytesField(field);
    } else if (field.number === OPSET) {
      opset = Math.max(opset, standardOpset(field));
    } else if (field.number === METADATA) {
      metadata.set(...entryOf(field));
      if (metadata.size > MAX_VALUES) throw tooMany('entries of metadata', MAX_VALUES);
    }
  }
  if (!graph) throw new ForeignFileError('The ONNX file holds no graph.');
  return { opset, ...readGraph(graph), metadata };
}

function readGraph(graph: Uint8Array): Pick<OnnxHeader, 'inputs' | 'outputs' | 'parameters'> {
  const [inputs, outputs]: [OnnxValue[], OnnxValue[]] = [[], []];
  const weights = new Set<string>();
  let [nodes, parameters] = [0, 0];
  for (const field of protobufFields(graph)) {
    if (field.number === NODE) nodes++;
    if (field.number === INPUT) inputs.push(readValue(field));
    if (field.number === OUTPUT) outputs.push(readValue(field));
    if (field.number === INITIALIZER) {
      const { name, count } = readWeights(bytesField(field));
      weights.add(name);
      parameters += count;
    }
    if (weights.size > MAX_WEIGHTS) throw tooMany('arrays of weights', MAX_WEIGHTS);
    if (inputs.length > MAX_VALUES + MAX_WEIGHTS || outputs.length > MAX_VALUES)
      throw tooMany('inputs or outputs', MAX_VALUES);
  }
  if (nodes === 0) throw new ForeignFileError('The ONNX graph is empty: it computes nothing.');
  return { inputs: inputs.filter(({ name }) => !weights.has(name)), outputs, parameters };
}

/** The name of an array of weights and how many numbers it has. Throws where it says one thing and holds another. */
function readWeights(tensor: Uint8Array): { readonly name: string; readonly count: number } {
  let name = '';
  let type = 0;
  let raw: number | null = null;
  let floats = 0;
  let elsewhere = false;
  const shape: number[] = [];
  for (const field of protobufFields(tensor)) {
    if (field.number === DIMS) shape.push(...sidesOf(field));
    else if (field.number === DATA_TYPE) type = countField(field);
    else if (field.number === NAME) name = textField(field);
    else if (field.number === RAW) raw = bytesField(field).length;
    else if (field.number === FLOATS) floats += bytesField(field).length / 4;
    else if (field.number === EXTERNAL) elsewhere = true;
    else if (field.number === LOCATION) elsewhere ||= countField(field) !== 0;
  }
  if (elsewhere)
    throw new ForeignFileError(
      `The ONNX file keeps ${quoted(name)} in another file.`,
      'Export the model again as one file, weights included.',
    );
  const count = shape.reduce((product, side) => product * side, 1);
  const [typeName, size] = TYPES.get(type) ?? [`type ${type}`, null];
  const isShape = shape.length <= MAX_SIDES && Number.isSafeInteger(count);
  if (!isShape) throw new ForeignFileError(`${quoted(name)} has the shape [${shape.slice(0, 9)}], which is none.`);
  const held = raw !== null && size !== null ? raw / size : typeName === 'float32' ? floats : count;
  if (held !== count)
    throw new ForeignFileError(
      `${quoted(name)} is said to be [${shape}] of ${typeName}, ${count} numbers, and holds ${held}.`,
    );
  return { name, count };
}

function sidesOf(field: ProtobufField): number[] {
  const sides = countsField(field);
  if (sides.length > MAX_SIDES) throw new ForeignFileError(`An ONNX array has ${sides.length} dimensions.`);
  return sides;
}

/** ValueInfoProto: the name (1) and the type (2), of which the tensor's (1) element type (1) and shape (2). */
function readValue(field: ProtobufField): OnnxValue {
  let name = '';
  let type = 'no tensor';
  let shape: (number | string)[] = [];
  for (const part of protobufFields(bytesField(field))) {
    if (part.number === 1) name = textField(part);
    if (part.number !== 2) continue;
    const tensor = [...protobufFields(bytesField(part))].find(({ number }) => number === 1);
    if (!tensor) continue;
    for (const fact of protobufFields(bytesField(tensor))) {
      if (fact.number === 1) type = TYPES.get(countField(fact))?.[0] ?? `type ${countField(fact)}`;
      if (fact.number === 2) shape = readShape(bytesField(fact));
    }
  }
  return { name, type, shape };
}

/** TensorShapeProto: dimensions (1), each a count (1) or a name (2); 0 and below count as open. */
function readShape(bytes: Uint8Array): (number | string)[] {
  const shape: (number | string)[] = [];
  for (const dimension of protobufFields(bytes)) {
    if (dimension.number !== 1) continue;
    let side: number | string = '?';
    for (const part of protobufFields(bytesField(dimension))) {
      if (part.number === 1 && typeof part.value === 'number' && part.value > 0) side = countField(part);
      if (part.number === 2) side = textField(part) || '?';
    }
    if (shape.push(side) > MAX_SIDES) throw new ForeignFileError('An ONNX value has more than 8 dimensions.');
  }
  return shape;
}

/** Domain (1) and version (2) of an operator set: the version of the standard one, 0 of any other. */
function standardOpset(field: ProtobufField): number {
  let [domain, version] = ['', 0];
  for (const part of protobufFields(bytesField(field))) {
    if (part.number === 1) domain = textField(part);
    if (part.number === 2) version = countField(part);
  }
  return domain === '' || domain === 'ai.onnx' ? version : 0;
}

/** Key (1) and value (2). */
function entryOf(field: ProtobufField): [string, string] {
  let [key, value] = ['', ''];
  for (const part of protobufFields(bytesField(field))) {
    if (part.number === 1) key = textField(part);
    else if (part.number === 2) value = textField(part);
  }
  return [key, value];
}

function tooMany(what: string, most: number): ForeignFileError {
  return new ForeignFileError(`The ONNX file has more than ${most} ${what}.`);
}
