import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initialWeights, shapeOfSize } from '../src/core/architectures/registry.ts';
import { randomFromSeed } from '../src/core/random.ts';
import { encodeOnnx } from '../src/core/weights/export/onnx.ts';
import { encodeStudent } from '../src/core/weights/modelFile.ts';
import { UsageError } from './command.ts';
import { loadOnnx } from './onnxModel.ts';

const shape = shapeOfSize('edsr', { blocks: 1, filters: 2, imageSkip: true });
const student = { shape, weights: initialWeights(shape, randomFromSeed(1)), provenance: null };
const defaults = { range: undefined, multiple: undefined, tile: undefined, ensemble: false };
let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'petrichor-onnx-'));
  const onnx = encodeOnnx({ role: 'student', ...student });
  await writeFile(at('ours.onnx'), onnx);
  // the same model, which does not say its range: 'range' becomes another key of the same length
  const silent = Buffer.from(onnx);
  silent.write('gamma', silent.indexOf('range'));
  await writeFile(at('silent.onnx'), silent);
  await writeFile(at('student.safetensors'), encodeStudent(student));
});
afterAll(() => rm(folder, { recursive: true }));

describe('loadOnnx', () => {
  it('opens an ONNX model, with tiles of the side that was asked for and the overlap of its file', async () => {
    const model = await loadOnnx(at('ours.onnx'), { ...defaults, tile: '128' });
    expect(model).toMatchObject({ tile: { width: 128, height: 128 }, network: { radius: 5, multiple: 1 } });
    model!.network.dispose();
  });

  it('asks for the range where the file does not say it', async () => {
    await expect(loadOnnx(at('silent.onnx'), defaults)).rejects.toThrow('--range 0..1');
    const model = await loadOnnx(at('silent.onnx'), { ...defaults, range: '0..255' });
    expect(model).not.toBeNull();
    model!.network.dispose();
  });

  it('leaves other files to others, and refuses what it cannot do', async () => {
    expect(await loadOnnx(at('student.safetensors'), defaults)).toBeNull();
    expect(await loadOnnx(at('missing.onnx'), defaults)).toBeNull();
    await expect(loadOnnx(at('ours.onnx'), { ...defaults, range: '0..2' })).rejects.toThrow(UsageError);
    await expect(loadOnnx(at('ours.onnx'), { ...defaults, ensemble: true })).rejects.toThrow('--ensemble');
  });
});
