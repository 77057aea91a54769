import { chunks } from './metadata/pngChunks.ts';
import { dataView } from './metadata/byteWriting.ts';
import { pngColor, toSrgb } from './pngColor.ts';
import type { PngColor } from './pngColor.ts';

/** Channels by colour type (PNG, ISO 15948, 11.2.1): grey, RGB, grey with alpha, RGBA. */
const CHANNELS: Readonly<Record<number, 1 | 2 | 3 | 4>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

/** The rows of an image of 16 bits a channel, from the top; of a PNG nothing but a row and what is asked for is held. */
export interface DeepRows {
  readonly width: number;
  readonly height: number;
  /** No pixel is transparent. */
  readonly opaque: boolean;
  /** The next rows, RGBA of 0…65,535 [count · width · 4]. Throws RangeError when the data ends before. */
  read(count: number): Promise<Uint16Array>;
}

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  /** The grey or RGB that counts as transparent; null for none. */
  readonly transparent: readonly number[] | null;
  readonly color: PngColor | null;
  readonly data: readonly Uint8Array<ArrayBuffer>[];
}

/**
 * A reader of a PNG's 16 bits a channel; its colours in those of its profile, or in sRGB as browsers show them. Null for other
 * images, and for interlaced ones and those of high dynamic range, which stay at 8 bits.
 */
export function deepRows(bytes: Uint8Array<ArrayBuffer>): DeepRows | null {
  const layout = layoutOf(bytes);
  if (!layout) return null;
  const { width, height, channels, transparent, color, data } = layout;
  const unpacked = new Blob([...data]).stream().pipeThrough(new DecompressionStream('deflate'));
  const source = new ByteQueue(unpacked.getReader());
  const pixelBytes = channels * 2;
  let before: Uint8Array = new Uint8Array(width * pixelBytes);
  return {
    width,
    height,
    opaque: channels % 2 === 1 && transparent === null,
    async read(count) {
      const out = new Uint16Array(count * width * 4);
      for (let y = 0; y < count; y++) {
        const row = await source.take(1 + width * pixelBytes);
        const samples = row.subarray(1);
        unfilter(row[0]!, samples, before, pixelBytes);
        spread(samples, channels, transparent, out.subarray(y * width * 4, (y + 1) * width * 4));
        before = samples;
      }
      if (color) toSrgb(out, 4, 65_536, color);
      return out;
    },
  };
}

function layoutOf(bytes: Uint8Array<ArrayBuffer>): Layout | null {
  const data: Uint8Array<ArrayBuffer>[] = [];
  let header: DataView | null = null;
  let transparent: number[] | null = null;
  for (const { name, body } of chunks(bytes)) {
    if (name === 'IHDR' && body.length === 13) header = dataView(body);
    if (name === 'IDAT') data.push(body as Uint8Array<ArrayBuffer>);
    if (name === 'tRNS' && (body.length === 2 || body.length === 6)) {
      const view = dataView(body);
      transparent = Array.from({ length: body.length / 2 }, (_, i) => view.getUint16(2 * i));
    }
  }
  const channels = header ? CHANNELS[header.getUint8(9)] : undefined;
  if (!header || channels === undefined || header.getUint8(8) !== 16 || header.getUint8(12) !== 0) return null;
  const color = pngColor(bytes);
  if (color === 'high dynamic range') return null;
  const keyed = transparent?.length === channels ? transparent : null;
  return { width: header.getUint32(0), height: header.getUint32(4), channels, transparent: keyed, color, data };
}

/** Grey or RGB, with or without alpha, big-endian, to RGBA. */
function spread(
  samples: Uint8Array,
  channels: 1 | 2 | 3 | 4,
  transparent: readonly number[] | null,
  out: Uint16Array,
): void {
  const colors = channels > 2 ? 3 : 1;
  for (let i = 0, from = 0; i < out.length; i += 4, from += channels * 2) {
    for (let c = 0; c < 3; c++) {
      const at = from + (colors === 3 ? 2 * c : 0);
      out[i + c] = samples[at]! * 256 + samples[at + 1]!;
    }
    const at = from + 2 * colors;
    out[i + 3] = channels % 2 === 0 ? samples[at]! * 256 + samples[at + 1]! : 65_535;
    if (transparent?.every((value, c) => out[i + c] === value)) out[i + 3] = 0;
  }
}

/** Undoes a row's filter in its place (PNG, ISO 15948, 9.2). */
function unfilter(filter: number, row: Uint8Array, before: Uint8Array, pixelBytes: number): void {
  if (filter === 0) return;
  if (filter > 4) throw new RangeError('A row has a filter that there is not.');
  for (let i = 0; i < row.length; i++) {
    const left = i < pixelBytes ? 0 : row[i - pixelBytes]!;
    const above = before[i]!;
    if (filter === 1) row[i] = row[i]! + left;
    else if (filter === 2) row[i] = row[i]! + above;
    else if (filter === 3) row[i] = row[i]! + ((left + above) >> 1);
    else row[i] = row[i]! + nearest(left, above, i < pixelBytes ? 0 : before[i - pixelBytes]!);
  }
}

/** Paeth's guess: of left, above and corner the one nearest to left + above − corner, in this order when equal. */
function nearest(left: number, above: number, corner: number): number {
  const byLeft = Math.abs(above - corner);
  const byAbove = Math.abs(left - corner);
  const byCorner = Math.abs(left + above - 2 * corner);
  return byLeft <= byAbove && byLeft <= byCorner ? left : byAbove <= byCorner ? above : corner;
}

/** Bytes of a stream in pieces of the asked-for length. */
class ByteQueue {
  private chunk: Uint8Array = new Uint8Array(0);
  private at = 0;

  constructor(private readonly reader: ReadableStreamDefaultReader<Uint8Array>) {}

  /** A copy. Throws RangeError when the stream ends before. */
  async take(length: number): Promise<Uint8Array> {
    const piece = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      if (this.at === this.chunk.length) {
        const { done, value } = await this.reader.read();
        if (done) throw new RangeError('The image ends before its last row.');
        [this.chunk, this.at] = [value, 0];
      }
      const part = this.chunk.subarray(this.at, this.at + length - filled);
      piece.set(part, filled);
      filled += part.length;
      this.at += part.length;
    }
    return piece;
  }
}
