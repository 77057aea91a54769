import { Cut, HuffmanBits, huffmanTable, NO_TABLE } from './huffmanBits.ts';
import type { HuffmanTable } from './huffmanBits.ts';

/**
 * Whether a JPEG without its end marker holds all of its image (ITU T.81). The entropy-coded data is followed as a decoder would, without
 * computing pixels: all blocks of every scan must be there, and every coefficient of a progressive image with its last bit.
 * Baseline, extended and progressive Huffman coding.
 */
export function isWholeJpeg(bytes: Uint8Array): boolean {
  try {
    return new Walk(bytes).run();
  } catch (error) {
    if (error instanceof Cut) return false;
    throw error;
  }
}

interface Component {
  readonly id: number;
  readonly h: number;
  readonly v: number;
  /** Blocks of the component alone, and with those that fill up whole units of an interleaved scan. */
  readonly across: number;
  readonly down: number;
  readonly stride: number;
  /** Which coefficients of a block are not zero yet, 64 bits a block. */
  readonly known: Uint32Array;
  /** Lowest bit that was sent of each coefficient; 255 before any was. */
  readonly bit: Uint8Array;
}

interface Scan {
  readonly members: readonly { readonly component: Component; readonly dc: HuffmanTable; readonly ac: HuffmanTable }[];
  readonly from: number;
  readonly to: number;
  /** Bits sent before, and the bit that is sent now; both 0 in a sequential image. */
  readonly high: number;
  readonly low: number;
}

class Walk {
  private readonly tables = new Map<number, HuffmanTable>();
  private components: Component[] = [];
  private progressive = false;
  private restartInterval = 0;
  private units = { across: 0, down: 0 };
  private at = 2;

  constructor(private readonly bytes: Uint8Array) {}

  run(): boolean {
    let scans = 0;
    for (let marker = this.nextMarker(); marker !== null; marker = this.nextMarker()) {
      if (marker === 0xd9) break;
      if (marker === 0xd8 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) continue;
      const length = this.u16(this.at);
      const body = this.at + 2;
      const end = this.at + length;
      if (length < 2 || end > this.bytes.length) throw new Cut();
      this.at = end;
      if (marker === 0xc4) this.readTables(body, end);
      else if (marker === 0xdd) this.restartInterval = this.u16(body);
      else if (marker >= 0xc0 && marker <= 0xc2) this.readFrame(marker, body);
      else if (marker === 0xda) {
        this.walkScan(this.readScan(body));
        scans++;
      }
    }
    return (
      scans > 0 && this.components.every(({ bit }) => (this.progressive ? bit.every((low) => low === 0) : bit[0] === 0))
    );
  }

  /** Null at the end of the file, where half a marker may stand. */
  private nextMarker(): number | null {
    for (;;) {
      const at = this.bytes.indexOf(0xff, this.at);
      if (at < 0) return null;
      this.at = at;
      while (this.bytes[this.at] === 0xff) this.at++;
      if (this.at >= this.bytes.length) return null;
      const code = this.bytes[this.at++]!;
      if (code !== 0) return code;
    }
  }

  private u16(at: number): number {
    if (at + 2 > this.bytes.length) throw new Cut();
    return this.bytes[at]! * 256 + this.bytes[at + 1]!;
  }

  private readTables(at: number, end: number): void {
    while (at + 17 <= end) {
      const id = this.bytes[at]!;
      const counts = this.bytes.subarray(at + 1, at + 17);
      const values = counts.reduce((sum, count) => sum + count, 0);
      if (at + 17 + values > end) throw new Cut();
      this.tables.set(id, huffmanTable(counts, this.bytes.subarray(at + 17, at + 17 + values)));
      at += 17 + values;
    }
  }

  private readFrame(marker: number, at: number): void {
    if (this.components.length > 0) throw new Cut();
    this.progressive = marker === 0xc2;
    const [height, width] = [this.u16(at + 1), this.u16(at + 3)];
    const count = this.bytes[at + 5]!;
    const factors = Array.from({ length: count }, (_, i) => {
      const sampling = this.bytes[at + 7 + 3 * i] ?? 0;
      return { id: this.bytes[at + 6 + 3 * i]!, h: sampling >> 4, v: sampling & 15 };
    });
    if (factors.some(({ h, v }) => h < 1 || h > 4 || v < 1 || v > 4) || count === 0 || width * height === 0)
      throw new Cut();
    const [most, tallest] = [Math.max(...factors.map(({ h }) => h)), Math.max(...factors.map(({ v }) => v))];
    this.units = { across: Math.ceil(width / (8 * most)), down: Math.ceil(height / (8 * tallest)) };
    this.components = factors.map(({ id, h, v }) => {
      const stride = this.units.across * h;
      return {
        id,
        h,
        v,
        across: Math.ceil(Math.ceil((width * h) / most) / 8),
        down: Math.ceil(Math.ceil((height * v) / tallest) / 8),
        stride,
        known: new Uint32Array(this.progressive ? 2 * stride * this.units.down * v : 0),
        bit: new Uint8Array(64).fill(255),
      };
    });
  }

  private readScan(at: number): Scan {
    const count = this.bytes[at]!;
    const members = Array.from({ length: count }, (_, i) => {
      const component = this.components.find(({ id }) => id === this.bytes[at + 1 + 2 * i]);
      const tables = this.bytes[at + 2 + 2 * i]!;
      if (!component) throw new Cut();
      return {
        component,
        dc: this.tables.get(tables >> 4) ?? NO_TABLE,
        ac: this.tables.get(0x10 | (tables & 15)) ?? NO_TABLE,
      };
    });
    const end = at + 1 + 2 * count;
    const [from, to, precision] = [this.bytes[end]!, this.bytes[end + 1]!, this.bytes[end + 2]!];
    if (members.length === 0 || members.length > 4) throw new Cut();
    if (!this.progressive) return { members, from: 0, to: 63, high: 0, low: 0 };
    if (from > to || to > 63 || (from > 0 && members.length > 1)) throw new Cut();
    return { members, from, to, high: precision >> 4, low: precision & 15 };
  }

  private walkScan(scan: Scan): void {
    const bits = new HuffmanBits(this.bytes, this.at);
    const decode = new BlockWalk(bits, scan, this.progressive);
    const [first] = scan.members;
    const alone = scan.members.length === 1 ? first!.component : null;
    const across = alone ? alone.across : this.units.across;
    const units = across * (alone ? alone.down : this.units.down);
    for (let unit = 0; unit < units; unit++) {
      if (this.restartInterval > 0 && unit > 0 && unit % this.restartInterval === 0) {
        bits.restart();
        decode.restart();
      }
      const [x, y] = [unit % across, Math.floor(unit / across)];
      if (alone) decode.block(0, y * alone.stride + x);
      else this.walkUnit(decode, scan, x, y);
    }
    for (const { component } of scan.members) component.bit.fill(scan.low, scan.from, scan.to + 1);
    this.at = bits.position;
  }

  private walkUnit(decode: BlockWalk, { members }: Scan, x: number, y: number): void {
    members.forEach(({ component: { h, v, stride } }, i) => {
      for (let row = 0; row < v; row++)
        for (let column = 0; column < h; column++) decode.block(i, (y * v + row) * stride + x * h + column);
    });
  }
}

/** Follows the bits of one block after another (T.81, F.2.2 and G.1.2). */
class BlockWalk {
  /** Blocks to come of a band without further coefficients. */
  private run = 0;

  constructor(
    private readonly bits: HuffmanBits,
    private readonly scan: Scan,
    private readonly progressive: boolean,
  ) {}

  restart(): void {
    this.run = 0;
  }

  block(member: number, index: number): void {
    const { from, high } = this.scan;
    if (!this.progressive) return this.sequential(member);
    if (from > 0) return high === 0 ? this.first(member, index) : this.refine(member, index);
    if (high === 0) this.bits.skip(this.bits.symbol(this.scan.members[member]!.dc) & 15);
    else this.bits.skip(1);
  }

  private sequential(member: number): void {
    const { dc, ac } = this.scan.members[member]!;
    this.bits.skip(this.bits.symbol(dc) & 15);
    for (let k = 1; k < 64; k++) {
      const symbol = this.bits.symbol(ac);
      if ((symbol & 15) === 0) {
        if (symbol !== 0xf0) return;
        k += 15;
        continue;
      }
      k += symbol >> 4;
      this.bits.skip(symbol & 15);
    }
  }

  private first(member: number, index: number): void {
    if (this.run > 0) {
      this.run--;
      return;
    }
    const { component, ac } = this.scan.members[member]!;
    for (let k = this.scan.from; k <= this.scan.to; k++) {
      const symbol = this.bits.symbol(ac);
      const [zeros, size] = [symbol >> 4, symbol & 15];
      if (size === 0) {
        if (zeros < 15) {
          this.run = 2 ** zeros - 1 + this.bits.read(zeros);
          return;
        }
        k += 15;
        continue;
      }
      k += zeros;
      if (k > 63) throw new Cut();
      this.bits.skip(size);
      setKnown(component, index, k);
    }
  }

  private refine(member: number, index: number): void {
    const { component, ac } = this.scan.members[member]!;
    let k = this.scan.from;
    while (this.run === 0 && k <= this.scan.to) {
      const symbol = this.bits.symbol(ac);
      let zeros = symbol >> 4;
      const isNew = (symbol & 15) !== 0;
      if (isNew) this.bits.skip(1);
      else if (zeros < 15) {
        this.run = 2 ** zeros + this.bits.read(zeros);
        break;
      }
      for (; k <= this.scan.to; k++) {
        if (isKnown(component, index, k)) this.bits.skip(1);
        else if (zeros-- === 0) break;
      }
      if (isNew) {
        if (k > this.scan.to) throw new Cut();
        setKnown(component, index, k);
      }
      k++;
    }
    if (this.run === 0) return;
    for (; k <= this.scan.to; k++) if (isKnown(component, index, k)) this.bits.skip(1);
    this.run--;
  }
}

function isKnown({ known }: Component, block: number, k: number): boolean {
  return ((known[2 * block + (k >> 5)]! >>> (k & 31)) & 1) === 1;
}

function setKnown({ known }: Component, block: number, k: number): void {
  known[2 * block + (k >> 5)]! |= 1 << (k & 31);
}
