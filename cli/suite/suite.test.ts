import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPixels } from '../../src/core/images/pixels.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import { psnrY } from '../../src/core/metrics/metrics.ts';
import { evaluate } from '../evaluate.ts';
import { openModels } from '../evaluationModels.ts';
import type { EvaluationModel } from '../evaluationModels.ts';
import { enlargePhoto, writePhoto } from '../photos.ts';
import { createProgress } from '../progress.ts';
import { findSuiteFiles } from './dataRoot.ts';
import { heldOutPhotos } from './heldOut.ts';
import { runSuite } from './runSuite.ts';
import type { SuiteReport } from './runSuite.ts';
import { suiteSections } from './sections.ts';
import { suiteCard, suiteMarkdown } from './suiteTable.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const quickStudent = new URL('../../public/students/quick.safetensors', import.meta.url).pathname;

describe('the suite', () => {
  let root = '';
  const at = (...parts: string[]): string => join(root, ...parts);
  const printed: string[] = [];

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'petrichor-suite-'));
    for (const stem of ['001', '180', '181', '182', '183', '184', '185', '200']) {
      await writePhoto(at('pairs', 'rain100L-train', 'rainy', `${stem}.png`), scene(24, 16, Number(stem), 20));
      await writePhoto(at('pairs', 'rain100L-train', 'clean', `${stem}.png`), scene(24, 16, Number(stem), 0));
    }
    for (const stem of ['002', '003']) {
      await writePhoto(at('pairs', 'rainheavy-samples', 'rainy', `${stem}.png`), scene(24, 16, Number(stem), 60));
      await writePhoto(at('pairs', 'rainheavy-samples', 'clean', `${stem}.png`), scene(24, 16, Number(stem), 0));
    }
    for (const [i, id] of heldOutPhotos.entries()) await writePhoto(at('clean', `${id}.png`), scene(24, 16, i, 0));
    for (const stem of ['1', '2', '3']) await writePhoto(at('clean', 'bsds', `${stem}.png`), scene(24, 16, 7, 0));
    for (const stem of ['a', 'b']) await writePhoto(at('rainy', `${stem}.png`), scene(200, 110, 3, 9));
    vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  });
  beforeEach(() => {
    printed.length = 0;
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await rm(root, { recursive: true });
  });

  const report = async (models: readonly EvaluationModel[]): Promise<SuiteReport> => {
    const files = await findSuiteFiles(root);
    const samples = [{ name: 'street', title: 'Street', rainy: files.pairs[0]!.rainy, clean: files.pairs[0]!.clean }];
    return runSuite(suiteSections(files, samples, false), models, { onImage: () => undefined });
  };

  it('has one number a row for the input and for each model', async () => {
    const same = model('same', (image) => image);
    const darker = model('darker', (image) => shifted(image, -1));
    const { rows, models, measurements } = await report([same, darker]);
    expect(models).toEqual(['same', 'darker']);
    expect(rows.map(({ id, images }) => `${id}: ${images}`)).toEqual([
      'pairs-x1.psnrY: 6',
      'pairs-x1.ssimY: 6',
      'pairs-x2.psnrY: 6',
      'pairs-x2.ssimY: 6',
      'pairs-x4.psnrY: 6',
      'pairs-x4.ssimY: 6',
      'downpour.psnrY: 12',
      'downpour.gain: 12',
      'dense.psnrY: 12',
      'dense.gain: 12',
      'heavy.psnrY: 2',
      'heavy.gain: 2',
      'rain-free-x1.psnrY: 5',
      'rain-free-x1.lowest: 5',
      'rain-free-x4.psnrY: 5',
      'rain-free-x4.lowest: 5',
      'real.niqe: 2',
      'sample-street.psnrRgb: 1',
    ]);
    const row = (id: string) => rows.find((one) => one.id === id)!;
    const input = [181, 182, 183, 184, 185, 200].map((seed) => scene(24, 16, seed, 20));
    const clean = [181, 182, 183, 184, 185, 200].map((seed) => scene(24, 16, seed, 0));
    const mean = (factor: number) =>
      Promise.all(
        input.map(async (rainy, i) =>
          psnrY.compute(await enlargePhoto(rainy, factor), await enlargePhoto(clean[i]!, factor)),
        ),
      ).then((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
    expect(row('pairs-x1.psnrY').input).toBeCloseTo(await mean(1), 9);
    expect(row('pairs-x4.psnrY').input).toBeCloseTo(await mean(4), 9);
    expect(row('heavy.gain')).toMatchObject({ input: null, values: [0, expect.any(Number)] });
    expect(row('heavy.gain').values[1]).toBeGreaterThan(0.1);
    expect(row('heavy.psnrY').values[1]! - row('heavy.psnrY').input!).toBeCloseTo(row('heavy.gain').values[1]!, 9);
    expect(row('rain-free-x1.psnrY')).toMatchObject({ input: null, values: [99, expect.any(Number)] });
    expect(row('rain-free-x4.lowest').values[1]).toBeCloseTo(20 * Math.log10(255 / (219 / 255)), 1);
    expect(measurements.find(({ section }) => section === 'rain-free-x1')!.scores[1]).toEqual({ psnrY: 99 });
    expect(row('real.niqe').values[0]).toBe(row('real.niqe').input);
    expect(row('downpour.psnrY').input).not.toBe(row('dense.psnrY').input);
    expect(measurements.filter(({ section }) => section === 'dense').map(({ image }) => image)).toEqual(
      heldOutPhotos.map((id) => basename(id)),
    );
  });

  it('draws the same rain every time', async () => {
    const [first, second] = [await report([]), await report([])];
    expect(second).toEqual(first);
  });

  it('runs a model file by name through the command’s own inference, and fills its card', async () => {
    const options = { student: [], teacher: [], ensemble: false, backend: 'wasm', threads: '1' };
    const { models } = await openModels({ ...options, model: [quickStudent] }, createProgress());
    const files = await findSuiteFiles(root);
    const sections = suiteSections(files, [], true).filter(({ id }) => id === 'heavy' || id === 'rain-free-x1');
    const { rows, ...rest } = await runSuite(sections, models, { onImage: () => undefined });
    expect(rest.models).toEqual(['quick']);
    expect(rows[0]!.values[0]).not.toBe(rows[0]!.input);
    const [head, , ...lines] = suiteCard({ rows, ...rest }).split('\n');
    expect(head).toBe('| `evaluate --suite` | input | quick |');
    expect(lines[0]).toBe(
      `| heavy pairs, PSNR-Y | ${rows[0]!.input!.toFixed(2)} dB | ${rows[0]!.values[0]!.toFixed(2)} dB |`,
    );
    expect(lines.at(-1)).toMatch(/^\| rain-free photos at ×1, lowest PSNR-Y \| – \| \d+\.\d\d dB \|$/);
    expect(suiteMarkdown({ rows, ...rest })).toContain('| `heavy.gain` | heavy pairs, gain in PSNR-Y | 1 | – | ');
  });

  it('is printed by the command, and written to a file', async () => {
    const out = at('out', 'suite.csv');
    expect(await evaluate(['--suite', root, '--suite-quick', '--out', out])).toBe(0);
    expect(printed[0]).toMatch(/^ +images +input$/m);
    expect(printed[0]).toMatch(/^Rain100L pairs 181–200 at ×4, PSNR-Y +2 +\d+\.\d\d$/m);
    expect(printed[0]).toMatch(/^sample 'Street at dusk', PSNR-RGB +1 +\d+\.\d\d$/m);
    expect(printed[0]).not.toContain('NIQE');
    const csv = (await readFile(out, 'utf8')).trim().split('\n');
    expect(csv[0]).toBe('id,label,images,input');
    expect(csv[1]).toMatch(/^pairs-x1\.psnrY,"Rain100L pairs 181–200 at ×1, PSNR-Y",2,\d+\.\d{4}$/);
    await expect(evaluate(['--suite', root, '--out', 'suite.txt'])).rejects.toThrow('.csv or .json');
    await expect(evaluate(['--pairs', root, '--card'])).rejects.toThrow('--card belongs to --suite');
    await expect(evaluate(['--suite', root, '--card'])).rejects.toThrow('--card needs a --model');
  });

  it('names what it looked for and did not find', async () => {
    await expect(evaluate(['--suite', at('nowhere')])).rejects.toThrow(
      'there is no pairs/rain100L-train, no pairs/rainheavy-samples, no clean/bsds, no clean/cc0, no rainy.',
    );
    await expect(evaluate(['--suite', root, '--model', at('none.safetensors')])).rejects.toThrow('none.safetensors');
    await rm(at('clean', `${heldOutPhotos[3]}.png`));
    await expect(evaluate(['--suite', root])).rejects.toThrow(`lacks photos of the suite: ${heldOutPhotos[3]}.`);
  });
});

function model(name: string, derain: (image: Pixels) => Pixels): EvaluationModel {
  return {
    name,
    role: 'student',
    parameters: 0,
    derain: async (image) => ({ derained: derain(image), rainMap: null }),
  };
}

function shifted(image: Pixels, by: number): Pixels {
  return { ...image, data: image.data.map((value, i) => (i % 4 === 3 ? value : value + by)) };
}

/** Blobs of colour with some grain, and `rain` more light in every fifth column. */
function scene(width: number, height: number, seed: number, rain: number): Pixels {
  const image = createPixels(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const grain = ((x * 31 + y * 17 + x * y * seed + c * 7) % 13) - 6;
        image.data[(y * width + x) * 4 + c] =
          100 + 45 * Math.sin(x / 9 + seed + c) + 35 * Math.cos(y / 7 + c) + grain + (x % 5 === 0 ? rain : 0);
      }
    }
  }
  return image;
}
