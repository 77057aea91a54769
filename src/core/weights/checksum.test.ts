import { expect, it } from 'vitest';
import { initialWeights } from '../architectures/registry.ts';
import { randomFromSeed } from '../random.ts';
import { checksumFits, encodeWithChecksum, murmurHash3 } from './checksum.ts';
import { encodeSafetensors } from './safetensors.ts';
import { decodeModel, encodeStudent, encodeTeacher, ModelFileError } from './modelFile.ts';
import type { ModelFile } from './modelFile.ts';

const shape = { architecture: 'edsr', blocks: 1, filters: 2, imageSkip: true };
const weights = initialWeights(shape, randomFromSeed(1));
const provenance = {
  seed: 7,
  steps: 12,
  preset: 'quick',
  config: { note: '"checksum":"00000000"' },
  data: { clean: 3, rainy: 4, pairs: 5 },
  validation: null,
  date: '2026-01-02T03:04:05.000Z',
};

it.each([
  ['', 0, 0],
  ['', 1, 0x514e28b7],
  ['test', 0, 0xba6bd213],
  ['test', 0x9747b28c, 0x704b81dc],
  ['Hello, world!', 0, 0xc0363e43],
  ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
])('MurmurHash3 of %j from %i', (text, seed, hash) => {
  const bytes = new TextEncoder().encode(`-${text}`);
  expect(murmurHash3(bytes.slice(1), seed)).toBe(hash);
  expect(murmurHash3(bytes.subarray(1), seed), 'not aligned').toBe(hash);
});

it('two flipped signs change the checksum', () => {
  const file = (numbers: readonly number[]): Uint8Array =>
    encodeWithChecksum(new Map([['w', { shape: [4], data: Float32Array.from(numbers) }]]), {});
  const bytes = file([1, 2, 3, 4]);
  expect(checksumFits(bytes)).toBe(true);
  for (const last of [1, 5]) bytes[bytes.length - last]! ^= 0x80;
  expect(checksumFits(bytes)).toBe(false);
});

it('a file without a checksum says so', () => {
  expect(checksumFits(encodeSafetensors(new Map(), { provenance: JSON.stringify(provenance) }))).toBeNull();
});

it.each<[string, Uint8Array]>([
  ['student', encodeStudent({ shape, weights, provenance })],
  ['student of half precision', encodeStudent({ shape, weights, provenance }, { dtype: 'F16' })],
  ['teacher', encodeTeacher({ shapes: { f1: shape, f2: shape }, weights: { f1: weights, f2: weights }, provenance })],
])('a flipped bit of a %s is found, or changes nothing', (_, bytes) => {
  const sound = decodeModel(bytes);
  const random = randomFromSeed(3);
  let unchanged = 0;
  for (let flips = 0; flips < 3000; flips++) {
    const damaged = bytes.slice();
    const place = Math.floor(random.uniform() * bytes.length);
    damaged[place]! ^= 1 << Math.floor(random.uniform() * 8);
    const found = attempt(() => decodeModel(damaged));
    if (found === null) continue;
    expect(found, `byte ${place}`).toEqual(sound);
    unchanged++;
  }
  // Only the name of the checksum itself can be lost without a trace.
  expect(unchanged).toBeLessThan(60);
});

/** What is read, or null for an error in words. */
function attempt(read: () => ModelFile): ModelFile | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof ModelFileError) return null;
    throw error;
  }
}
