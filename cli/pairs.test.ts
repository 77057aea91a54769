import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listPairs } from './pairs.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pairs-'));
});
afterEach(() => rm(home, { recursive: true }));

async function put(...files: string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(home, file)), { recursive: true });
    await writeFile(join(home, file), '');
  }
}

const namesOf = async (): Promise<string[]> =>
  (await listPairs(home)).map(({ stem, rainy, clean }) =>
    [stem, rainy.slice(home.length + 1), clean.slice(home.length + 1)].join(' '),
  );

it('matches stems across folders whatever the formats, in the order of numbers, and passes over singles', async () => {
  await put('rainy/10.png', 'rainy/9.png', 'rainy/11.png', 'clean/9.jpg', 'clean/10.jpg', 'clean/notes.txt');
  expect(await namesOf()).toEqual(['9 rainy/9.png clean/9.jpg', '10 rainy/10.png clean/10.jpg']);
});

it('matches rain-N with norain-N, in folders of their own or in one', async () => {
  await put('rain/rain-007.png', 'norain/norain-007.png');
  expect(await namesOf()).toEqual(['007 rain/rain-007.png norain/norain-007.png']);
  await rm(join(home, 'rain'), { recursive: true });
  await rm(join(home, 'norain'), { recursive: true });
  await put('rain-1.png', 'norain-1.png', 'cover.png');
  expect(await namesOf()).toEqual(['1 rain-1.png norain-1.png']);
});

it('reads the labels of RainDirection: degrees, a line for each rainy image', async () => {
  await put(
    'rainy/1.png',
    'rainy/2.png',
    'rainy/10.png',
    'latent/1.png',
    'latent/2.png',
    'latent/10.png',
    'streak/1.png',
    'direction/direction.txt',
  );
  await writeFile(join(home, 'direction/direction.txt'), '90\n104.4\r\n-4\n');
  expect((await listPairs(home)).map(({ direction }) => direction)).toEqual([9, 10, 0]);
  await writeFile(join(home, 'direction/direction.txt'), '90\n');
  await expect(listPairs(home)).rejects.toThrow('one angle in degrees for each of the 3 rainy images');
});

it('says how a folder of pairs must look', async () => {
  await put('a.png', 'b.png');
  await expect(listPairs(home)).rejects.toThrow('holds no pairs: put rainy photos into');
});

it.each([
  ['input', 'GT'],
  ['Rainy', 'Clean'],
  ['rainy_image', 'ground_truth'],
  ['LQ', 'HQ'],
])('knows the folders that the page knows: %s beside %s', async (rainy, clean) => {
  await put(`${rainy}/1.png`, `${clean}/1.png`);
  expect(await namesOf()).toEqual([`1 ${rainy}/1.png ${clean}/1.png`]);
});
