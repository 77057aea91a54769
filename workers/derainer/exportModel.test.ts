import { expect, it } from 'vitest';
import { initialWeights, parameterCount, shapeOfSize } from '../../src/core/architectures/registry.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { readOnnxHeader } from '../../src/core/weights/foreign/onnxHeader.ts';
import { readForeign } from '../../src/core/weights/foreign/readForeign.ts';
import { encodeStudent, encodeTeacher } from '../../src/core/weights/modelFile.ts';
import type { ExportedFiles } from '../../src/protocol/derainer.ts';
import { exportModel } from './exportModel.ts';

const shape = shapeOfSize('edsr', { blocks: 1, filters: 2, imageSkip: true });
const weights = initialWeights(shape, randomFromSeed(1));
const student = new Blob([encodeStudent({ shape, weights, provenance: null })]);
const teacher = new Blob([
  encodeTeacher({ shapes: { f1: shape, f2: shape }, weights: { f1: weights, f2: weights }, provenance: null }),
]);

async function written(file: Blob, format: 'onnx' | 'pytorch' | 'tfjs'): Promise<Map<string, Uint8Array>> {
  const { files } = (await exportModel(file, format)) as ExportedFiles;
  return new Map(
    await Promise.all(files.map(async (one) => [one.name, new Uint8Array(await one.file.arrayBuffer())] as const)),
  );
}

it('writes a student and a teacher for each program', async () => {
  expect(readOnnxHeader((await written(student, 'onnx')).get('model.onnx')!)).toMatchObject({
    opset: 17,
    parameters: parameterCount(shape),
  });
  const { outputs } = readOnnxHeader((await written(teacher, 'onnx')).get('model.onnx')!);
  expect(outputs.map(({ name }) => name)).toEqual(['derained', 'rain_map']);
  const pytorch = readForeign([(await written(teacher, 'pytorch')).get('model.safetensors')!]);
  expect([...pytorch.arrays.keys()]).toContain('f1.blocks.0.conv1.weight');
  const web = await written(student, 'tfjs');
  const { weightsManifest } = JSON.parse(new TextDecoder().decode(web.get('model.json')));
  expect(weightsManifest[0].paths.every((name: string) => web.has(name))).toBe(true);
});

it('says why a network cannot be written as a graph, and writes its weights all the same', async () => {
  const published = shapeOfSize('prenet', { blocks: 2, filters: 2, imageSkip: true });
  const values = initialWeights(published, randomFromSeed(1));
  const file = new Blob([encodeStudent({ shape: published, weights: values, provenance: null })]);
  expect(await exportModel(file, 'onnx')).toMatchObject({ refused: true, reason: expect.stringContaining('PReNet') });
  expect((await written(file, 'pytorch')).size).toBe(1);
  expect(await exportModel(new Blob(['no model']), 'tfjs')).toMatchObject({ refused: true });
  const gone = { arrayBuffer: () => Promise.reject(new TypeError('a bug')) } as unknown as Blob;
  await expect(exportModel(gone, 'tfjs')).rejects.toThrow('a bug');
});
