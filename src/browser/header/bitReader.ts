/** Bits of a coded stream, the highest of a byte first. Beyond the end all bits are 0. */
export class BitReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get isOver(): boolean {
    return this.at > this.bytes.length * 8;
  }

  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.at++)
      value = value * 2 + (((this.bytes[this.at >> 3] ?? 0) >> (7 - (this.at & 7))) & 1);
    return value;
  }

  skip(count: number): void {
    this.at += count;
  }

  /** A number as zeros, a one, and as many bits again (Exp-Golomb, `ue(v)` and `uvlc()`); 2³² − 1 where there are too many zeros. */
  readUvlc(): number {
    let zeros = 0;
    while (!this.isOver && this.read(1) === 0) zeros++;
    if (zeros < 32) return 2 ** zeros - 1 + this.read(zeros);
    this.skip(zeros);
    return 2 ** 32 - 1;
  }
}
