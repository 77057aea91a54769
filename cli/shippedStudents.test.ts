import { readFile, readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { cropPixels } from '../src/core/images/pixels.ts';
import { psnrY } from '../src/core/metrics/metrics.ts';
import { parameterCount } from '../src/core/architectures/registry.ts';
import { decodeModel, shapesOf } from '../src/core/weights/modelFile.ts';
import { startBackend } from './backend.ts';
import { derainPhoto, loadModel } from './derainPhoto.ts';
import { readPhoto } from './photos.ts';

interface Shipped {
  readonly name: string;
  readonly title: string;
  readonly file: string;
  readonly bytes: number;
  readonly parameters: number;
  readonly role?: 'teacher';
  readonly about: string;
}

const folder = new URL('../public/students/', import.meta.url);
const shipped = JSON.parse(await readFile(new URL('index.json', folder), 'utf8')) as Shipped[];
const scene = (name: string): string => new URL(`../public/scenes/${name}.webp`, import.meta.url).pathname;

describe('the shipped models', () => {
  beforeAll(async () => {
    await startBackend('wasm', 1, (reason) => {
      throw new Error(reason);
    });
  });

  it('are all listed, and no other file is there', async () => {
    const files = shipped.flatMap(({ name, file }) => [file, `${name}.md`]);
    expect((await readdir(folder)).sort()).toEqual([...files, 'index.json'].sort());
  });

  it.each(shipped)(
    '$name is what the list and its card say',
    async ({ name, file, bytes, parameters, role = 'student', about }) => {
      expect(about).toMatch(/^[A-Z].*\.$/);
      const content = await readFile(new URL(file, folder));
      expect(content.byteLength).toBe(bytes);
      const model = decodeModel(content);
      const { provenance } = model;
      expect(model.role).toBe(role);
      expect(shapesOf(model).reduce((sum, shape) => sum + parameterCount(shape), 0)).toBe(parameters);
      const card = await readFile(new URL(`${name}.md`, folder), 'utf8');
      expect(card).toContain(`${parameters.toLocaleString('en-US')} parameters`);
      expect(card).toContain(`seed ${provenance!.seed}`);
      expect(card).toContain(`${provenance!.steps.toLocaleString('en-US')} steps`);
      expect(card).toContain('npm run petrichor -- evaluate');
    },
  );

  it.each(shipped)(
    '$name removes rain from a scene it has never seen, and leaves a rain-free one alone',
    async ({ file }) => {
      const model = await loadModel({ path: new URL(file, folder).pathname }, false);
      const [rainy, clean] = (
        await Promise.all([readPhoto(scene('street-rainy')), readPhoto(scene('street-clean'))])
      ).map((photo) => cropPixels(photo, 600, 300, 320, 320));
      const { derained } = await derainPhoto(model, rainy!, 1);
      expect(psnrY.compute(derained, clean!)).toBeGreaterThan(psnrY.compute(rainy!, clean!) + 1);
      const rainFree = await derainPhoto(model, clean!, 1);
      expect(psnrY.compute(rainFree.derained, clean!)).toBeGreaterThan(33);
    },
  );
});
