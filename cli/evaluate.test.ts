import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createPixels } from '../src/core/images/pixels.ts';
import type { Pixels } from '../src/core/images/pixels.ts';
import { metrics } from '../src/core/metrics/metrics.ts';
import type { Metric } from '../src/core/metrics/metrics.ts';
import { evaluate } from './evaluate.ts';
import { modelNames } from './evaluationModels.ts';
import { writePhoto } from './photos.ts';

let home = '';
const printed: string[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'petrichor-evaluate-'));
  await writePhoto(join(home, 'rainy', '1.png'), grey(90));
  await writePhoto(join(home, 'clean', '1.png'), grey(60));
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
beforeEach(() => {
  printed.length = 0;
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
