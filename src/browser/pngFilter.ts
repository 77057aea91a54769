/** The filters that are tried (PNG, ISO 15948, 9): numbers as a row's first byte tells them. */
const [SUB, UP, PAETH] = [1, 2, 4] as const;

/**
 * Rows as PNG stores them: each behind the number of the filter that leaves the least (by the sum of absolute differences),
 * so that they pack well. One writer for one image, its rows in order from the top.
 */
export class PngRows {
  private before: Uint8Array;
  private row: Uint8Array;
  private readonly tried: readonly Uint8Array[];

  /** `pixelBytes` 3 or 4 for RGB or RGBA of 8 bits, 6 or 8 of 16. */
  constructor(
    width: number,
    private readonly pixelBytes: 3 | 4 | 6 | 8,
  ) {
    const length = width * pixelBytes;
    this.before = new Uint8Array(length);
    this.row = new Uint8Array(length);
    this.tried = [SUB, UP, PAETH].map((filter) => Uint8Array.of(filter, ...new Uint8Array(length)));
  }

  /** The next rows, [height · (1 + width · pixelBytes)], of RGBA samples [height · width · 4], of 8 or 16 bits. */
  filtered(samples: Uint8ClampedArray | Uint16Array): Uint8Array<ArrayBuffer> {
    const length = this.row.length + 1;
    const inRow = (this.row.length / this.pixelBytes) * 4;
    const out = new Uint8Array((samples.length / inRow) * length);
    for (let at = 0, to = 0; at < samples.length; at += inRow, to += length) {
      if (samples instanceof Uint16Array) this.takeDeep(samples, at);
      else this.take(samples, at);
      out.set(this.best(), to);
      [this.before, this.row] = [this.row, this.before];
    }
    return out;
  }

  private take(rgba: Uint8ClampedArray, from: number): void {
    const { row, pixelBytes } = this;
    if (pixelBytes === 4) return row.set(rgba.subarray(from, from + row.length));
    for (let i = 0, p = from; i < row.length; i += 3, p += 4) {
      row[i] = rgba[p]!;
      row[i + 1] = rgba[p + 1]!;
      row[i + 2] = rgba[p + 2]!;
    }
  }

  /** Big-endian. */
  private takeDeep(rgba: Uint16Array, from: number): void {
    const { row, pixelBytes } = this;
    for (let i = 0, p = from; i < row.length; i += pixelBytes, p += 4) {
      for (let c = 0; c < pixelBytes / 2; c++) {
        row[i + 2 * c] = rgba[p + c]! >> 8;
        row[i + 2 * c + 1] = rgba[p + c]! & 255;
      }
    }
  }

  private best(): Uint8Array {
    const { row, before, pixelBytes, tried } = this;
    const [sub, up, paeth] = tried as readonly [Uint8Array, Uint8Array, Uint8Array];
    let subSum = 0;
    let upSum = 0;
    let paethSum = 0;
    for (let i = 0; i < row.length; i++) {
      const value = row[i]!;
      const left = i < pixelBytes ? 0 : row[i - pixelBytes]!;
      const above = before[i]!;
      const corner = i < pixelBytes ? 0 : before[i - pixelBytes]!;
      const byLeft = value - left;
      const byAbove = value - above;
      const byNearest = value - nearest(left, above, corner);
      sub[i + 1] = byLeft;
      up[i + 1] = byAbove;
      paeth[i + 1] = byNearest;
      subSum += magnitude(byLeft);
      upSum += magnitude(byAbove);
      paethSum += magnitude(byNearest);
    }
    return paethSum <= subSum && paethSum <= upSum ? paeth : upSum <= subSum ? up : sub;
  }
}

/** Paeth's guess: of left, above and corner the one nearest to left + above − corner, in this order when equal. */
function nearest(left: number, above: number, corner: number): number {
  const byLeft = Math.abs(above - corner);
  const byAbove = Math.abs(left - corner);
  const byCorner = Math.abs(left + above - 2 * corner);
  return byLeft <= byAbove && byLeft <= byCorner ? left : byAbove <= byCorner ? above : corner;
}

/** Of a difference modulo 256, taken as −128…127. */
function magnitude(difference: number): number {
  return Math.abs((difference << 24) >> 24);
}
