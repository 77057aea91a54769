import { strToU8, zipSync } from 'fflate';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../crc32.ts';
import { ImageFileError } from '../imageFileError.ts';
import { isZip, openZip } from './zip.ts';

const blob = (bytes: Uint8Array): Blob => new Blob([bytes as Uint8Array<ArrayBuffer>]);
const noise = Uint8Array.from({ length: 20_000 }, (_, i) => (i * i * 31 + (i >> 3)) & 255);

async function errorOf(work: Promise<unknown>): Promise<ImageFileError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ImageFileError) return error;
  throw new Error(`No ImageFileError, but ${String(error)}.`);
}

interface TestEntry {
  readonly name: string | Uint8Array;
  readonly data: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  readonly extra?: Uint8Array;
  /** What the directory claims, where it is not the truth. */
  readonly size?: number;
  readonly packed?: number;
  readonly offset?: number;
}

/** A zip written field by field, so that it can also be wrong; `count` is what its end claims. */
function build(
  entries: readonly TestEntry[],
  { count, zip64 = false }: { count?: number; zip64?: boolean } = {},
): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name: given, data, method = 0, flags = 0, extra = new Uint8Array(), ...claims } of entries) {
    const name = typeof given === 'string' ? strToU8(given) : given;
    const local = record(
      [4, 0x04034b50],
      [2, 20],
      [2, flags],
      [2, method],
      [4, 0],
      [4, 0],
      [4, 0],
      [4, 0],
      [2, name.length],
      [2, 0],
    );
    const [size, packed, offset] = [claims.size ?? data.length, claims.packed ?? data.length, claims.offset ?? at];
    const wide = zip64 ? record([2, 1], [2, 24], [8, size], [8, packed], [8, offset]) : extra;
    const [size32, packed32, offset32] = zip64 ? [0xffffffff, 0xffffffff, 0xffffffff] : [size, packed, offset];
    const head = record(
      [4, 0x02014b50],
      [2, 20],
      [2, 20],
      [2, flags],
      [2, method],
      [4, 0],
      [4, crc32(data)],
      [4, packed32!],
      [4, size32!],
    );
    const tail = record([2, name.length], [2, wide.length], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset32!]);
    parts.push(local, name, data);
    directory.push(head, tail, name, wide);
    at += local.length + name.length + data.length;
  }
  const bytes = directory.reduce((sum, { length }) => sum + length, 0);
  const listed = count ?? entries.length;
  const end64 = record(
    [4, 0x06064b50],
    [8, 44],
    [2, 45],
    [2, 45],
    [4, 0],
    [4, 0],
    [8, listed],
    [8, listed],
    [8, bytes],
    [8, at],
  );
  const locator = record([4, 0x07064b50], [4, 0], [8, at + bytes], [4, 1]);
  const end = zip64
    ? record(
        [4, 0x06054b50],
        [2, 0xffff],
        [2, 0xffff],
        [2, 0xffff],
        [2, 0xffff],
        [4, 0xffffffff],
        [4, 0xffffffff],
        [2, 0],
      )
    : record([4, 0x06054b50], [2, 0], [2, 0], [2, listed], [2, listed], [4, bytes], [4, at], [2, 0]);
  return new Uint8Array(Buffer.concat([...parts, ...directory, ...(zip64 ? [end64, locator] : []), end]));
}

/** Numbers of the given bytes each, little-endian, one after the other. */
function record(...fields: readonly (readonly [bytes: 2 | 4 | 8, value: number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else if (bytes === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
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
    expect((await errorOf(openZip(blob(archive.subarray(0, 300)), 'z'))).kind).toBe('truncated');
    const shifted = new Uint8Array(archive);
    shifted[archive.length - 6] = 1;
    expect((await errorOf(openZip(blob(shifted), 'z'))).kind).toBe('damaged');
  });

  it('refuses a locked file and keeps the rest', async () => {
    const locked = new Uint8Array(archive);
    const central = locked.findLastIndex(
      (_, at) => locked[at] === 0x50 && locked[at + 1] === 0x4b && locked[at + 2] === 1 && locked[at + 3] === 2,
    );
    locked[central + 8]! |= 1;
    const files = await openZip(blob(locked), 'z');
    expect((await errorOf(files.at(-1)!.open())).reason).toContain('password');
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
    expect((await errorOf(file!.open())).kind).toBe('tooLarge');
  });

  it('tells a file that is not what the directory says', async () => {
    const changed = zipSync({ 'a.png': [strToU8('the very same length'), { level: 0 }] });
    changed[30 + 'a.png'.length] = 0x54;
    const [file] = await openZip(blob(changed), 'z');
    expect((await errorOf(file!.open())).kind).toBe('damaged');
  });

  it('goes no further than its limits: all of a bomb is never in memory', async () => {
    const packed = deflateRawSync(Buffer.alloc(400_000_000));
    const honest = build([{ name: 'bomb.png', data: packed, method: 8, size: 400_000_000 }]);
    expect((await errorOf((await openZip(blob(honest), 'z'))[0]!.open())).reason).toContain('100 times');
    const liar = build([{ name: 'bomb.png', data: packed, method: 8, size: 60_000_000 }]);
    const before = process.memoryUsage().rss;
    expect((await errorOf((await openZip(blob(liar), 'z'))[0]!.open())).kind).toBe('tooLarge');
    expect(process.memoryUsage().rss - before).toBeLessThan(256e6);
  });

  it('stops within a second of being told to', async () => {
    const size = 60_000_000;
    const slow = build([{ name: 'a.png', data: deflateRawSync(Buffer.alloc(size)), method: 8, size }]);
    const stop = new AbortController();
    const [file] = await openZip(blob(slow), 'z', size, stop.signal);
    const work = file!.open();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const asked = performance.now();
    stop.abort();
    await expect(work).rejects.toThrow('abort');
    expect(performance.now() - asked).toBeLessThan(1000);
  });

  it('refuses files that share their bytes', async () => {
    const shared = build([
      { name: 'a.png', data: noise },
      { name: 'b.png', data: noise, offset: 0 },
    ]);
    expect((await errorOf(openZip(blob(shared), 'z'))).reason).toContain('the same bytes');
    const within = build([
      { name: 'a.png', data: noise },
      { name: 'b.png', data: noise, offset: 5000 },
    ]);
    expect((await errorOf(openZip(blob(within), 'z'))).reason).toContain('the same bytes');
    const beyond = build([{ name: 'a.png', data: noise, packed: noise.length + 100 }]);
    expect((await errorOf(openZip(blob(beyond), 'z'))).kind).toBe('damaged');
  });

  it('leaves no file out without a word', async () => {
    const three = ['a', 'b', 'c'].map((name) => ({ name: `${name}.png`, data: strToU8(name) }));
    expect(await openZip(blob(build(three)), 'z')).toHaveLength(3);
    const { reason } = await errorOf(openZip(blob(build(three, { count: 2 })), 'z'));
    expect(reason).toContain('says 2 files and lists 3');
    expect((await errorOf(openZip(blob(build(three, { count: 4 })), 'z'))).reason).toContain(
      'says 4 files and lists 3',
    );
    const many = Array.from({ length: 70_000 }, (_, i) => ({ name: `${i}`, data: new Uint8Array() }));
    expect((await errorOf(openZip(blob(build(many, { count: 70_000 % 65_536 })), 'z'))).reason).toContain(
      'more than 50,000',
    );
  });

  it('reads 64-bit sizes, offsets and counts', async () => {
    const files = await openZip(
      blob(
        build(
          [
            { name: 'a.png', data: noise },
            { name: 'b', data: strToU8('b') },
          ],
          { zip64: true },
        ),
      ),
      'z',
    );
    expect(files.map(({ path, size }) => [path, size])).toEqual([
      ['z/a.png', noise.length],
      ['z/b', 1],
    ]);
    expect(new Uint8Array(await (await files[0]!.open()).arrayBuffer())).toEqual(noise);
  });

  it.each([
    ['UTF-8 by its flag', strToU8('Regen/Zürich 雨.png'), 0x800, 'Regen/Zürich 雨.png'],
    ['UTF-8 that says nothing', strToU8('Zürich.png'), 0, 'Zürich.png'],
    ['code page 437', Uint8Array.of(0x5a, 0x81, 0x72, 0x69, 0x63, 0x68, 0xe1), 0, 'Zürichß'],
    ['a Windows path', strToU8('set\\rainy\\1.png'), 0, 'set/rainy/1.png'],
    ['broken UTF-8 by its flag', Uint8Array.of(0x61, 0x81), 0x800, 'a\ufffd'],
  ])('reads a name in %s', async (_, name, flags, expected) => {
    const files = await openZip(blob(build([{ name, data: noise, flags }])), 'z');
    expect(files.map(({ path }) => path)).toEqual([`z/${expected}`]);
  });

  it('takes the name of a Unicode path field only when it belongs to the name beside it', async () => {
    const name = Uint8Array.of(0x81, 0x2e, 0x70);
    const field = (of: Uint8Array) => {
      const text = strToU8('ü雨.p');
      const head = new DataView(new ArrayBuffer(9));
      head.setUint16(0, 0x7075, true);
      head.setUint16(2, 5 + text.length, true);
      head.setUint8(4, 1);
      head.setUint32(5, crc32(of), true);
      return new Uint8Array([...new Uint8Array(head.buffer), ...text]);
    };
    const pathWith = async (extra: Uint8Array) =>
      (await openZip(blob(build([{ name, data: noise, extra }])), 'z'))[0]!.path;
    expect(await pathWith(field(name))).toBe('z/ü雨.p');
    expect(await pathWith(field(strToU8('other')))).toBe('z/ü.p');
  });

  it('takes no part of a split zip', async () => {
    const part = build([{ name: 'a.png', data: noise }]);
    part[part.length - 22 + 4] = 1;
    expect((await errorOf(openZip(blob(part), 'z'))).reason).toContain('split');
  });

  it('refuses mutated archives or unpacks the very same bytes', async () => {
    const inside = ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'b'].map((text) => strToU8(text));
    const contents = inside.map((bytes) => Array.from(bytes));
    const small = zipSync({ 'a.png': inside[0]!, 'b.png': inside[1]! });
    const changes = fc.array(fc.tuple(fc.nat(small.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(changes, async (edits) => {
        const file = new Uint8Array(small);
        for (const [at, value] of edits) file[at] = value;
        try {
          for (const inner of await openZip(blob(file), 'z')) {
            const bytes = new Uint8Array(await (await inner.open()).arrayBuffer());
            expect(contents).toContainEqual(Array.from(bytes));
          }
        } catch (error) {
          expect(error).toBeInstanceOf(ImageFileError);
        }
      }),
      { numRuns: 120, seed: 4 },
    );
  });
});
