/** Writes small files as the other programs do: for tests and tools, which have no published file at hand. */
import { concatBytes, message, packed, packedFloats, varint } from '../protobufWriter.ts';
import type { Field } from '../protobufWriter.ts';
import { encodeUtf8 } from '../utf8.ts';
import { crc32 } from './crc.ts';
import type { ForeignArray } from './foreignFile.ts';
import { permuteAxes } from './layout.ts';
import { maskedCrc } from './levelTable.ts';

/** Arrays by name; filters [out,in,kh,kw], as `readForeign` returns them. */
export type SampleArrays = ReadonlyMap<string, ForeignArray>;

/** Instructions of a pickle. */
export const pickle = {
  start: Uint8Array.of(0x80, 2),
  end: encodeUtf8('.'),
  global: (module: string, name: string): Uint8Array => encodeUtf8(`c${module}\n${name}\n`),
  text: (text: string): Uint8Array => {
    const content = encodeUtf8(text);
    return concatBytes([Uint8Array.of(0x58), u32(content.length), content]);
  },
  int: (value: number): Uint8Array => concatBytes([Uint8Array.of(0x4a), u32(value)]),
  tuple: (...parts: Uint8Array[]): Uint8Array => concatBytes([encodeUtf8('('), ...parts, encodeUtf8('t')]),
  orderedDictionary: (...items: Uint8Array[]): Uint8Array =>
    concatBytes([pickle.global('collections', 'OrderedDict'), encodeUtf8(')R('), ...items, encodeUtf8('u')]),
  list: (...items: Uint8Array[]): Uint8Array => concatBytes([encodeUtf8(']('), ...items, encodeUtf8('e')]),
  /** A contiguous tensor that is the whole of its storage. */
  tensor: (key: string, shape: readonly number[], type = 'FloatStorage'): Uint8Array => {
    const count = shape.reduce((product, side) => product * side, 1);
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
    return pickle.stridedTensor({ key, type, count, offset: 0, shape, strides });
  },
  stridedTensor: (tensor: {
    key: string;
    type: string;
    count: number;
    offset: number;
    shape: readonly number[];
    strides: readonly number[];
  }): Uint8Array => {
    const { key, type, count, offset, shape, strides } = tensor;
    const { text, int, tuple, global } = pickle;
    const storage = tuple(text('storage'), global('torch', type), text(key), text('cpu'), int(count));
    return concatBytes([
      global('torch._utils', '_rebuild_tensor_v2'),
      tuple(
        concatBytes([storage, encodeUtf8('Q')]),
        int(offset),
        tuple(...shape.map(int)),
        tuple(...strides.map(int)),
        Uint8Array.of(0x89),
        pickle.orderedDictionary(),
      ),
      encodeUtf8('R'),
    ]);
  },
};

/** A state dictionary as PyTorch's legacy format; every array has a storage of its own. */
export function legacyPytorchFile(arrays: SampleArrays): Uint8Array {
  const names = [...arrays.keys()];
  return legacyPytorchOf(stateDictionary(arrays), new Map(names.map((name, i) => [`${i}`, arrays.get(name)!.data])));
}

/** Of any root object and its storages. */
export function legacyPytorchOf(root: Uint8Array, storages: ReadonlyMap<string, Float32Array>): Uint8Array {
  const { start, end, text } = pickle;
  const magic = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
  return concatBytes([
    start,
    Uint8Array.from(magic),
    end,
    start,
    Uint8Array.of(0x4d, 0xe9, 3),
    end,
    start,
    pickle.orderedDictionary(text('little_endian'), Uint8Array.of(0x88)),
    end,
    start,
    root,
    end,
    start,
    pickle.list(...[...storages.keys()].map(text)),
    end,
    ...[...storages.values()].flatMap((data) => [u32(data.length), u32(0), packedFloats(data)]),
  ]);
}

/** As PyTorch's zip format. */
export function zipPytorchFile(arrays: SampleArrays): Uint8Array {
  const entries: [string, Uint8Array][] = [
    ['net/data.pkl', concatBytes([pickle.start, stateDictionary(arrays), pickle.end])],
    ['net/byteorder', encodeUtf8('little')],
    ...[...arrays.values()].map(({ data }, i): [string, Uint8Array] => [`net/data/${i}`, packedFloats(data)]),
    ['net/version', encodeUtf8('3\n')],
  ];
  const parts: Uint8Array[] = [];
  const list: Uint8Array[] = [];
  let at = 0;
  for (const [name, data] of entries) {
    const sizes = concatBytes([u32(crc32(data)), u32(data.length), u32(data.length), u16(name.length), u16(0)]);
    const local = concatBytes([u32(0x04034b50), new Uint8Array(10), sizes, encodeUtf8(name), data]);
    list.push(concatBytes([u32(0x02014b50), new Uint8Array(12), sizes, new Uint8Array(10), u32(at), encodeUtf8(name)]));
    parts.push(local);
    at += local.length;
  }
  const listed = concatBytes(list);
  const counts = [u16(0), u16(0), u16(entries.length), u16(entries.length)];
  return concatBytes([...parts, listed, u32(0x06054b50), ...counts, u32(listed.length), u32(at), u16(0)]);
}

/** As the two files of a TensorFlow checkpoint; with `compress` the index' block is packed by it. */
export function tensorflowFiles(
  arrays: SampleArrays,
  compress?: (block: Uint8Array) => Uint8Array,
): [index: Uint8Array, data: Uint8Array] {
  const entries: [string, Uint8Array][] = [['', message([[1, 1]])]];
  const numbers: Uint8Array[] = [];
  let offset = 0;
  for (const [name, array] of [...arrays].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { shape, data } = array.shape.length === 4 ? permuteAxes(array, [2, 3, 1, 0]) : array;
    const bytes = packedFloats(data);
    const dimensions = message(shape.map((side): Field => [2, message([[1, side]])]));
    const fields: Field[] = [
      [1, 1],
      [2, dimensions],
      [4, offset],
      [5, bytes.length],
    ];
    entries.push([name, concatBytes([message(fields), Uint8Array.of(6 * 8 + 5), u32(maskedCrc(bytes))])]);
    numbers.push(bytes);
    offset += bytes.length;
  }
  return [levelTable(entries, compress), concatBytes(numbers)];
}

function levelTable(
  entries: readonly [string, Uint8Array][],
  compress?: (block: Uint8Array) => Uint8Array,
): Uint8Array {
  const blockOf = (items: readonly [string, Uint8Array][]): Uint8Array => {
    let last = '';
    const parts = items.map(([key, value]) => {
      let shared = 0;
      while (shared < Math.min(key.length, last.length) && key[shared] === last[shared]) shared++;
      last = key;
      const lengths = packed([shared, key.length - shared, value.length]);
      return concatBytes([lengths, encodeUtf8(key.slice(shared)), value]);
    });
    return concatBytes([...parts, u32(0), u32(1)]);
  };
  const withTrailer = (block: Uint8Array, compression: number): Uint8Array => {
    const whole = concatBytes([block, Uint8Array.of(compression)]);
    return concatBytes([whole, u32(maskedCrc(whole))]);
  };
  const block = compress ? compress(blockOf(entries)) : blockOf(entries);
  const data = withTrailer(block, compress ? 1 : 0);
  const handle = (at: number, size: number): Uint8Array => concatBytes([varint(at), varint(size)]);
  const index = blockOf([['~', handle(0, block.length)]]);
  const handles = concatBytes([handle(0, 0), handle(data.length, index.length)]);
  const magic = Uint8Array.of(0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb);
  return concatBytes([data, withTrailer(index, 0), handles, new Uint8Array(40 - handles.length), magic]);
}

/** A Snappy block: runs of five bytes as they are, and copies of what stands four bytes before where it repeats. */
export function snappyBlock(block: Uint8Array): Uint8Array {
  const parts = [varint(block.length)];
  for (let at = 0; at < block.length;) {
    let same = 0;
    while (at >= 4 && same < 11 && at + same < block.length && block[at + same] === block[at + same - 4]) same++;
    if (same >= 4) {
      parts.push(Uint8Array.of(1 | ((same - 4) << 2), 4));
      at += same;
      continue;
    }
    const literal = block.subarray(at, at + 5);
    parts.push(Uint8Array.of((literal.length - 1) << 2), literal);
    at += literal.length;
  }
  return concatBytes(parts);
}

/** As a .caffemodel: `layer.weight` and `layer.bias` become the blobs of a layer. */
export function caffemodelFile(arrays: SampleArrays): Uint8Array {
  const layers = new Map<string, Uint8Array[]>();
  for (const [name, array] of arrays) {
    const layer = name.slice(0, name.lastIndexOf('.'));
    const { shape, data } = array.shape.length === 4 ? permuteAxes(array, [0, 1, 3, 2]) : array;
    const blob = message([
      [5, packedFloats(data)],
      [7, message([[1, packed(shape)]])],
    ]);
    layers.set(layer, [...(layers.get(layer) ?? []), blob]);
  }
  return message([
    [1, 'sample'],
    ...[...layers].map(([layer, blobs]): Field => {
      const fields: Field[] = [[1, layer], [2, 'Convolution'], ...blobs.map((blob): Field => [7, blob])];
      return [100, message(fields)];
    }),
  ]);
}

/** As a .mat of version 5 with one structure `model` of cells: `field{i}` of the names; with `compress` packed by zlib. */
export function matlabFile(arrays: SampleArrays, compress?: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const fields = new Map<string, ForeignArray[]>();
  for (const [name, array] of arrays) {
    const field = name.slice('model.'.length, name.indexOf('{'));
    fields.set(field, [...(fields.get(field) ?? []), array]);
  }
  const width = 32;
  const names = concatBytes(
    [...fields.keys()].map((field) => concatBytes([encodeUtf8(field), new Uint8Array(width - field.length)])),
  );
  const cells = [...fields.values()].map((items) =>
    matrix(
      1,
      [1, items.length],
      '',
      items.map(({ shape, data }) => single(shape, data)),
    ),
  );
  const model = matrix(2, [1, 1], 'model', [
    concatBytes([u16(5), u16(4), u32(width)]), // a short element
    element(1, names),
    ...cells,
  ]);
  const header = new Uint8Array(128).fill(0x20);
  header.set(encodeUtf8('MATLAB 5.0 MAT-file'));
  header.set([0, 1, 0x49, 0x4d], 124);
  if (!compress) return concatBytes([header, model]);
  const packedModel = compress(model);
  return concatBytes([header, u32(15), u32(packedModel.length), packedModel]);
}

function single(shape: readonly number[], data: Float32Array): Uint8Array {
  return matrix(7, shape.length === 1 ? [1, shape[0]!] : shape.toReversed(), '', [element(7, packedFloats(data))]);
}

function matrix(kind: number, dimensions: readonly number[], name: string, content: readonly Uint8Array[]): Uint8Array {
  return element(
    14,
    concatBytes([
      element(6, concatBytes([u32(kind), u32(0)])),
      element(5, concatBytes(dimensions.map(u32))),
      element(1, encodeUtf8(name)),
      ...content,
    ]),
  );
}

function element(type: number, data: Uint8Array): Uint8Array {
  return concatBytes([u32(type), u32(data.length), data, new Uint8Array((8 - (data.length % 8)) % 8)]);
}

function stateDictionary(arrays: SampleArrays): Uint8Array {
  return pickle.orderedDictionary(
    ...[...arrays].flatMap(([name, { shape }], i) => [pickle.text(name), pickle.tensor(`${i}`, shape)]),
  );
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 255, value >> 8);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24);
}
