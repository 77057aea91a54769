/**
 * Says in a WebAssembly binary that its memory is shared between threads, or that it is not.
 *
 * tfjs' single-threaded build makes its own memory, and a memory is shared exactly when the binary says so; every
 * instruction in it works on either. So one changed byte lets our threads work in tfjs' tensors, without tfjs' own
 * threads, which would need worker scripts from blobs.
 */

const IMPORTS = 2;
const MEMORIES = 5;
const HAS_MAXIMUM = 1;
const SHARED = 2;

/** A copy of `binary` with the flag set or cleared. Throws Error when there is no memory, or one without a maximum. */
export function withSharedMemory(binary: Uint8Array, shared: boolean): Uint8Array {
  const copy = new Uint8Array(binary); // not slice(), which does not copy a Node Buffer
  const at = findLimits(copy);
  if (at === undefined || ((copy[at] ?? 0) & HAS_MAXIMUM) === 0) {
    throw new Error('This WebAssembly binary has no memory with a maximum, so it cannot be shared between threads.');
  }
  copy[at] = shared ? HAS_MAXIMUM | SHARED : HAS_MAXIMUM;
  return copy;
}

/** Where the flags of the first memory stand, imported or own. */
function findLimits(binary: Uint8Array): number | undefined {
  const reader = new Reader(binary, 8); // after the magic number and the version
  while (reader.at < binary.length) {
    const id = reader.byte();
    const length = reader.number();
    const end = reader.at + length;
    if (id === MEMORIES && reader.number() > 0) return reader.at;
    if (id === IMPORTS) {
      const limits = findImportedLimits(reader);
      if (limits !== undefined) return limits;
    }
    reader.at = end;
  }
  return undefined;
}

/** Goes through the imports up to the first memory; an import is two names, a kind and a description of that kind. */
function findImportedLimits(reader: Reader): number | undefined {
  for (let left = reader.number(); left > 0; left--) {
    reader.skip(reader.number());
    reader.skip(reader.number());
    const kind = reader.byte();
    if (kind === 0)
      reader.number(); // function: its type
    else if (kind === 2) return reader.at;
    else if (kind === 3)
      reader.skip(2); // global: value type and mutability
    else return undefined; // a table; none of our binaries imports one
  }
  return undefined;
}

class Reader {
  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {}

  byte(): number {
    return this.bytes[this.at++] ?? 0;
  }

  /** An unsigned LEB128 number. */
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }

  skip(count: number): void {
    this.at += count;
  }
}
