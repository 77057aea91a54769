import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web/wasm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { initialWeights, shapeOfSize } from '../src/core/architectures/registry.ts';
import { randomFromSeed } from '../src/core/random.ts';
import { readForeign } from '../src/core/weights/foreign/readForeign.ts';
import { encodeStudent } from '../src/core/weights/modelFile.ts';
import { UsageError } from './command.ts';
import { exportCommand } from './export.ts';

const shape = shapeOfSize('edsr', { blocks: 1, filters: 2, imageSkip: true });
let folder: string;
let model: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'petrichor-export-'));
  model = join(folder, 'student.safetensors');
  const weights = initialWeights(shape, randomFromSeed(1));
  await writeFile(model, encodeStudent({ shape, weights, provenance: null }));
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const run = (format: string, out: string): Promise<number> =>
  exportCommand.run(['--model', model, '--format', format, '--out', join(folder, out)]);

describe('petrichor export', () => {
  it('writes a file that onnxruntime opens', async () => {
    expect(await run('onnx', 'student.onnx')).toBe(0);
    ort.env.wasm.numThreads = 1;
    const session = await ort.InferenceSession.create(new Uint8Array(await readFile(join(folder, 'student.onnx'))));
    expect([session.inputNames, session.outputNames]).toEqual([['image'], ['derained']]);
    await session.release();
  });

  it('writes arrays in PyTorch’s layout', async () => {
    expect(await run('pytorch', 'net.safetensors')).toBe(0);
    const { arrays } = readForeign([new Uint8Array(await readFile(join(folder, 'net.safetensors')))]);
    expect(arrays.get('head.weight')!.shape).toEqual([2, 3, 3, 3]);
  });

  it('writes model.json and, beside it, the weights that it names', async () => {
    expect(await run('tfjs', 'web')).toBe(0);
    const json = JSON.parse(await readFile(join(folder, 'web', 'model.json'), 'utf8')) as {
      weightsManifest: [{ paths: string[] }];
    };
    const [path] = json.weightsManifest[0].paths;
    expect((await readFile(join(folder, 'web', path!))).length).toBeGreaterThan(0);
  });

  it('refuses its own model as target, and formats that it does not know', async () => {
    await expect(run('pytorch', 'student.safetensors')).rejects.toThrow(UsageError);
    await expect(run('caffe', 'x')).rejects.toThrow('onnx, pytorch, tfjs');
  });
});
