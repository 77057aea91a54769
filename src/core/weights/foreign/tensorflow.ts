/** TensorFlow's V2 checkpoints: a sorted table of what there is (`.index`), and the numbers (`.data-00000-of-00001`). */
import { ArrayCollector, ForeignFileError, quoted } from './foreignFile.ts';
import type { ForeignFile } from './foreignFile.ts';
import { permuteAxes } from './layout.ts';
import { maskedCrc, readLevelTable } from './levelTable.ts';
import { bytesOf, decodeNumbers } from './numbers.ts';
import type { NumberKind } from './numbers.ts';
import { bytesField, countField, protobufFields } from './protobuf.ts';
import type { ProtobufField } from './protobuf.ts';

/** DataType of the arrays that are read; the others (whole numbers, texts) are no weights. */
const kinds: Readonly<Record<number, NumberKind>> = { 1: 'f32', 2: 'f64', 14: 'bf16', 19: 'f16' };

/** What optimizers and loops keep beside the weights. */
const isBookkeeping = (name: string): boolean =>
  /(^|\/)(Adam(_\d+)?|Momentum|RMSProp(_\d+)?|Adagrad|ExponentialMovingAverage|\.ATTRIBUTES)$/.test(name) ||
  /(^|\/)(beta[12]_power(_\d+)?|global_step)$/.test(name);

/** An entry of the table (BundleEntryProto). */
interface Entry {
  dtype: number;
  shape: number[];
  shard: number;
  offset: number;
  size: number;
  checksum: number | null;
}

/** Filters become [out,in,kh,kw]; those of transposed convolutions [in,out,kh,kw]. Throws ForeignFileError. */
export function readTensorflow(index: Uint8Array, data: Uint8Array): ForeignFile {
  const table = readLevelTable(index);
  const header = table.get('');
  if (!header) throw new ForeignFileError('The index has no header; it is of no TensorFlow checkpoint.');
  assertOneShard(header);
  const collector = new ArrayCollector(index.length + data.length);
  for (const [name, value] of table) {
    if (name === '') continue;
    const entry = readEntry(name, value);
    const kind = kinds[entry.dtype];
    if (!kind || isBookkeeping(name)) {
      collector.skipped.push(name);
      continue;
    }
    const count = collector.claim(name, entry.shape);
    if (entry.size !== count * bytesOf[kind]) {
      throw new ForeignFileError(
        `${quoted(name)} takes ${entry.size} bytes; its shape [${entry.shape}] needs ${count * bytesOf[kind]}.`,
      );
    }
    const bytes = bytesAt(name, entry, data);
    const array = { shape: entry.shape, data: decodeNumbers(bytes, kind) };
    const { shape, data: numbers } = entry.shape.length === 4 ? permuteAxes(array, [3, 2, 0, 1]) : array;
    collector.add(name, shape, numbers);
  }
  return collector.finish('tensorflow-checkpoint');
}

/** BundleHeaderProto {1 num_shards, 2 endianness}. */
function assertOneShard(header: Uint8Array): void {
  for (const field of protobufFields(header)) {
    if (field.number === 1 && countField(field) !== 1) {
      throw new ForeignFileError(
        `The checkpoint is split into ${countField(field)} parts; only whole ones can be read.`,
        'Save it again with one shard.',
      );
    }
    if (field.number === 2 && countField(field) !== 0)
      throw new ForeignFileError('The checkpoint was written on a big-endian machine.');
  }
}

function readEntry(name: string, value: Uint8Array): Entry {
  const entry: Entry = { dtype: 0, shape: [], shard: 0, offset: 0, size: 0, checksum: null };
  for (const field of protobufFields(value)) {
    if (field.number === 1) entry.dtype = countField(field);
    else if (field.number === 2) entry.shape = readShape(field);
    else if (field.number === 3) entry.shard = countField(field);
    else if (field.number === 4) entry.offset = countField(field);
    else if (field.number === 5) entry.size = countField(field);
    else if (field.number === 6) entry.checksum = fixed32(bytesField(field));
    else if (field.number === 7) throw new ForeignFileError(`${quoted(name)} is stored in slices, which are not read.`);
  }
  if (entry.shard !== 0) throw new ForeignFileError(`${quoted(name)} lies in part ${entry.shard}; there is only one.`);
  return entry;
}

/** TensorShapeProto {2 dim {1 size}}. */
function readShape(field: ProtobufField): number[] {
  const shape: number[] = [];
  for (const dimension of protobufFields(bytesField(field))) {
    if (dimension.number !== 2) continue;
    let side = 0;
    for (const inner of protobufFields(bytesField(dimension))) if (inner.number === 1) side = countField(inner);
    shape.push(side);
  }
  return shape;
}

function bytesAt(name: string, { offset, size, checksum }: Entry, data: Uint8Array): Uint8Array {
  if (offset + size > data.length) {
    throw new ForeignFileError(
      `${quoted(name)} ends at byte ${offset + size} of a .data file that has ${data.length}.`,
      'Choose the .index and the .data file of the same checkpoint.',
    );
  }
  const bytes = data.subarray(offset, offset + size);
  if (checksum !== null && maskedCrc(bytes) !== checksum) {
    throw new ForeignFileError(
      `${quoted(name)} is damaged: its checksum does not fit.`,
      'Choose the .index and the .data file of the same checkpoint, or download them again.',
    );
  }
  return bytes;
}

function fixed32(bytes: Uint8Array): number {
  if (bytes.length !== 4) throw new ForeignFileError('A checksum in the index has the wrong length.');
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
}
