import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createPixels } from '../src/core/images/pixels.ts';
import type { Pixels } from '../src/core/images/pixels.ts';
import { metrics } from '../src/core/metrics/metrics.ts';
import type { Metric } from '../src/core/metrics/metrics.ts';
import { evaluate } from './evaluate.ts';
import { modelNames } from './evaluationModels.ts';
import { readPhoto, writePhoto } from './photos.ts';

let home = '';
const printed: string[] = [];
const said: string[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'petrichor-evaluate-'));
  await writePhoto(join(home, 'rainy', '1.png'), grey(90));
  await writePhoto(join(home, 'clean', '1.png'), grey(60));
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
});
beforeEach(() => {
  printed.length = 0;
  said.length = 0;
});
afterAll(async () => {
  vi.restoreAllMocks();
  await rm(home, { recursive: true });
});

it('shows a metric in its table, CSV and JSON once it is in the table of metrics', async () => {
  const toy: Metric = {
    name: 'brightening',
    label: 'brighter by',
    unit: '',
    digits: 1,
    higherIsBetter: false,
    of: 'image',
    channels: null,
    headline: false,
    needsReference: true,
    compute: (output, reference) => output.data[0]! - reference.data[0]!,
  };
  const args = ['--pairs', home];
  const table = [...metrics, toy];
  await evaluate(args, table);
  await evaluate([...args, '--csv'], table);
  await evaluate([...args, '--json'], table);
  const [text, csv, json] = printed.map((output) => output.split('\n'));
  expect(text![0]).toMatch(/brighter by$/);
  expect(text![1]).toMatch(/ 30\.0$/);
  expect(csv![0]).toMatch(/,niqe,brightening$/);
  expect(csv!.at(-1)).toMatch(/^input,mean,.*,30\.000$/);
  const report = JSON.parse(json!.join('\n')) as { means: { scores: Record<string, number> }[] };
  expect(report.means[0]!.scores['brightening']).toBe(30);
});

it('evaluates the others where a pair is bad, names it, and says so in its status', async () => {
  const set = join(home, 'bad');
  await writePhoto(join(set, 'rainy', '1.png'), grey(90));
  await writePhoto(join(set, 'clean', '1.png'), grey(60));
  for (const half of ['rainy', 'clean']) await writePhoto(join(set, half, '2.png'), createPixels(8, 8));
  await writePhoto(join(set, 'rainy', '3.png'), grey(90));
  await writePhoto(join(set, 'clean', '3.png'), createPixels(24, 21));
  await writePhoto(join(set, 'rainy', '4.png'), grey(90));
  await writeFile(join(set, 'clean', '4.png'), 'no image');
  expect(await evaluate(['--pairs', set, '--json'])).toBe(1);
  const report = JSON.parse(printed.join('\n')) as { images: { image: string }[]; means: { images: number }[] };
  expect(report.images.map(({ image }) => image)).toEqual(['1']);
  const heard = said.join('');
  expect(heard).toMatch(/2 is left out: .*8 × 8/);
  expect(heard).toContain('3 is left out: The pair 3 is 24 × 20 with rain and 24 × 21 without.');
  expect(heard).toMatch(/4 is left out: .*4\.png: cannot be read as an image/);
  expect(heard).toContain('3 of 4 left out; the figures are of the others.');
  await expect(evaluate(['--pairs', set, '--only', '4']), 'nothing is left to say').rejects.toThrow('cannot be read');
});

it('compares in sRGB: photos of a wide colour space against themselves are exact', async () => {
  const set = join(home, 'wide');
  const raw = Buffer.from(Array.from({ length: 24 * 20 * 3 }, (_, i) => (i * 37) % 251));
  for (const half of ['rainy', 'clean']) {
    await mkdir(join(set, half), { recursive: true });
    const image = sharp(raw, { raw: { width: 24, height: 20, channels: 3 } }).withIccProfile('p3');
    await writeFile(join(set, half, '1.png'), await image.png().toBuffer());
  }
  const converted = await readPhoto(join(set, 'rainy', '1.png'));
  await writePhoto(join(set, 'rainy', '2.png'), converted);
  await writeFile(join(set, 'clean', '2.png'), await readFile(join(set, 'clean', '1.png')));
  expect(await evaluate(['--pairs', set, '--csv'])).toBe(0);
  const psnr = printed
    .join('\n')
    .split('\n')
    .filter((line) => /^input,[12],/.test(line));
  expect(psnr.map((line) => line.split(',')[2])).toEqual(['99.0000', '99.0000']);
});

it('writes the means for a document, of the central squares if asked', async () => {
  await evaluate(['--pairs', home, '--crop', '16', '--table', 'markdown']);
  const [head, , input] = printed[0]!.split('\n');
  expect(head).toMatch(/^\| mean of 1 \| parameters \| PSNR-Y \|/);
  expect(input).toMatch(/^\| input \| – \| 19\.91 \|/); // 30 levels of grey are 25.8 of luma
  await expect(evaluate(['--pairs', home, '--table', 'html'])).rejects.toThrow('--table must be one of');
});

it('names models by as much of their paths as tells them apart', () => {
  expect(modelNames(['public/students/swift.safetensors', 'fine.safetensors'])).toEqual(['swift', 'fine']);
  expect(modelNames(['runs/a/student.safetensors', 'runs/b/student.safetensors', 'c/best.safetensors'])).toEqual([
    'a/student',
    'b/student',
    'best',
  ]);
});

function grey(value: number): Pixels {
  const image = createPixels(24, 20);
  for (let i = 0; i < image.data.length; i++) if (i % 4 !== 3) image.data[i] = value;
  return image;
}
