import { crc32 as zlibCrc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { randomFromSeed } from '../core/random.ts';
import { crc32 } from './crc32.ts';

const random = randomFromSeed(5);
const bytes = Uint8Array.from({ length: 4_099 }, () => random.below(256));

describe('CRC-32', () => {
  it('has its published check value', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
  });

  it("equals zlib's at every length and alignment up to three rounds", () => {
    for (let from = 0; from < 9; from++)
      for (let length = 0; length < 25; length++) {
        const part = bytes.subarray(from, from + length);
        expect(crc32(part)).toBe(zlibCrc32(part));
      }
  });

  it('goes on from the bytes in front, wherever they are cut', () => {
    const whole = zlibCrc32(bytes);
    for (const cut of [0, 1, 7, 8, 9, 2_048, 4_095, 4_099])
      expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(whole);
  });
});
