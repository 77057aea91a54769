import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readDirectory } from './library/zipDirectory.ts';
import { ZipWriter } from './zipWriter.ts';

const files: readonly (readonly [string, string])[] = [
  ['rain.txt', 'a first file'],
  ['empty.txt', ''],
  ['霧 naïve.txt', 'a name of two bytes and three'],
];

type Limits = ConstructorParameters<typeof ZipWriter>[0];

async function zipped(limits?: Limits): Promise<Blob> {
  const zip = new ZipWriter(limits);
  for (const [name, text] of files) await zip.add(name, new Blob([text]), new Date(2026, 10, 26, 13, 37, 42));
  return new Blob(zip.finish());
}

describe.each([
  ['plain', undefined],
  ['with every size and place of 64 bits', { size: 0, count: 0xffff }],
  ['with some of 64 bits', { size: 14, count: 0xffff }],
  ['with more files than its short count holds', { size: 0xffffffff, count: 2 }],
] as const)('a zip: %s', (_, limits) => {
  it('is read by another reader, byte for byte', async () => {
    const read = unzipSync(new Uint8Array(await (await zipped(limits)).arrayBuffer()));
    const texts = Object.entries(read).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]);
    expect(texts).toEqual(files);
  });

  it('tells sizes, checksums and places that agree with its bytes', async () => {
    const zip = await zipped(limits);
    const entries = await readDirectory(zip);
    expect(entries.map(({ path, size, packed, method }) => [path, size, packed, method])).toEqual(
      files.map(([name, text]) => [name, text.length, text.length, 0]),
    );
    expect(entries.map(({ crc }) => crc)).toEqual([0xaddbff93, 0, entries[2]!.crc]);
    for (const { offset, path } of entries) {
      const header = new DataView(await zip.slice(offset, offset + 30).arrayBuffer());
      expect(header.getUint32(0, true)).toBe(0x04034b50);
      expect(header.getUint16(26, true)).toBe(new TextEncoder().encode(path).length);
      expect([header.getUint16(10, true), header.getUint16(12, true)]).toEqual([
        (13 << 11) | (37 << 5) | 21,
        ((2026 - 1980) << 9) | (11 << 5) | 26,
      ]);
    }
  });
});
