/**
 * A pickle machine that can only build: numbers, texts, lists, tuples, dictionaries, and descriptions of tensors. A name of
 * anything else, and every instruction that is not needed for those, is refused; nothing is ever run.
 */
import { decodeUtf8 } from '../utf8.ts';
import { ByteCursor } from './byteCursor.ts';
import { ForeignFileError, quoted } from './foreignFile.ts';

/** Numbers of a tensor: their kind as PyTorch names it ("FloatStorage"), key within the file, and how many. */
export interface StorageReference {
  readonly is: 'storage';
  readonly type: string;
  readonly key: string;
  readonly count: number;
}

/** A strided view of a storage. */
export interface TensorReference {
  readonly is: 'tensor';
  readonly storage: StorageReference;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | { readonly is: 'list' | 'tuple'; readonly items: PickleValue[] }
  | { readonly is: 'global'; readonly name: string }
  | StorageReference
  | TensorReference
  | PickleDictionary;
export type PickleDictionary = Map<PickleValue, PickleValue>;

/** A state dictionary of a thousand layers has about twenty thousand. */
const MAX_OBJECTS = 400_000;
const MAX_INSTRUCTIONS = 4_000_000;

const ORDERED_DICT = 'collections.OrderedDict';
const REBUILD = ['torch._utils._rebuild_tensor_v2', 'torch._utils._rebuild_tensor'];
const REBUILD_PARAMETER = 'torch._utils._rebuild_parameter';
const STORAGE = /^torch\.(?:cuda\.)?([A-Z][A-Za-z0-9]{1,19}Storage)$/;

/** The value of the pickle at `start`, and where it ends. Throws ForeignFileError. */
export function readPickle(bytes: Uint8Array, start = 0): { value: PickleValue; end: number } {
  const machine = new PickleMachine(new ByteCursor(bytes, start, 'pickle'));
  return { value: machine.run(), end: machine.cursor.at };
}

class PickleMachine {
  private stack: PickleValue[] = [];
  /** Stacks below the marks. */
  private readonly below: PickleValue[][] = [];
  private readonly memo = new Map<number, PickleValue>();
  private objects = 0;

  constructor(readonly cursor: ByteCursor) {}

  run(): PickleValue {
    for (let count = 0; count < MAX_INSTRUCTIONS; count++) {
      const code = this.cursor.u8();
      if (code === 0x2e) return this.pop();
      const instruction = instructions.get(code);
      if (!instruction) {
        throw new ForeignFileError(
          `The pickle has the instruction 0x${code.toString(16).padStart(2, '0')}, which no file of weights needs.`,
          OTHER_PROGRAM,
        );
      }
      instruction(this, this.cursor);
    }
    throw new ForeignFileError('The pickle is longer than one of weights ever is.', OTHER_PROGRAM);
  }

  push(value: PickleValue): void {
    if (typeof value === 'object' && value !== null && ++this.objects > MAX_OBJECTS)
      throw new ForeignFileError('The pickle builds more objects than one of weights ever does.', OTHER_PROGRAM);
    this.stack.push(value);
  }

  pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined) throw malformed();
    return value;
  }

  top(): PickleValue {
    const value = this.stack.at(-1);
    if (value === undefined) throw malformed();
    return value;
  }

  mark(): void {
    if (++this.objects > MAX_OBJECTS)
      throw new ForeignFileError('The pickle nests deeper than one of weights ever does.', OTHER_PROGRAM);
    this.below.push(this.stack);
    this.stack = [];
  }

  /** What was pushed since the last mark. */
  popToMark(): PickleValue[] {
    const items = this.stack;
    const below = this.below.pop();
    if (!below) throw malformed();
    this.stack = below;
    return items;
  }

  remember(at: number): void {
    this.memo.set(at, this.top());
  }

  recall(at: number): void {
    const value = this.memo.get(at);
    if (value === undefined) throw malformed();
    this.stack.push(value);
  }
}

type Instruction = (machine: PickleMachine, cursor: ByteCursor) => void;

const instructions: ReadonlyMap<number, Instruction> = new Map<number, Instruction>([
  [0x80, (_, cursor) => protocol(cursor.u8())],
  [0x28, (m) => m.mark()],
  [0x4e, (m) => m.push(null)],
  [0x88, (m) => m.push(true)],
  [0x89, (m) => m.push(false)],
  [0x4a, (m, cursor) => m.push(cursor.i32())],
  [0x4b, (m, cursor) => m.push(cursor.u8())],
  [0x4d, (m, cursor) => m.push(cursor.u16())],
  [0x8a, (m, cursor) => m.push(wholeNumber(cursor.take(cursor.u8())))],
  [0x47, (m, cursor) => m.push(cursor.f64(true))],
  [0x58, (m, cursor) => m.push(text(cursor.take(cursor.u32())))],
  [0x8c, (m, cursor) => m.push(text(cursor.take(cursor.u8())))],
  [0x54, (m, cursor) => m.push(latin1(cursor.take(cursor.u32())))],
  [0x55, (m, cursor) => m.push(latin1(cursor.take(cursor.u8())))],
  [0x7d, (m) => m.push(new Map())],
  [0x5d, (m) => m.push({ is: 'list', items: [] })],
  [0x29, (m) => m.push({ is: 'tuple', items: [] })],
  [0x74, (m) => m.push({ is: 'tuple', items: m.popToMark() })],
  [0x85, (m) => tuple(m, 1)],
  [0x86, (m) => tuple(m, 2)],
  [0x87, (m) => tuple(m, 3)],
  [0x61, (m) => append(m, [m.pop()])],
  [0x65, (m) => append(m, m.popToMark())],
  [0x73, (m) => setItems(m, [m.pop(), m.pop()].toReversed())],
  [0x75, (m) => setItems(m, m.popToMark())],
  [0x71, (m, cursor) => m.remember(cursor.u8())],
  [0x72, (m, cursor) => m.remember(cursor.u32())],
  [0x68, (m, cursor) => m.recall(cursor.u8())],
  [0x6a, (m, cursor) => m.recall(cursor.u32())],
  [0x63, (m, cursor) => m.push({ is: 'global', name: allowedGlobal(`${line(cursor)}.${line(cursor)}`) })],
  [0x51, (m) => m.push(storage(m.pop()))],
  [0x52, (m) => reduce(m)],
  [0x62, (m) => void m.pop()], // the state of a dictionary (PyTorch's _metadata) says nothing of weights
]);

function protocol(version: number): void {
  if (version < 2 || version > 5)
    throw new ForeignFileError(`The pickle is of protocol ${version}; PyTorch writes 2.`, OTHER_PROGRAM);
}

function tuple(machine: PickleMachine, count: number): void {
  const items = Array.from({ length: count }, () => machine.pop()).toReversed();
  machine.push({ is: 'tuple', items });
}

function append(machine: PickleMachine, items: readonly PickleValue[]): void {
  const list = machine.top();
  if (typeof list !== 'object' || list === null || list instanceof Map || list.is !== 'list') throw malformed();
  for (const item of items) list.items.push(item);
}

function setItems(machine: PickleMachine, items: readonly PickleValue[]): void {
  const dictionary = machine.top();
  if (!(dictionary instanceof Map) || items.length % 2 !== 0) throw malformed();
  for (let i = 0; i < items.length; i += 2) dictionary.set(items[i]!, items[i + 1]!);
}

/** A name that may be built. Throws ForeignFileError for every other. */
function allowedGlobal(name: string): string {
  if (name === ORDERED_DICT || name === REBUILD_PARAMETER || REBUILD.includes(name) || STORAGE.test(name)) return name;
  throw new ForeignFileError(
    `The file asks for ${quoted(name)}, which is neither a tensor nor a dictionary; nothing in a file is ever run.`,
    'Save the network’s state_dict alone: torch.save(net.state_dict(), …).',
  );
}

/** Persistent id ('storage', class, key, device, count[, view]). */
function storage(id: PickleValue): StorageReference {
  const [kind, type, key, , count] = tupleItems(id);
  const name = typeof type === 'object' && type !== null && 'is' in type && type.is === 'global' ? type.name : '';
  const storageName = STORAGE.exec(name)?.[1];
  if (kind !== 'storage' || storageName === undefined || typeof key !== 'string' || !isCount(count)) throw malformed();
  return { is: 'storage', type: storageName, key, count };
}

function reduce(machine: PickleMachine): void {
  const parts = tupleItems(machine.pop());
  const callee = machine.pop();
  if (typeof callee !== 'object' || callee === null || callee instanceof Map || callee.is !== 'global')
    throw malformed();
  machine.push(built(callee.name, parts));
}

function built(name: string, parts: readonly PickleValue[]): PickleValue {
  if (name === ORDERED_DICT) return orderedDictionary(parts);
  if (name === REBUILD_PARAMETER) {
    const [data] = parts;
    if (typeof data !== 'object' || data === null || data instanceof Map || data.is !== 'tensor') throw malformed();
    return data;
  }
  if (!REBUILD.includes(name)) throw malformed();
  const [of, offset, shape, strides] = parts;
  if (typeof of !== 'object' || of === null || of instanceof Map || of.is !== 'storage' || !isCount(offset))
    throw malformed();
  const counts = [shape, strides].map((list) => tupleItems(list));
  if (!counts.every((list): list is number[] => list.every(isCount))) throw malformed();
  if (counts[0]!.length !== counts[1]!.length) throw malformed();
  return { is: 'tensor', storage: of, offset, shape: counts[0] as number[], strides: counts[1] as number[] };
}

/** `OrderedDict()` or `OrderedDict([[key, value], …])`, as Python 2 wrote it. */
function orderedDictionary([pairs, ...more]: readonly PickleValue[]): PickleDictionary {
  const dictionary: PickleDictionary = new Map();
  if (pairs === undefined) return dictionary;
  if (more.length > 0 || typeof pairs !== 'object' || pairs === null || !('items' in pairs)) throw malformed();
  for (const pair of pairs.items) {
    if (typeof pair !== 'object' || pair === null || !('items' in pair) || pair.items.length !== 2) throw malformed();
    dictionary.set(pair.items[0]!, pair.items[1]!);
  }
  return dictionary;
}

function tupleItems(value: PickleValue | undefined): readonly PickleValue[] {
  if (typeof value !== 'object' || value === null || value instanceof Map || value.is !== 'tuple') throw malformed();
  return value.items;
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Little-endian two's complement of any length. */
function wholeNumber(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  value = BigInt.asIntN(8 * bytes.length, value);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function text(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch (error) {
    throw new ForeignFileError('A name in the pickle is not readable text.', undefined, { cause: error });
  }
}

function latin1(bytes: Uint8Array): string {
  let result = '';
  for (const byte of bytes) result += String.fromCharCode(byte);
  return result;
}

const MAX_NAME = 200;

function line(cursor: ByteCursor): string {
  const end = cursor.bytes.indexOf(0x0a, cursor.at);
  if (end < 0 || end - cursor.at > MAX_NAME) throw malformed();
  const name = latin1(cursor.take(end - cursor.at));
  cursor.take(1);
  return name;
}

const OTHER_PROGRAM = 'The file is damaged or is no PyTorch state dictionary.';

function malformed(): ForeignFileError {
  return new ForeignFileError('The pickle does not describe tensors in PyTorch’s way.', OTHER_PROGRAM);
}
