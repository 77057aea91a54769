import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, link, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPixels } from '../src/core/images/pixels.ts';
import { decodeCheckpoint } from '../src/core/training/checkpoint.ts';
import { derainCommand } from './derain.ts';
import { writePhoto } from './photos.ts';
import { rainCommand } from './rain.ts';
import { trainCommand } from './train.ts';
import { writeWhole } from './writeWhole.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const wasm = ['--backend', 'wasm', '--threads', '1'];
const tiny = 'blocks=0 f1=1 f2=1 f3=1 batch=1 crop=16 heldOut=0 checkpointEvery=2'.split(' ');

let home = '';
const at = (...parts: string[]): string => join(home, ...parts);
const said: string[] = [];
const train = (out: string, ...more: string[]): Promise<number> =>
  trainCommand.run(['--clean', at('photos'), '--set', ...tiny, '--out', at(out), ...wasm, ...more]);
const resume = (out: string, ...more: string[]): Promise<number> =>
  trainCommand.run(['--resume', '--out', at(out), ...wasm, ...more]);
const contents = async (folder: string): Promise<Record<string, string>> => {
  const names = (await readdir(at(folder))).filter((name) => name !== 'log.jsonl').sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(at(folder, name), 'latin1')]));
};

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'petrichor-faults-'));
  for (const stem of ['a', 'b']) {
    const photo = createPixels(48, 40);
    for (let i = 0; i < photo.data.length; i++) photo.data[i] = 90 + ((i * 7 + stem.length) % 60);
    await writePhoto(at('photos', `${stem}.png`), photo);
  }
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  expect(await train('run', '--steps', '4')).toBe(0);
});
beforeEach(() => void (said.length = 0));
afterAll(async () => {
  vi.restoreAllMocks();
  await rm(home, { recursive: true });
});

describe('a disk without room', () => {
  it('leaves the last checkpoint and its models as they are, is told with the step that is there, and is in the status', async () => {
    await train('full', '--steps', '2');
    const before = await contents('full');
    const command = [process.execPath, '--import', 'tsx', program, 'train', '--resume', '--steps', '5'];
    const limited = ['-c', 'ulimit -f 2; exec "$0" "$@"', ...command, '--out', at('full'), ...wasm];
    const failure = await promisify(execFile)('sh', limited).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 1 });
    const { stderr } = failure as { stderr: string };
    expect(stderr).toMatch(/The checkpoint of step 4 could not be stored: .*larger than may be written here/);
    expect(stderr).toContain(
      'Finished after step 5, but that is not on the disk. The newest checkpoint on the disk is that of step 2.',
    );
    expect(await contents('full')).toEqual(before);
    expect(await resume('full', '--steps', '5')).toBe(0);
    expect(decodeCheckpoint(await readFile(at('full', 'checkpoint-5.safetensors'))).step).toBe(5);
  });

  it('writes all files of a group or none', async () => {
    await mkdir(at('group'));
    await writeFile(at('group', 'one'), 'old');
    await writeFile(at('group', 'file'), '');
    const group = [
      [at('group', 'one'), 'new'],
      [at('group', 'file', 'two'), 'new'],
    ] as const;
    await expect(writeWhole(...group)).rejects.toThrow('two: there is a file in place of the folder');
    expect(await contents('group')).toEqual({ file: '', one: 'old' });
    await writeWhole(group[0], [at('group', 'deeper', 'two'), 'new']);
    expect(readFileSync(at('group', 'one'), 'utf8') + readFileSync(at('group', 'deeper', 'two'), 'utf8')).toBe(
      'newnew',
    );
  });

  it('is told in words where no run can be kept', async () => {
    await writeFile(at('file'), '');
    await expect(train('file/run', '--steps', '1')).rejects.toThrow(/^No run can be kept in .*file.*: .*\.$/);
  });
});

describe('a folder that may only be read', () => {
  it('is told in words by every command that writes, and nothing in it changes', async () => {
    await mkdir(at('locked-away'));
    await writeFile(at('locked-away', 'a-derained.png'), 'old');
    await chmod(at('locked-away'), 0o555);
    await asNobody(async () => {
      await expect(train('locked-away/run', '--steps', '1')).rejects.toThrow(
        /^No run can be kept in .*: writing is not permitted\.$/,
      );
      await expect(writeWhole([at('locked-away', 'a-derained.png'), 'new'])).rejects.toThrow(
        'a-derained.png: writing is not permitted',
      );
    });
    expect(await contents('locked-away')).toEqual({ 'a-derained.png': 'old' });
    await chmod(at('locked-away'), 0o755);
  });
});

/** Does work without the rights of the system's administrator, whom no folder keeps out. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  const NOBODY = 65_534;
  if (process.geteuid?.() !== 0) return work();
  await chmod(home, 0o755);
  process.seteuid!(NOBODY);
  try {
    await work();
  } finally {
    process.seteuid!(0);
  }
}

describe('a run', () => {
  it('without a readable checkpoint is refused, and its models stay', async () => {
    await train('damaged', '--steps', '4');
    for (const name of ['checkpoint-2.safetensors', 'checkpoint-4.safetensors'])
      await writeFile(at('damaged', name), 'damaged');
    const before = await contents('damaged');
    await expect(resume('damaged', '--steps', '9')).rejects.toThrow(/none of its checkpoints can be read.*--student /);
    expect(await contents('damaged')).toEqual(before);
    for (const name of ['checkpoint-2.safetensors', 'checkpoint-4.safetensors']) await rm(at('damaged', name));
    await expect(resume('damaged', '--steps', '9')).rejects.toThrow('none of its checkpoints can be read');
    await expect(train('damaged', '--steps', '9')).rejects.toThrow('holds a run already');
  });

  it('whose choice of images is damaged says what to name again', async () => {
    await train('choice', '--steps', '1');
    for (const text of ['{"clean": [', '{"clean": "x"}', 'null']) {
      await writeFile(at('choice', 'data.json'), text);
      await expect(resume('choice'), text).rejects.toThrow(/data\.json is damaged.*Name them again: --clean/);
    }
    expect(await resume('choice', '--clean', at('photos'), '--steps', '2')).toBe(0);
  });

  it('has its folder to itself while it lives, and a dead one’s folder is taken over', async () => {
    const running = train('locked', '--steps', '1000000');
    await vi.waitUntil(() => existsSync(at('locked', 'checkpoint-2.safetensors')), { timeout: 60_000 });
    await expect(resume('locked')).rejects.toThrow(`Process ${process.pid} trains in ${at('locked')} already`);
    process.emit('SIGHUP');
    expect(await running).toBe(0);
    const { step } = JSON.parse((await readFile(at('locked', 'log.jsonl'), 'utf8')).trim().split('\n').at(-1)!);
    expect(existsSync(at('locked', `checkpoint-${step}.safetensors`)), 'SIGHUP leaves a checkpoint').toBe(true);
    expect(existsSync(at('locked', 'run.lock'))).toBe(false);

    const { pid } = spawnSync('true');
    for (const lock of [
      JSON.stringify({ pid, host: hostname(), began: '1' }),
      JSON.stringify({ pid: process.pid, host: hostname(), began: '1' }),
      '',
    ]) {
      said.length = 0;
      await writeFile(at('locked', 'run.lock'), lock);
      await writeFile(at('locked', 'student.safetensors.part'), 'half written');
      expect(await resume('locked', '--steps', '1')).toBe(0);
      expect(said.join('')).toContain('ended without releasing');
      expect((await readdir(at('locked'))).filter((name) => /part$|lock/.test(name))).toEqual([]);
    }
    await writeFile(at('locked', 'run.lock'), JSON.stringify({ pid: 1, host: 'elsewhere', began: null }));
    await expect(resume('locked')).rejects.toThrow('Process 1 on elsewhere trains');
  });

  it('ends at once with status 130 by a second Ctrl-C in the middle of a long step', async () => {
    const long = ['--preset', 'paper', '--set', 'batch=64', 'crop=64', 'microBatches=1', 'heldOut=0', '--steps', '2'];
    const args = ['--import', 'tsx', program, 'train', '--clean', at('photos'), '--out', at('long'), ...wasm, ...long];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let heard = '';
    child.stderr.on('data', (data: Buffer) => (heard += data.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await vi.waitUntil(() => heard.includes('Parameters:'), { timeout: 60_000 });
    child.kill('SIGINT');
    await vi.waitUntil(() => heard.includes('Stops after this step'), { timeout: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect(child.exitCode, 'the step takes longer than this').toBeNull();
    const second = performance.now();
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(performance.now() - second).toBeLessThan(3_000);
  });
});

describe('an original', () => {
  const derain = (photos: string, out: string): Promise<number> =>
    derainCommand.run([photos, '--out', out, '--student', at('run', 'student.safetensors'), ...wasm]);

  it('is never overwritten by its own result, however the folder is named', async () => {
    const before = await contents('photos');
    await symlink(at('photos'), at('linked'));
    await mkdir(at('links'));
    for (const stem of ['a', 'b']) await symlink(at('photos', `${stem}.png`), at('links', `${stem}.png`));
    await mkdir(at('hard'));
    await link(at('photos', 'a.png'), at('hard', 'a.png'));
    const spelled = `${at('photos')}/../photos/.`;
    for (const [photos, out] of [
      [at('photos'), at('photos')],
      [at('photos'), spelled],
      [at('photos'), at('linked')],
      [at('linked'), at('photos')],
      [at('links'), at('photos')],
      [at('photos'), at('links')],
      [at('photos'), at('hard')],
    ] as const)
      await expect(derain(photos, out), `${photos} → ${out}`).rejects.toThrow('could be an original');
    expect(await contents('photos')).toEqual(before);
    expect(await derain(at('photos'), at('results'))).toBe(0);
    expect(await derain(at('photos'), at('results')), 'results may be made again').toBe(0);
  });

  it('of another name beside a photo is none to overwrite either, nor a pair beside the clean photos of a set', async () => {
    await writePhoto(at('beside', 'a.jpg'), createPixels(16, 16));
    await writeFile(at('beside', 'a.png'), 'another original');
    await expect(derain(at('beside', 'a.jpg'), at('beside'))).rejects.toThrow('could be an original');
    await writePhoto(at('set', 'rainy', '1.png'), createPixels(16, 16));
    await expect(rainCommand.run(['--clean', at('set', 'rainy'), '--out', at('set')])).rejects.toThrow(
      'could be an original',
    );
  });
});
