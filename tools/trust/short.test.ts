import { expect, it, vi } from 'vitest';
import { checkCommandLine } from './cli.ts';
import { checkDivergence } from './divergence.ts';
import { checkFiles } from './files.ts';
import { checkLinks } from './links.ts';
import { checkModels } from './models.ts';
import { checkZips } from './zips.ts';

vi.setConfig({ testTimeout: 60_000 });

/** The short forms of `npm run trust:…`: the same checks with another seed. */
it.each([
  ['models', () => checkModels(25, 7)],
  ['zips', () => checkZips(60, 7)],
  ['links', () => checkLinks(300, 7)],
  ['files', () => checkFiles(6, 7)],
] as const)('nothing of a few damaged %s is crashed by, or taken for what it is not', async (_, check) => {
  const rows = await check();
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.flatMap(({ faults }) => faults)).toEqual([]);
});

it('a training is not ruined by weights that are no numbers, or immense ones', async () => {
  const rows = await checkDivergence(1, 7);
  expect(rows.map(({ tried }) => tried)).toEqual(['1 in one weight', '1 in a tensor']);
  expect(rows.flatMap(({ faults }) => faults)).toEqual([]);
});

it('a training on the command line goes on from where a signal ended it', async () => {
  const rows = await checkCommandLine(2, 8);
  expect(rows.map(({ tried }) => tried)).toEqual(['1 SIGKILL, 1 SIGHUP']);
  expect(rows.flatMap(({ faults }) => faults)).toEqual([]);
});
