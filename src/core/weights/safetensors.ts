/**
 * The safetensors format: 8 bytes of header length (little-endian), a JSON header padded with spaces to a multiple of 8,
 * then the arrays, back to back and without gaps. Read and written here: F32 and F16.
 */
import { fromFloat16, toFloat16 } from './float16.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

export interface SafetensorsArray {
  readonly shape: readonly number[];
  /** Row by row; its length is the product of the shape. */
  readonly data: Float32Array;
}

export interface SafetensorsFile {
  readonly tensors: Map<string, { shape: number[]; data: Float32Array }>;
  readonly metadata: Record<string, string>;
}

/** Bytes that are no safetensors file, or arrays that cannot become one. The message is a plain sentence. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

const METADATA = '__metadata__';
/** The format allows 100 MB; a header of ours has some hundred kilobytes, and reading JSON takes a second for ten megabytes. */
const MAX_HEADER_BYTES = 10_000_000;
/** An object of objects of lists. */
const MAX_HEADER_DEPTH = 3;
const MAX_DIMENSIONS = 8;
const bytesPerNumber = { F32: 4, F16: 2 } as const;
type Dtype = keyof typeof bytesPerNumber;

/**
 * One file from named arrays, in the map's order.
 *
 * The array data begins at a multiple of 8 bytes. Throws SafetensorsError when a shape does not fit its data, a name is
 * reserved, or a finite value is too large for F16.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, SafetensorsArray>,
  metadata: Readonly<Record<string, string>>,
  options: { readonly dtype?: Dtype } = {},
): Uint8Array<ArrayBuffer> {
  const dtype = options.dtype ?? 'F32';
  const entries: [string, unknown][] = [[METADATA, metadata]];
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    if (name === METADATA) throw new SafetensorsError(`An array cannot be named ${METADATA}.`);
    if (countOf(shape) !== data.length) {
      throw new SafetensorsError(`${quoted(name)} has ${data.length} numbers, but the shape [${shape}].`);
    }
    const end = offset + data.length * bytesPerNumber[dtype];
    entries.push([name, { dtype, shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const header = encodeUtf8(JSON.stringify(Object.fromEntries(entries)));
  const headerBytes = Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes + offset);
  new DataView(bytes.buffer).setUint32(0, headerBytes, true);
  bytes.fill(0x20, 8, 8 + headerBytes).set(header, 8);
  let start = 8 + headerBytes;
  for (const [name, { data }] of tensors) {
    if (dtype === 'F32') new Float32Array(bytes.buffer, start, data.length).set(data);
    else writeHalves(name, data, new Uint16Array(bytes.buffer, start, data.length));
    start += data.length * bytesPerNumber[dtype];
  }
  return bytes;
}

/**
 * The arrays and texts of a file. F32 arrays are views of `bytes` where their alignment allows it, so do not write into them.
 *
 * Throws SafetensorsError for everything malformed: arrays must cover the data exactly, and no name may come twice.
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { header, dataStart } = readHeader(bytes);
  const metadata = readMetadata(header[METADATA]);
  const arrays = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, entry]) => readEntry(name, entry));
  assertExactCover(arrays, bytes.length - dataStart);
  const tensors: SafetensorsFile['tensors'] = new Map();
  for (const { name, dtype, shape, start, end } of arrays) {
    tensors.set(name, { shape, data: readNumbers(bytes, dtype, dataStart + start, dataStart + end) });
  }
  return { tensors, metadata };
}

interface Entry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: number[];
  readonly start: number;
  readonly end: number;
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < 8)
    throw new SafetensorsError(`The file has ${bytes.length} bytes; a safetensors file has more than 8.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  const headerBytes = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  if (headerBytes > MAX_HEADER_BYTES)
    throw new SafetensorsError('The header claims an absurd size; this is no safetensors file.');
  if (headerBytes > bytes.length - 8) {
    throw new SafetensorsError(
      `The file ends inside its header (${bytes.length} bytes, at least ${8 + headerBytes} expected).`,
    );
  }
  if (headerBytes === 0 || bytes[8] !== 0x7b) throw new SafetensorsError('The header is not a JSON object.');
  assertShallow(bytes.subarray(8, 8 + headerBytes));
  let header: unknown;
  let text: string;
  try {
    text = decodeUtf8(bytes.subarray(8, 8 + headerBytes));
    header = JSON.parse(text);
  } catch (error) {
    throw new SafetensorsError('The header is not readable JSON.', { cause: error });
  }
  assertUniqueKeys(text);
  return { header: header as Record<string, unknown>, dataStart: 8 + headerBytes };
}

/** Refuses JSON that is nested deeper than a header can be, before it is read: deep nesting takes long and proves nothing. */
function assertShallow(json: Uint8Array): void {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i]!;
    if (inText && byte === 0x5c) i++;
    else if (byte === 0x22) inText = !inText;
    else if (!inText && (byte === 0x7b || byte === 0x5b)) depth++;
    else if (!inText && (byte === 0x7d || byte === 0x5d)) depth--;
    if (depth > MAX_HEADER_DEPTH)
      throw new SafetensorsError('The header is nested too deep; this is no safetensors file.');
  }
}

/** JSON.parse silently keeps the last of two equal keys. `text` is valid JSON. */
function assertUniqueKeys(text: string): void {
  const open: (Set<string> | null)[] = []; // keys of the objects we are in; null for arrays
  let lastString = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(null);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const start = i++;
      while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
      lastString = text.slice(start, i + 1);
    } else if (character === ':') {
      const keys = open.at(-1)!;
      const key = JSON.parse(lastString) as string;
      if (keys.has(key)) throw new SafetensorsError(`The header names ${quoted(key)} twice.`);
      keys.add(key);
    }
  }
}

function readMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value) || Object.values(value).some((text) => typeof text !== 'string')) {
    throw new SafetensorsError('The metadata is not a list of texts.');
  }
  return value as Record<string, string>;
}

function readEntry(name: string, entry: unknown): Entry {
  if (!isRecord(entry)) throw new SafetensorsError(`${quoted(name)} is not described by an object.`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== 'F32' && dtype !== 'F16') {
    const type = typeof dtype === 'string' ? quoted(dtype) : 'an unknown type';
    throw new SafetensorsError(`${quoted(name)} is stored as ${type}; only F32 and F16 can be read.`);
  }
  if (!isWholeList(shape) || shape.length > MAX_DIMENSIONS)
    throw new SafetensorsError(`${quoted(name)} has no usable shape.`);
  if (!isWholeList(offsets) || offsets.length !== 2)
    throw new SafetensorsError(`${quoted(name)} has no usable place in the file.`);
  const [start, end] = offsets as [number, number];
  const expected = countOf(shape) * bytesPerNumber[dtype];
  if (!Number.isSafeInteger(expected)) throw new SafetensorsError(`${quoted(name)} has an absurd shape, [${shape}].`);
  if (end - start !== expected) {
    throw new SafetensorsError(
      `${quoted(name)} takes ${end - start} bytes, but its shape [${shape}] needs ${expected}.`,
    );
  }
  return { name, dtype, shape, start, end };
}

function assertExactCover(arrays: readonly Entry[], dataBytes: number): void {
  const inOrder = [...arrays].sort((a, b) => a.start - b.start || a.end - b.end);
  let position = 0;
  for (const { name, start, end } of inOrder) {
    if (start < position) throw new SafetensorsError(`${quoted(name)} overlaps another array.`);
    if (start > position) throw new SafetensorsError(`There are unexplained bytes before ${quoted(name)}.`);
    if (end > dataBytes) {
      throw new SafetensorsError(
        `The file is cut short: ${quoted(name)} ends at byte ${end} of its data, which has only ${dataBytes}.`,
      );
    }
    position = end;
  }
  if (position !== dataBytes) {
    throw new SafetensorsError(
      `The file has the wrong length: ${dataBytes} bytes of data, where its header describes ${position}.`,
    );
  }
}

function readNumbers(bytes: Uint8Array, dtype: Dtype, start: number, end: number): Float32Array {
  const count = (end - start) / bytesPerNumber[dtype];
  const offset = bytes.byteOffset + start;
  if (dtype === 'F32') {
    return offset % 4 === 0
      ? new Float32Array(bytes.buffer, offset, count)
      : new Float32Array(bytes.slice(start, end).buffer);
  }
  const halves =
    offset % 2 === 0 ? new Uint16Array(bytes.buffer, offset, count) : new Uint16Array(bytes.slice(start, end).buffer);
  const numbers = new Float32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = fromFloat16(halves[i]!);
  return numbers;
}

function writeHalves(name: string, data: Float32Array, target: Uint16Array): void {
  for (let i = 0; i < data.length; i++) {
    const half = toFloat16(data[i]!);
    if ((half & 0x7fff) === 0x7c00 && Number.isFinite(data[i])) {
      throw new SafetensorsError(`${quoted(name)} holds ${data[i]}, which is too large for F16.`);
    }
    target[i] = half;
  }
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

function isWholeList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names come from the file: shortened, and in quotes. */
function quoted(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
