import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parameterCount } from '../src/core/architectures/registry.ts';
import { decodeModel, shapesOf } from '../src/core/weights/modelFile.ts';

interface Listed {
  readonly name: string;
  readonly title: string;
  readonly file: string;
  readonly bytes: number;
  readonly parameters: number;
  readonly about: string;
}

const folder = new URL('../public/compared/', import.meta.url);
const listed = JSON.parse(await readFile(new URL('index.json', folder), 'utf8')) as Listed[];

describe('what ships for comparison only', () => {
  it('is all listed, and no other file is there', async () => {
    const files = listed.flatMap(({ name, file }) => [file, `${name}.md`]);
    expect((await readdir(folder)).sort()).toEqual([...files, 'index.json'].sort());
  });

  it.each(listed)(
    '$name is what the list and its card say',
    async ({ name, title, file, bytes, parameters, about }) => {
      const content = await readFile(new URL(file, folder));
      const model = decodeModel(content);
      expect(content.byteLength).toBe(bytes);
      expect(shapesOf(model).reduce((sum, shape) => sum + parameterCount(shape), 0)).toBe(parameters);
      expect(about).toMatch(/^[A-Z].*\.$/);
      expect(title).toMatch(/our (training|prior)/); // never taken for its authors' own
      const card = await readFile(new URL(`${name}.md`, folder), 'utf8');
      expect(card).toContain(`${parameters.toLocaleString('en-US')} parameters`);
      expect(card).toContain('npm run petrichor -- evaluate');
    },
  );
});
