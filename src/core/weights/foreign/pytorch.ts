/** PyTorch's files (.pth, .pt): the legacy format, five pickles and raw storages, and the zip format since version 1.6. */
import { ByteCursor } from './byteCursor.ts';
import { ArrayCollector, ForeignFileError, quoted } from './foreignFile.ts';
import type { ForeignFile } from './foreignFile.ts';
import { bytesOf, decodeNumbers, gatherStrided } from './numbers.ts';
import type { NumberKind } from './numbers.ts';
import { readPickle } from './pickle.ts';
import type { PickleDictionary, PickleValue, StorageReference, TensorReference } from './pickle.ts';
import { readStoredZip } from './storedZip.ts';

/** The legacy format's first pickle. */
const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;
const LEGACY_VERSION = 1001;
const legacyStart = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

const kinds: Readonly<Record<string, NumberKind>> = {
  FloatStorage: 'f32',
  DoubleStorage: 'f64',
  HalfStorage: 'f16',
  BFloat16Storage: 'bf16',
  LongStorage: 'i64',
  IntStorage: 'i32',
  ShortStorage: 'i16',
  CharStorage: 'i8',
  ByteStorage: 'u8',
  BoolStorage: 'u8',
};
/** What weights are stored as; the other kinds are counters and masks. */
const isWeightKind = (kind: NumberKind): boolean => ['f32', 'f64', 'f16', 'bf16'].includes(kind);

export function isLegacyPytorch(bytes: Uint8Array): boolean {
  return legacyStart.every((byte, i) => bytes[i] === byte);
}

/** Throws ForeignFileError. */
export function readLegacyPytorch(bytes: Uint8Array): ForeignFile {
  let at = 0;
  const next = (): PickleValue => {
    const { value, end } = readPickle(bytes, at);
    at = end;
    return value;
  };
  if (next() !== LEGACY_MAGIC) throw new ForeignFileError('The file does not begin as PyTorch’s legacy files do.');
  const version = next();
  if (version !== LEGACY_VERSION)
    throw new ForeignFileError(
      `The file is of PyTorch’s legacy version ${String(version)}; ${LEGACY_VERSION} is known.`,
    );
  const system = next();
  if (!(system instanceof Map) || system.get('little_endian') !== true)
    throw new ForeignFileError('The file was written on a big-endian machine.');
  const tensors = namedTensors(next());
  const keys = next();
  if (typeof keys !== 'object' || keys === null || !('items' in keys))
    throw new ForeignFileError('The file does not list its storages.');
  return collected(tensors, legacyStorages(bytes, at, keys.items, storagesOf(tensors)), bytes.length, 'pytorch-legacy');
}

/** Of each key in turn: a 64-bit count, then the numbers. */
function legacyStorages(
  bytes: Uint8Array,
  start: number,
  keys: readonly PickleValue[],
  known: ReadonlyMap<string, StorageReference>,
): Map<string, Uint8Array> {
  const cursor = new ByteCursor(bytes, start);
  const storages = new Map<string, Uint8Array>();
  for (const key of keys) {
    const storage = typeof key === 'string' ? known.get(key) : undefined;
    if (!storage)
      throw new ForeignFileError(
        `The file holds the storage ${quoted(String(key))}, which no tensor of its state dictionary uses.`,
        STATE_DICT,
      );
    const count = cursor.count64();
    if (count !== storage.count) {
      throw new ForeignFileError(
        `The storage ${quoted(storage.key)} has ${count} numbers; the tensors say ${storage.count}.`,
      );
    }
    storages.set(storage.key, cursor.take(count * bytesOf[kindOf(storage)]));
  }
  if (cursor.left !== 0)
    throw new ForeignFileError(`${cursor.left} bytes follow the last array; none are expected there.`);
  return storages;
}

/** Throws ForeignFileError. `bytes` begin as a zip file does. */
export function readZipPytorch(bytes: Uint8Array): ForeignFile {
  const entries = readStoredZip(bytes);
  const pickle = [...entries.keys()].find((name) => name === 'data.pkl' || name.endsWith('/data.pkl'));
  if (pickle === undefined) {
    throw new ForeignFileError(
      `This is a zip file, but none of PyTorch’s: it has no data.pkl (found: ${[...entries.keys()].slice(0, 3).map(quoted).join(', ') || 'nothing'}).`,
      'Choose a .pth or .pt file with a network’s state dictionary.',
    );
  }
  const folder = pickle.slice(0, -'data.pkl'.length);
  if ([...entries.keys()].some((name) => name.startsWith(`${folder}code/`)))
    throw new ForeignFileError('This is a TorchScript program, which is not run here.', STATE_DICT);
  const tensors = namedTensors(readPickle(entries.get(pickle)!).value);
  const storages = new Map<string, Uint8Array>();
  for (const { key, count } of storagesOf(tensors).values()) {
    const stored = entries.get(`${folder}data/${key}`);
    if (!stored) throw new ForeignFileError(`The storage ${quoted(key)} (${count} numbers) is missing in the file.`);
    storages.set(key, stored);
  }
  return collected(tensors, storages, bytes.length, 'pytorch-zip');
}

/** Keys under which training programs keep the network's state dictionary beside other things, the best first. */
const usualKeys = [
  'params_ema',
  'state_dict',
  'model_state_dict',
  'params',
  'model',
  'net',
  'network',
  'netG',
  'weights',
];

/** The tensors of the state dictionary in what was pickled; `module.`, which DataParallel puts before every name, is dropped. */
function namedTensors(root: PickleValue): Map<string, TensorReference> {
  const tensors = directTensors(stateDictionary(root));
  const names = [...tensors.keys()];
  if (!names.every((name) => name.startsWith('module.'))) return tensors;
  return new Map([...tensors].map(([name, tensor]) => [name.slice('module.'.length), tensor]));
}

function stateDictionary(root: PickleValue): PickleDictionary {
  if (!(root instanceof Map)) throw new ForeignFileError('The file holds no state dictionary.', STATE_DICT);
  if (directTensors(root).size > 0) return root;
  const within = new Map<string, PickleDictionary>();
  for (const [key, value] of root) {
    if (typeof key === 'string' && value instanceof Map && directTensors(value).size > 0) within.set(key, value);
  }
  const usual = usualKeys.find((key) => within.has(key));
  if (usual !== undefined) return within.get(usual)!;
  if (within.size === 1) return [...within.values()][0]!;
  const found = [...root.keys()].slice(0, 6).map((key) => quoted(String(key)));
  throw new ForeignFileError(
    `The file holds ${within.size === 0 ? 'no' : 'several'} dictionaries of tensors (found: ${found.join(', ') || 'nothing'}).`,
    STATE_DICT,
  );
}

function directTensors(dictionary: PickleDictionary): Map<string, TensorReference> {
  const tensors = new Map<string, TensorReference>();
  for (const [key, value] of dictionary) {
    const isTensor = typeof value === 'object' && value !== null && 'is' in value && value.is === 'tensor';
    if (typeof key === 'string' && isTensor) tensors.set(key, value);
  }
  return tensors;
}

function storagesOf(tensors: ReadonlyMap<string, TensorReference>): Map<string, StorageReference> {
  const storages = new Map<string, StorageReference>();
  for (const { storage } of tensors.values()) {
    const other = storages.get(storage.key);
    if (other && (other.type !== storage.type || other.count !== storage.count))
      throw new ForeignFileError(`Two tensors disagree about the storage ${quoted(storage.key)}.`);
    storages.set(storage.key, storage);
  }
  return storages;
}

function kindOf({ type }: StorageReference): NumberKind {
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (!kind) throw new ForeignFileError(`The file stores numbers as ${quoted(type)}, which is not known here.`);
  return kind;
}

function collected(
  tensors: ReadonlyMap<string, TensorReference>,
  storages: ReadonlyMap<string, Uint8Array>,
  fileBytes: number,
  format: 'pytorch-zip' | 'pytorch-legacy',
): ForeignFile {
  const collector = new ArrayCollector(fileBytes);
  const decoded = new Map<string, Float32Array>();
  for (const [name, { storage, offset, shape, strides }] of tensors) {
    const kind = kindOf(storage);
    if (!isWeightKind(kind)) {
      collector.skipped.push(name);
      continue;
    }
    const bytes = storages.get(storage.key);
    if (bytes?.length !== storage.count * bytesOf[kind]) {
      throw new ForeignFileError(
        `The storage ${quoted(storage.key)} takes ${bytes?.length ?? 'no'} bytes; ${storage.count} numbers of ${kind} were announced.`,
      );
    }
    const count = collector.claim(name, shape);
    const last = offset + shape.reduce((sum, side, axis) => sum + (side - 1) * strides[axis]!, 0);
    if (count > 0 && last >= storage.count)
      throw new ForeignFileError(`${quoted(name)} reaches beyond its storage of ${storage.count} numbers.`);
    if (!decoded.has(storage.key)) decoded.set(storage.key, decodeNumbers(bytes, kind));
    collector.add(name, shape, gatherStrided(decoded.get(storage.key)!, offset, shape, strides));
  }
  return collector.finish(format);
}

const STATE_DICT = 'Save the network’s state dictionary alone: torch.save(net.state_dict(), …).';
