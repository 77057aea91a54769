/** MATLAB's version 5 files (.mat): numeric arrays in variables, cells and structures, as they are or compressed by zlib. */
import { ByteCursor } from './byteCursor.ts';
import { ArrayCollector, ForeignFileError, quoted } from './foreignFile.ts';
import type { ForeignFile } from './foreignFile.ts';
import { inflateZlib } from './inflateZlib.ts';
import { bytesOf, decodeNumbers } from './numbers.ts';
import type { NumberKind } from './numbers.ts';

const MATRIX = 14;
const COMPRESSED = 15;
const [CELL, STRUCTURE] = [1, 2];
/** Classes of matrices of numbers: double, single, and whole numbers of 8 to 64 bits. */
const isNumeric = (kind: number): boolean => kind >= 6 && kind <= 15;
const COMPLEX = 0x0800;
const MAX_DEPTH = 8;
/** Small variables may be compressed further than weights are. */
const ALWAYS_ALLOWED = 2 ** 20;

const kinds: Readonly<Record<number, NumberKind>> = {
  1: 'i8',
  2: 'u8',
  3: 'i16',
  4: 'u16',
  5: 'i32',
  6: 'u32',
  7: 'f32',
  9: 'f64',
  12: 'i64',
  13: 'u64',
};

export function isMatlab(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 7)) === 'MATLAB ';
}

/**
 * Names are those of variables, `.field` for a structure's and `{i}` (from 0) for a cell's. MATLAB stores columns first: the
 * axes are read in reverse, so that an array [kx,ky,in,out] is [out,in,ky,kx] here, and axes of length 1 of a vector are
 * dropped. Throws ForeignFileError.
 */
export function readMatlab(bytes: Uint8Array): ForeignFile {
  const version = String.fromCharCode(...bytes.subarray(7, 10));
  if (version !== '5.0') {
    throw new ForeignFileError(
      `This is a MATLAB ${version} file; those of version 5 can be read.`,
      'Save it again in MATLAB by save(…, "-v7").',
    );
  }
  const cursor = new ByteCursor(bytes, 126);
  if (cursor.u16() !== 0x4d49) throw new ForeignFileError('The file was written on a big-endian machine.');
  const collector = new ArrayCollector(Math.max(bytes.length, ALWAYS_ALLOWED));
  while (cursor.left > 0) {
    const { type, data } = element(cursor);
    if (type === MATRIX) readMatrix(data, null, collector, 0);
    else if (type === COMPRESSED) {
      const inner = new ByteCursor(
        inflateZlib(data, Math.max(4 * bytes.length, ALWAYS_ALLOWED)),
        0,
        'compressed variable',
      );
      const { type: innerType, data: matrix } = element(inner);
      if (innerType !== MATRIX || inner.left !== 0)
        throw new ForeignFileError('A compressed variable of the file is none.');
      readMatrix(matrix, null, collector, 0);
    } else throw new ForeignFileError(`The file has an element of the kind ${type}, which is no variable.`);
  }
  return collector.finish('matlab-v5');
}

/** A data element: kind and length in eight bytes, or in four where its data fit into the other four. */
function element(cursor: ByteCursor): { type: number; data: Uint8Array } {
  const word = cursor.u32();
  if (word >>> 16 !== 0) {
    const [type, length] = [word & 0xffff, word >>> 16];
    if (length > 4) throw new ForeignFileError(`A short element of the file claims ${length} bytes.`);
    return { type, data: cursor.take(4).subarray(0, length) };
  }
  const length = cursor.u32();
  const data = cursor.take(length);
  // compressed elements are not padded; at the very end others may not be either
  if (word !== COMPRESSED) cursor.take(Math.min((8 - (length % 8)) % 8, cursor.left));
  return { type: word, data };
}

/** One matrix and what it holds. `path` names it where it is part of another; variables name themselves. */
function readMatrix(matrix: Uint8Array, path: string | null, collector: ArrayCollector, depth: number): void {
  if (matrix.length === 0) return; // an empty cell
  if (depth > MAX_DEPTH) throw new ForeignFileError('The file nests cells deeper than one of weights ever does.');
  const cursor = new ByteCursor(matrix, 0, 'variable');
  const flags = new ByteCursor(element(cursor).data, 0, 'variable').u32();
  const dimensions = wholeNumbers(element(cursor).data);
  const own = latin1(element(cursor).data);
  const name = path ?? own;
  const kind = flags & 0xff;
  if (kind === CELL) {
    const count = parts(name, dimensions, cursor);
    for (let i = 0; i < count; i++) readMatrix(nested(cursor), `${name}{${i}}`, collector, depth + 1);
  } else if (kind === STRUCTURE) {
    readStructure(cursor, name, dimensions, collector, depth);
  } else if (isNumeric(kind) && (flags & COMPLEX) === 0) {
    readNumbers(element(cursor), name, dimensions, collector);
  } else collector.skipped.push(name);
}

function readStructure(
  cursor: ByteCursor,
  name: string,
  dimensions: readonly number[],
  collector: ArrayCollector,
  depth: number,
): void {
  const [width = 0] = wholeNumbers(element(cursor).data);
  const names = element(cursor).data;
  if (width < 1 || width > 64 || names.length % width !== 0)
    throw new ForeignFileError(`The structure ${quoted(name)} has no readable names.`);
  const fields = Array.from({ length: names.length / width }, (_, i) =>
    latin1(names.subarray(i * width, (i + 1) * width)).replace(/\0.*$/s, ''),
  );
  const count = parts(name, [...dimensions, fields.length], cursor) / Math.max(1, fields.length);
  for (let i = 0; i < count; i++) {
    for (const field of fields)
      readMatrix(nested(cursor), `${name}${count > 1 ? `(${i})` : ''}.${field}`, collector, depth + 1);
  }
}

function readNumbers(
  { type, data }: { type: number; data: Uint8Array },
  name: string,
  dimensions: readonly number[],
  collector: ArrayCollector,
): void {
  const kind = kinds[type];
  if (!kind) throw new ForeignFileError(`${quoted(name)} holds numbers of the unknown kind ${type}.`);
  const reversed = dimensions.toReversed();
  const isVector = reversed.filter((side) => side !== 1).length <= 1;
  const shape = isVector ? [reversed.reduce((product, side) => product * side, 1)] : reversed;
  const count = collector.claim(name, shape);
  if (count === 0) {
    collector.skipped.push(name);
    return;
  }
  if (data.length !== count * bytesOf[kind]) {
    throw new ForeignFileError(
      `${quoted(name)} takes ${data.length} bytes; its shape [${dimensions}] needs ${count * bytesOf[kind]}.`,
    );
  }
  collector.add(name, shape, decodeNumbers(data, kind));
}

/** How many matrices follow; each takes at least eight bytes. */
function parts(name: string, dimensions: readonly number[], cursor: ByteCursor): number {
  const count = dimensions.reduce((product, side) => product * side, 1);
  if (!(count >= 0 && count * 8 <= cursor.left))
    throw new ForeignFileError(`${quoted(name)} claims ${count} parts, which do not fit into it.`);
  return count;
}

function nested(cursor: ByteCursor): Uint8Array {
  const { type, data } = element(cursor);
  if (type !== MATRIX)
    throw new ForeignFileError(`A cell of the file has the kind ${type}, which is none of a matrix.`);
  return data;
}

function wholeNumbers(data: Uint8Array): number[] {
  const cursor = new ByteCursor(data, 0, 'variable');
  const numbers: number[] = [];
  while (cursor.left >= 4 && numbers.length < 32) numbers.push(cursor.i32());
  return numbers;
}

const MAX_NAME = 65_536;

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, MAX_NAME)) text += String.fromCharCode(byte);
  return text;
}
