import type { Pixels } from '../images/pixels.ts';

/** Reads images through `read` and keeps the most recently used ones, up to a number of bytes. */
export class ImageCache {
  private readonly held = new Map<string, Promise<readonly Pixels[]>>();
  private readonly sizes = new Map<string, number>();
  private bytes = 0;

  constructor(private readonly limitBytes: number) {}

  /** The images stored under `key`; read again after they were let go. A failed reading is not remembered. */
  async get(key: string, read: () => Promise<readonly Pixels[]>): Promise<readonly Pixels[]> {
    const known = this.held.get(key);
    if (known) {
      this.held.delete(key);
      this.held.set(key, known);
      return known;
    }
    const reading = read();
    this.held.set(key, reading);
    try {
      const images = await reading;
      const size = images.reduce((sum, { data }) => sum + data.byteLength, 0);
      this.sizes.set(key, size);
      this.bytes += size;
      this.letGo(key);
      return images;
    } catch (error) {
      this.held.delete(key);
      throw error;
    }
  }

  private letGo(newest: string): void {
    for (const key of this.held.keys()) {
      if (this.bytes <= this.limitBytes) return;
      const size = this.sizes.get(key);
      if (key === newest || size === undefined) continue;
      this.held.delete(key);
      this.sizes.delete(key);
      this.bytes -= size;
    }
  }
}
