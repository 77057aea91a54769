import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { md5 } from './md5.ts';

it('is the digest that others compute, at every length around a block', () => {
  for (const length of [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 100_003]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 255);
    expect(md5(bytes)).toBe(createHash('md5').update(bytes).digest('hex'));
  }
});
