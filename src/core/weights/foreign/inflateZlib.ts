import { ForeignFileError } from './foreignFile.ts';

/**
 * The bytes in a zlib stream (RFC 1950 and 1951). Other decompressors grow their output as the stream asks for; this one
 * stops at `limit` bytes. Throws ForeignFileError there, and where the stream is damaged.
 */
export function inflateZlib(stream: Uint8Array, limit: number): Uint8Array {
  const [method = 0, flags = 0] = stream;
  if ((method & 15) !== 8 || (method * 256 + flags) % 31 !== 0 || (flags & 32) !== 0) throw damaged();
  const output = new Output(limit);
  const bits = new BitReader(stream, 2);
  let isLast = false;
  while (!isLast) {
    isLast = bits.read(1) === 1;
    const kind = bits.read(2);
    if (kind === 0) copyStored(bits, output);
    else if (kind === 1) inflateBlock(bits, output, fixedCodes());
    else if (kind === 2) inflateBlock(bits, output, readCodes(bits));
    else throw damaged();
  }
  const result = output.finish();
  const checksum = bits.aligned(4);
  if (adler32(result) !== new DataView(checksum.buffer, checksum.byteOffset, 4).getUint32(0)) throw damaged();
  return result;
}

/** Bits of a stream, lowest first. */
class BitReader {
  private held = 0;
  private count = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private at: number,
  ) {}

  read(count: number): number {
    while (this.count < count) {
      if (this.at >= this.bytes.length) throw damaged();
      this.held |= this.bytes[this.at++]! << this.count;
      this.count += 8;
    }
    const value = this.held & ((1 << count) - 1);
    this.held >>>= count;
    this.count -= count;
    return value;
  }

  /** The next whole bytes; what is left of the current one is dropped. */
  aligned(count: number): Uint8Array {
    this.at -= this.count >> 3;
    this.held = this.count = 0;
    if (this.at + count > this.bytes.length) throw damaged();
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }
}

/** Grows by doubling, up to its limit. */
class Output {
  private bytes: Uint8Array;
  private length = 0;

  constructor(private readonly limit: number) {
    this.bytes = new Uint8Array(Math.min(limit, 1024));
  }

  put(byte: number): void {
    this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Repeats what stands `distance` bytes before; the two may overlap. */
  repeat(count: number, distance: number): void {
    if (distance > this.length) throw damaged();
    this.reserve(count);
    for (let i = 0; i < count; i++, this.length++) this.bytes[this.length] = this.bytes[this.length - distance]!;
  }

  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    if (needed > this.limit) {
      throw new ForeignFileError(
        `A compressed variable unpacks to more than ${this.limit} bytes, too much for a file of this size.`,
      );
    }
    const larger = new Uint8Array(Math.min(this.limit, Math.max(needed, 2 * this.bytes.length)));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

/** A canonical Huffman code: how many codes there are of each length, and their symbols in order. */
interface Code {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

interface Codes {
  readonly literals: Code;
  readonly distances: Code;
}

const MAX_BITS = 15;

/** Throws ForeignFileError where the lengths leave more codes than there is room for. */
function codeOf(lengths: Uint8Array): Code {
  const counts = new Uint16Array(MAX_BITS + 1);
  for (const length of lengths) counts[length]!++;
  counts[0] = 0;
  const starts = new Uint16Array(MAX_BITS + 2);
  let room = 1;
  for (let bits = 1; bits <= MAX_BITS; bits++) {
    room = 2 * room - counts[bits]!;
    if (room < 0) throw damaged();
    starts[bits + 1] = starts[bits]! + counts[bits]!;
  }
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length > 0) symbols[starts[length]!++] = symbol;
  });
  return { counts, symbols };
}

function readSymbol(bits: BitReader, { counts, symbols }: Code): number {
  let [code, first, index] = [0, 0, 0];
  for (let length = 1; length <= MAX_BITS; length++) {
    code |= bits.read(1);
    const count = counts[length]!;
    if (code - first < count) return symbols[index + code - first]!;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw damaged();
}

function fixedCodes(): Codes {
  const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
  return { literals: codeOf(lengths), distances: codeOf(new Uint8Array(30).fill(5)) };
}

const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function readCodes(bits: BitReader): Codes {
  const [literals, distances, given] = [bits.read(5) + 257, bits.read(5) + 1, bits.read(4) + 4];
  if (literals > 286 || distances > 30) throw damaged();
  const ofLengths = new Uint8Array(19);
  for (let i = 0; i < given; i++) ofLengths[lengthOrder[i]!] = bits.read(3);
  const code = codeOf(ofLengths);
  const lengths = new Uint8Array(literals + distances);
  for (let i = 0; i < lengths.length;) {
    const symbol = readSymbol(bits, code);
    if (symbol < 16) {
      lengths[i++] = symbol;
      continue;
    }
    if (symbol === 16 && i === 0) throw damaged();
    const repeated = symbol === 16 ? lengths[i - 1]! : 0;
    const count = symbol === 16 ? 3 + bits.read(2) : symbol === 17 ? 3 + bits.read(3) : 11 + bits.read(7);
    if (i + count > lengths.length) throw damaged();
    lengths.fill(repeated, i, i + count);
    i += count;
  }
  if (lengths[END_OF_BLOCK] === 0) throw damaged();
  return { literals: codeOf(lengths.subarray(0, literals)), distances: codeOf(lengths.subarray(literals)) };
}

const END_OF_BLOCK = 256;
/** Least lengths of the symbols from 257 and least distances, and how many further bits say the rest. */
const leastLengths = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceBits = Array.from({ length: 30 }, (_, i) => Math.max(0, (i >> 1) - 1));
const leastDistances = distanceBits.map((bits, i) => (i < 4 ? i + 1 : ((2 + (i & 1)) << bits) + 1));

function inflateBlock(bits: BitReader, output: Output, { literals, distances }: Codes): void {
  for (;;) {
    const symbol = readSymbol(bits, literals);
    if (symbol < END_OF_BLOCK) output.put(symbol);
    else if (symbol === END_OF_BLOCK) return;
    else {
      const at = symbol - 257;
      if (at >= leastLengths.length) throw damaged();
      const count = leastLengths[at]! + bits.read(lengthBits[at]!);
      const far = readSymbol(bits, distances);
      if (far >= leastDistances.length) throw damaged();
      output.repeat(count, leastDistances[far]! + bits.read(distanceBits[far]!));
    }
  }
}

function copyStored(bits: BitReader, output: Output): void {
  const header = bits.aligned(4);
  const [length, complement] = [header[0]! | (header[1]! << 8), header[2]! | (header[3]! << 8)];
  if ((length ^ complement) !== 0xffff) throw damaged();
  output.append(bits.aligned(length));
}

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}

function damaged(): ForeignFileError {
  return new ForeignFileError('A compressed variable of the file is damaged.');
}
