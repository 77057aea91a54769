import { expect, it } from 'vitest';
import { architectureList } from './architectureList.ts';
import { architectures } from './registry.ts';

it('lists every architecture of the program, in its published size', () => {
  expect(architectureList).toEqual(
    architectures().map(({ id, title, usual: { blocks, filters } }) => ({ id, title, blocks, filters })),
  );
});
