import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 });

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs the program as `npm run petrichor` does. */
function petrichor(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return petrichorFrom(root, ...args);
}

/** The same, where `npm run` was written in that folder. */
async function petrichorFrom(
  folder: string,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'cli/main.ts', ...args],
      { cwd: root, env: { ...process.env, npm_lifecycle_event: 'petrichor', INIT_CWD: folder } },
    );
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

it('lists its commands, explains each, and says what it does not understand', async () => {
  const [overview, help, alias, unknown, wrong] = await Promise.all([
    petrichor('--help'),
    petrichor('rain', '--help'),
    petrichor('compare', '--help'),
    petrichor('drain'),
    petrichor('rain', '--colour', 'red'),
  ]);
  expect(overview).toMatchObject({ code: 0, stderr: '' });
  for (const command of ['derain', 'evaluate', 'train', 'adapt', 'ablate', 'rain'])
    expect(overview.stdout).toContain(`  ${command} `);
  expect(help.stdout).toContain('Usage: npm run petrichor -- rain --clean DIR… --out DIR');
  expect(alias.stdout, 'the earlier name of ablate').toContain('Usage: npm run petrichor -- ablate --variants');
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toContain("There is no command 'drain'");
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('--colour');
});

it('counts paths from where the person stands', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'petrichor-stands-'));
  mkdirSync(join(folder, 'holiday'));
  const { code, stderr } = await petrichorFrom(folder, 'derain', 'holiday', '--out', 'out', '--model', 'any');
  expect([code, stderr]).toEqual([1, 'No photos in holiday.\n']);
});
