/** The data ends, or contradicts itself. */
export class Cut extends Error {}

/** Symbols by the next 16 bits: length · 256 + symbol; 0 for a code that there is not. */
export interface HuffmanTable {
  readonly lookup: Uint16Array;
  readonly isEmpty: boolean;
}

/** In the place of a table that the file does not hold. */
export const NO_TABLE: HuffmanTable = { lookup: new Uint16Array(0), isEmpty: true };

/** `counts`: codes of each length, 1 to 16 bits; `values`: their symbols in order (T.81, C.2). Throws Cut where there are more than fit. */
export function huffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const lookup = new Uint16Array(65_536);
  let [code, next] = [0, 0];
  for (let length = 1; length <= 16; length++) {
    for (let i = 0; i < counts[length - 1]!; i++, code++) {
      const from = code << (16 - length);
      if (from >= 65_536) throw new Cut();
      lookup.fill((length << 8) | values[next++]!, from, from + (1 << (16 - length)));
    }
    code <<= 1;
  }
  return { lookup, isEmpty: false };
}

/** The bits of one scan; a zero behind 0xFF is no part of them. Throws Cut where one is read that is not there. */
export class HuffmanBits {
  private value = 0;
  private count = 0;

  constructor(
    private readonly bytes: Uint8Array,
    /** Behind the last byte taken. */
    public position: number,
  ) {}

  read(count: number): number {
    let value = 0;
    for (; count > 0; count--) value = value * 2 + this.bit();
    return value;
  }

  skip(count: number): void {
    while (count > this.count) {
      count -= this.count;
      this.count = this.value = 0;
      if (!this.fill()) throw new Cut();
    }
    this.count -= count;
    this.value &= (1 << this.count) - 1;
  }

  symbol({ lookup, isEmpty }: HuffmanTable): number {
    if (isEmpty) throw new Cut();
    while (this.count < 16 && this.fill());
    const next =
      this.count >= 16 ? (this.value >>> (this.count - 16)) & 0xffff : (this.value << (16 - this.count)) & 0xffff;
    const found = lookup[next]!;
    const length = found >> 8;
    if (length === 0 || length > this.count) throw new Cut();
    this.count -= length;
    this.value &= (1 << this.count) - 1;
    return found & 255;
  }

  /** Passes over the rest of a byte and the restart marker that must follow. */
  restart(): void {
    this.value = this.count = 0;
    const { bytes } = this;
    while (bytes[this.position] === 0xff && bytes[this.position + 1] === 0xff) this.position++;
    const code = bytes[this.position + 1] ?? 0;
    if (bytes[this.position] !== 0xff || code < 0xd0 || code > 0xd7) throw new Cut();
    this.position += 2;
  }

  private bit(): number {
    if (this.count === 0 && !this.fill()) throw new Cut();
    this.count--;
    const bit = (this.value >>> this.count) & 1;
    this.value &= (1 << this.count) - 1;
    return bit;
  }

  /** Takes a byte more. False at a marker or the end. */
  private fill(): boolean {
    const byte = this.bytes[this.position];
    if (byte === undefined) return false;
    if (byte === 0xff) {
      if (this.bytes[this.position + 1] !== 0) return false;
      this.position++;
    }
    this.position++;
    this.value = (this.value << 8) | byte;
    this.count += 8;
    return true;
  }
}
