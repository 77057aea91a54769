import { mkdtemp, readFile, rm, type open, type rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { writeWhole } from './writeWhole.ts';

/** What the disk was asked to do, in order: the real calls, written down. */
const asked: string[] = [];

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<{ open: typeof open; rename: typeof rename }>();
  return {
    ...real,
    rename: async (from: string, to: string) => {
      await real.rename(from, to);
      asked.push(`${basename(to)} in place`);
    },
    open: async (path: string, flags: string) => {
      const file = await real.open(path, flags);
      const sync = file.sync.bind(file);
      file.sync = async () => {
        await sync();
        asked.push(`${basename(path)} forced to the disk`);
      };
      return file;
    },
  };
});

let home = '';
beforeAll(async () => void (home = await mkdtemp(join(tmpdir(), 'petrichor-whole-'))));
afterAll(() => rm(home, { recursive: true }));

it('forces every file to the disk before it takes its place, and its folder after: a power cut leaves old or new', async () => {
  const [one, two] = [join(home, 'models', 'one'), join(home, 'models', 'two')];
  await writeWhole([one, 'first'], [two, 'second']);
  expect(asked).toEqual([
    'one.part forced to the disk',
    'two.part forced to the disk',
    'one in place',
    'two in place',
    'models forced to the disk',
  ]);
  expect(await readFile(one, 'utf8')).toBe('first');
});
