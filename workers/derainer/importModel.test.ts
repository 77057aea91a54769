import { describe, expect, it } from 'vitest';
import { architectureNamed } from '../../src/core/architectures/registry.ts';
import { asPublished } from '../../src/core/architectures/testing/publishedFile.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { legacyPytorchFile } from '../../src/core/weights/foreign/sampleFiles.ts';
import { decodeModel, encodeStudent, encodeTeacher } from '../../src/core/weights/modelFile.ts';
import type { ImportedModel } from '../../src/protocol/derainer.ts';
import { importModel } from './importModel.ts';

const { ofSize, init, weights } = architectureNamed('prenet');
const shape = ofSize({ blocks: 1, filters: 2, imageSkip: true });
const blocks = ofSize({ blocks: 2, filters: 2, imageSkip: true });
const values = init(blocks, randomFromSeed(1));
const published = new Blob([new Uint8Array(legacyPytorchFile(asPublished(weights(blocks), values)))]);

const bytesOf = async (file: Blob): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());

describe('importing a model', () => {
  it('makes a file of ours of a published one, as the network that is wanted', async () => {
    const usual = (await importModel([published])) as ImportedModel;
    expect(usual.readings.map(({ title }) => title)).toEqual(['PReNet', 'PReNet (real)']);
    expect(decodeModel(await bytesOf(usual.file))).toMatchObject({ role: 'student', shape: blocks, weights: values });
    const other = (await importModel([published], usual.readings[1])) as ImportedModel;
    expect(decodeModel(await bytesOf(other.file))).toMatchObject({ shape: { architecture: 'prenet-real' } });
    const again = (await importModel([published])) as ImportedModel;
    expect(await bytesOf(again.file)).toEqual(await bytesOf(usual.file)); // Known again by its content.
  });

  it('hands a file of ours back as it is', async () => {
    const ours = new Blob([encodeStudent({ shape, weights: init(shape, randomFromSeed(2)), provenance: null })]);
    expect(await importModel([ours])).toEqual({ refused: false, file: ours, readings: [], reading: null, onnx: null });
  });

  it('hands a teacher of ours back as it is, whatever network was wanted', async () => {
    const pair = { f1: init(shape, randomFromSeed(2)), f2: init(shape, randomFromSeed(3)) };
    const teacher = new Blob([encodeTeacher({ shapes: { f1: shape, f2: shape }, weights: pair, provenance: null })]);
    expect(await importModel([teacher])).toMatchObject({ refused: false, file: teacher, reading: null });
  });

  it('refuses with a reason', async () => {
    expect(await importModel([new Blob(['no model'])])).toMatchObject({
      refused: true,
      reason: expect.stringContaining('no known format'),
    });
    const files = [published, published];
    expect(await importModel(files)).toMatchObject({ refused: true, reason: expect.stringContaining('2 files') });
    const gone = { arrayBuffer: () => Promise.reject(new TypeError('a bug')) } as unknown as Blob;
    await expect(importModel([gone]), 'what nobody foresaw is no refusal').rejects.toThrow('a bug');
  });
});
