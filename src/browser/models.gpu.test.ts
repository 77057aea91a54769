import { afterEach, describe, expect, it } from 'vitest';
import { initialWeights } from '../core/architectures/registry.ts';
import { randomFromSeed } from '../core/random.ts';
import { encodeStudent } from '../core/weights/modelFile.ts';
import { deleteModel, listModels, readModel, renameModel, saveModel, watchModels } from './models.ts';

const shape = { architecture: 'edsr', blocks: 1, filters: 2, imageSkip: true };
const file = (seed = 1): ArrayBuffer =>
  encodeStudent({ shape, weights: initialWeights(shape, randomFromSeed(seed)), provenance: null }).buffer;

afterEach(async () => {
  for (const { id } of await listModels()) await deleteModel(id);
});

describe('the stored models', () => {
  it('keeps a file byte for byte, with a card, newest first', async () => {
    const first = await saveModel(file(), '  First  ');
    const second = await saveModel(file(2), 'Second');
    expect(first).toMatchObject({ title: 'First', role: 'student', bytes: file().byteLength, provenance: null });
    expect((await listModels()).map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
    expect(new Uint8Array(await (await readModel(first.id))!.arrayBuffer())).toEqual(new Uint8Array(file()));
  });

  it('keeps a file once, under the title that it has', async () => {
    const first = await saveModel(file(), 'First');
    await renameModel(first.id, 'Mine');
    expect((await saveModel(file(), 'Second')).id).toBe(first.id);
    expect((await listModels()).map(({ title }) => title)).toEqual(['Mine']);
  });

  it('renames, but not to nothing', async () => {
    const { id } = await saveModel(file(), 'Before');
    await renameModel(id, 'After');
    await renameModel(id, '   ');
    expect((await listModels()).map(({ title }) => title)).toEqual(['After']);
  });

  it('deletes, and takes the deletion back', async () => {
    const { id } = await saveModel(file(), 'Gone?');
    const restore = await deleteModel(id);
    expect(await listModels()).toEqual([]);
    expect(await readModel(id)).toBeNull();
    await restore();
    expect((await listModels()).map(({ title }) => title)).toEqual(['Gone?']);
    expect((await readModel(id))!.size).toBe(file().byteLength);
  });

  it('refuses what is no model, and keeps nothing of it', async () => {
    await expect(saveModel(new ArrayBuffer(100), 'Nothing')).rejects.toThrow('This file holds no model.');
    expect(await listModels()).toEqual([]);
  });

  it('tells whoever watches', async () => {
    const told = new Promise<void>((resolve) => {
      const end = watchModels(() => {
        end();
        resolve();
      });
    });
    await saveModel(file(), 'News');
    await told;
  });
});
