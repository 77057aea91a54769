import { strToU8, zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImageRefusal } from '../imageRefusal.ts';
import { isZip, openZip } from './zip.ts';

const blob = (bytes: Uint8Array): Blob => new Blob([bytes as Uint8Array<ArrayBuffer>]);
const noise = Uint8Array.from({ length: 20_000 }, (_, i) => (i * i * 31 + (i >> 3)) & 255);

async function refusal(work: Promise<unknown>): Promise<ImageRefusal> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ImageRefusal) return error;
  throw new Error(`No refusal, but ${String(error)}.`);
}

describe('openZip', () => {
  const archive = zipSync({
    'set/rainy/1.png': noise,
    'set/clean/1.png': [strToU8('stored'), { level: 0 }],
    'set/é/': new Uint8Array(),
    'naïve.txt': strToU8('text'),
  });

  it('lists every file and unpacks each alone', async () => {
    expect(await isZip(blob(archive))).toBe(true);
    const files = await openZip(blob(archive), 'set.zip');
    expect(files.map(({ path, size }) => [path, size])).toEqual([
      ['set.zip/set/rainy/1.png', noise.length],
      ['set.zip/set/clean/1.png', 6],
      ['set.zip/naïve.txt', 4],
    ]);
    expect(new Uint8Array(await (await files[0]!.open()).arrayBuffer())).toEqual(noise);
    expect(await (await files[1]!.open()).text()).toBe('stored');
  });

  it('finds the contents behind a comment', async () => {
    const commented = new Uint8Array([...archive, ...strToU8('it rained')]);
    commented[archive.length - 2] = 9;
    expect(await openZip(blob(commented), 'z')).toHaveLength(3);
  });

  it('says what is wrong with an archive', async () => {
    expect((await refusal(openZip(blob(archive.subarray(0, 300)), 'z'))).kind).toBe('truncated');
    const shifted = new Uint8Array(archive);
    shifted[archive.length - 6] = 1;
    expect((await refusal(openZip(blob(shifted), 'z'))).kind).toBe('damaged');
  });

  it('refuses a locked file and keeps the rest', async () => {
    const locked = new Uint8Array(archive);
    const central = locked.findLastIndex(
      (_, at) => locked[at] === 0x50 && locked[at + 1] === 0x4b && locked[at + 2] === 1 && locked[at + 3] === 2,
    );
    locked[central + 8]! |= 1;
    const files = await openZip(blob(locked), 'z');
    expect((await refusal(files.at(-1)!.open())).reason).toContain('password');
    expect(await (await files[1]!.open()).text()).toBe('stored');
  });

  it('stops unpacking a bomb at the limit, whatever size it claims', async () => {
    const bomb = zipSync({ 'bomb.png': new Uint8Array(3_000_000) });
    const at = bomb.findLastIndex(
      (_, i) => bomb[i] === 0x50 && bomb[i + 1] === 0x4b && bomb[i + 2] === 1 && bomb[i + 3] === 2,
    );
    new DataView(bomb.buffer, bomb.byteOffset).setUint32(at + 24, 1000, true);
    const [file] = await openZip(blob(bomb), 'z', 1_000_000);
    expect(file!.size).toBe(1000);
    expect((await refusal(file!.open())).kind).toBe('tooLarge');
  });

  it('fails on mutated archives only by refusal', async () => {
    const small = zipSync({ 'a.png': strToU8('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'), 'b.png': strToU8('b') });
    const changes = fc.array(fc.tuple(fc.nat(small.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(changes, async (edits) => {
        const file = new Uint8Array(small);
        for (const [at, value] of edits) file[at] = value;
        try {
          for (const inner of await openZip(blob(file), 'z')) await inner.open();
        } catch (error) {
          expect(error).toBeInstanceOf(ImageRefusal);
        }
      }),
      { numRuns: 120, seed: 4 },
    );
  });
});
