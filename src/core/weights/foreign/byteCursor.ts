import { ForeignFileError } from './foreignFile.ts';

/** Reads little-endian values one after the other; throws ForeignFileError where the bytes end too early. */
export class ByteCursor {
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    /** Where the next value begins. */
    public at = 0,
    /** As messages name what is being read. */
    private readonly what = 'file',
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** The next bytes, as a view. */
  take(count: number): Uint8Array {
    if (!(count >= 0 && count <= this.left)) {
      throw new ForeignFileError(
        `The ${this.what} is cut short: ${count} bytes are expected at byte ${this.at} of ${this.bytes.length}.`,
      );
    }
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  u8(): number {
    return this.take(1)[0]!;
  }

  u16(): number {
    this.take(2);
    return this.view.getUint16(this.at - 2, true);
  }

  u32(): number {
    this.take(4);
    return this.view.getUint32(this.at - 4, true);
  }

  i32(): number {
    this.take(4);
    return this.view.getInt32(this.at - 4, true);
  }

  /** A 64-bit count; throws where it is negative or beyond 2⁵³. */
  count64(): number {
    const low = this.u32();
    const high = this.u32();
    if (high >= 2 ** 21) throw new ForeignFileError(`The ${this.what} holds a count that is absurd.`);
    return high * 2 ** 32 + low;
  }

  f64(bigEndian = false): number {
    this.take(8);
    return this.view.getFloat64(this.at - 8, !bigEndian);
  }

  /** Base-128 varint, as a number: 64-bit two's complement where it takes ten bytes. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 49; shift += 7) {
      const byte = this.u8();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    let big = BigInt(value);
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.u8();
      big |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, big));
    }
    throw new ForeignFileError(`The ${this.what} holds a number of more than 64 bits.`);
  }
}
