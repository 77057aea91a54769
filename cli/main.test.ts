import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 });

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs the program as `npm run petrichor` does. */
async function petrichor(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'cli/main.ts', ...args],
      { cwd: root },
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
