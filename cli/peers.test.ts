import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  applyNetwork,
  allArchitectures,
  initialWeights,
  networkWeights,
  shapeOfSize,
} from '../src/core/architectures/registry.ts';
import { asPublished } from '../src/core/architectures/testing/publishedFile.ts';
import { registerReferenceKernels } from '../src/core/ops/reference.ts';
import { randomFromSeed } from '../src/core/random.ts';
import { encodeSafetensors } from '../src/core/weights/safetensors.ts';
import { peersCommand } from './peers.ts';

const shape = shapeOfSize('prn', { blocks: 2, filters: 2, imageSkip: true });
const weights = initialWeights(shape, randomFromSeed(1));
const input = Array.from({ length: 5 * 4 * 3 }, (_, i) => ((i * 37) % 100) / 100);
const printed: string[] = [];
let home = '';

/** What the network makes of the input, in plain JavaScript. */
async function output(): Promise<number[]> {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
  const tensors = new Map(
    networkWeights(shape).map(({ name, shape: dims }) => [name, tf.tensor(weights.get(name)!, [...dims])]),
  );
  return [...applyNetwork(tf.tensor4d(input, [1, 4, 5, 3]), tensors, shape).dataSync()];
}

const golden = (change: object = {}): string =>
  JSON.stringify({
    system: 'PRN',
    variant: 'tiny',
    weights: 'prn.safetensors',
    width: 5,
    height: 4,
    input,
    tolerance: 2e-5,
    ...change,
  });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'petrichor-'));
  await writeFile(join(home, 'prn.safetensors'), encodeSafetensors(asPublished(networkWeights(shape), weights), {}));
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
beforeEach(() => {
  printed.length = 0;
});
afterAll(async () => {
  vi.restoreAllMocks();
  await rm(home, { recursive: true });
});

describe('peers', () => {
  it('lists every network', async () => {
    expect(await peersCommand.run([])).toBe(0);
    expect(printed).toHaveLength(1 + allArchitectures().length);
    expect(printed.find((line) => line.startsWith('prenet '))).toMatch(/PReNet +168,963 +1,010,880 +78$/);
  });

  it('compares golden files, and fails by one that is outside its tolerance or unreadable', async () => {
    const right = await output();
    const wrong = right.map((value, i) => (i === 7 ? value + 1e-3 : value));
    await writeFile(join(home, 'a.json'), golden({ output: right }));
    expect(await peersCommand.run(['--check', home, '--backend', 'cpu'])).toBe(0);
    expect(printed).toEqual([
      expect.stringMatching(/^ok +a +prn +\d\.\de[+-]\d+ +tolerance 2\.0e-5$/),
      '1 of 1 within their tolerance',
    ]);

    printed.length = 0;
    await writeFile(join(home, 'b.json'), golden({ output: wrong }));
    await writeFile(join(home, 'c.json'), golden({ output: right.slice(1) }));
    expect(await peersCommand.run(['--check', home, '--backend', 'cpu'])).toBe(1);
    expect(printed).toEqual([
      expect.stringMatching(/^ok /),
      expect.stringMatching(/^FAIL +b +prn +1\.0e-3/),
      expect.stringMatching(/^FAIL +c +The output of .* is not 5 × 4 × 3 numbers/),
      '1 of 3 within their tolerance',
    ]);
  });

  it('says so when there is nothing to compare', async () => {
    await expect(peersCommand.run(['--check', home, '--only', 'nothing'])).rejects.toThrow('no golden files');
  });
});
