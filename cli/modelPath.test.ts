import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { initialWeights, shapeOfSize } from '../src/core/architectures/registry.ts';
import { randomFromSeed } from '../src/core/random.ts';
import { decodeModel, encodeStudent } from '../src/core/weights/modelFile.ts';
import { decodeSafetensors, encodeSafetensors } from '../src/core/weights/safetensors.ts';
import { modelPath, readModel } from './modelPath.ts';

describe('a model on the command line', () => {
  it('is a file, or a published network and its file', () => {
    expect(modelPath('runs/a/student.safetensors')).toEqual({ path: 'runs/a/student.safetensors' });
    expect(modelPath('prenet-real=x/PReNet2.pth')).toEqual({
      path: 'x/PReNet2.pth',
      wanted: { architecture: 'prenet-real' },
    });
    expect(modelPath('umrl:stored=net.pth')).toEqual({
      path: 'net.pth',
      wanted: { architecture: 'umrl', choice: 'stored' },
    });
    expect(modelPath('seed=5.safetensors')).toEqual({ path: 'seed=5.safetensors' });
  });

  it('is named when it cannot be read', async () => {
    await expect(readModel({ path: '/nowhere/model.pth' })).rejects.toThrow('/nowhere/model.pth');
    await expect(readModel({ path: '/nowhere/model.index' })).rejects.toThrow('/nowhere/model.index');
  });
});

it('reads a file whose header is of any length, at any place in memory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'petrichor-model-'));
  const shape = shapeOfSize('edsr', { blocks: 0, filters: 2, imageSkip: true });
  const whole = encodeStudent({ shape, weights: initialWeights(shape, randomFromSeed(3)), provenance: null });
  const { tensors, metadata } = decodeSafetensors(whole);
  const { checksum: _, ...told } = metadata;
  const plain = encodeSafetensors(tensors, told);
  const length = new DataView(plain.buffer).getUint32(0, true);
  for (const padding of [0, 1, 2, 3, 5]) {
    const head = Buffer.alloc(8);
    head.writeBigUInt64LE(BigInt(length + padding));
    const rest = [plain.subarray(8, 8 + length), Buffer.alloc(padding, ' '), plain.subarray(8 + length)];
    const path = join(folder, `pad${padding}.safetensors`);
    await writeFile(path, Buffer.concat([head, ...rest]));
    expect(await readModel({ path }), `${padding} bytes`).toEqual(decodeModel(whole));
  }
  await rm(folder, { recursive: true });
});
