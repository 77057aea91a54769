import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { decodeCheckpoint } from '../src/core/training/checkpoint.ts';
import type { TrainingEvent } from '../src/core/training/events.ts';
import { decodeModel } from '../src/core/weights/modelFile.ts';
import { ablateCommand } from './ablate.ts';
import type { Ablation } from './ablation.ts';
import { listPairs } from './pairs.ts';
import { trainCommand } from './train.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Where the stored run lay when it was made; its data.json says so. */
const OLD_HOME = '/tmp/rain';
const fixtures = resolve(import.meta.dirname, '../src/fixtures/v1');

let home = '';
const at = (...parts: string[]): string => join(home, ...parts);
const printed: string[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'petrichor-stored-'));
  for (const folder of ['photos', 'pairs', 'run', 'compared'])
    await cp(join(fixtures, folder), at(folder), { recursive: true });
  const data = await readFile(at('run', 'data.json'), 'utf8');
  await writeFile(at('run', 'data.json'), data.replaceAll(OLD_HOME, home.replaceAll('\\', '/')));
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
beforeEach(() => {
  printed.length = 0;
});
afterAll(async () => {
  vi.restoreAllMocks();
  await rm(home, { recursive: true });
});

it('pairs written by an earlier program keep their labels', async () => {
  expect((await listPairs(at('pairs'))).map(({ stem, direction }) => [stem, direction])).toEqual([
    ['1', 9],
    ['2', 11],
    ['3', 10],
    ['4', 9],
  ]);
});

it('train --resume goes on with a stored run, its images and its settings', async () => {
  const logged = (await eventsOf('run')).flatMap((event) => (event.type === 'stepped' ? event.points : []));
  expect(logged.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);

  const more = ['--resume', '--steps', '7', '--out', at('run'), '--json', '--backend', 'wasm', '--threads', '1'];
  expect(await trainCommand.run(more)).toBe(0);
  const [started, ...events] = printed.map((line) => JSON.parse(line) as TrainingEvent);
  expect(started).toMatchObject({
    type: 'started',
    step: 5,
    counts: { clean: 4, rainy: 3, pairs: 0, heldOut: 1 },
    microBatches: 2,
    config: {
      preset: 'custom',
      networks: { blocks: 0, filters: { f1: 1, f2: 1, f3: 2 } },
      hyperparameters: { lambda: 0.75, disabledTerms: ['tv', 'cycle'] },
      decaySteps: 4,
      run: { seed: 7, steps: 7, batch: 2, crop: 16, microBatches: 2 },
      data: { rainFreeShare: 0.25, heldOutIds: ['4'], real: { photos: 2 } },
    },
  });
  expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'finished', step: 7 });

  const checkpoints = (await readdir(at('run'))).filter((name) => name.startsWith('checkpoint'));
  expect(checkpoints.sort()).toEqual(['checkpoint-6.safetensors', 'checkpoint-7.safetensors']);
  const { history, validations } = decodeCheckpoint(await readFile(at('run', 'checkpoint-7.safetensors')));
  expect(history.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  for (const [i, { objective, losses }] of logged.entries()) {
    expect(history[i]!.objective).toBe(Math.fround(objective));
    expect(history[i]!.losses).toEqual({ ...losses, labelled: 0 }); // a term that is younger than the run
  }
  expect(validations.slice(0, 3).map(({ step, psnr }) => [step, psnr.student])).toEqual([
    [2, 15.254034471423925],
    [4, 15.376924966665523],
    [5, 15.405243150927937],
  ]);
});

it('models of a stored run are read', async () => {
  for (const which of ['', '-latest', '-best']) {
    const [student, teacher] = await Promise.all(
      ['student', 'teacher'].map(async (role) =>
        decodeModel(await readFile(join(fixtures, 'run', `${role}${which}.safetensors`))),
      ),
    );
    expect(student).toMatchObject({ role: 'student', shape: { blocks: 0, filters: 2 }, provenance: { steps: 5 } });
    expect(teacher).toMatchObject({ role: 'teacher', shapes: { f1: { filters: 1 } }, provenance: { seed: 7 } });
  }
});

it('ablate takes the stored runs of an earlier comparison as they are', async () => {
  const before = await readFile(at('compared', 'lambda=1.2', 'seed-1', 'log.jsonl'), 'utf8');
  const variants = ['--variants', 'lambda=1.2', 'lambda=0+phi=5', '--seeds', '1'];
  const train = ['--', '--pairs', at('pairs'), '--validate-only', '4', '--steps', '2'];
  expect(await ablateCommand.run([...variants, '--out', at('compared'), '--json', ...train])).toBe(0);
  const { variants: found } = JSON.parse(printed.at(-1)!) as Ablation;
  expect(found.map(({ variant, step, figures }) => [variant, step, figures.rainMapPsnr.mean])).toEqual([
    ['lambda=1.2', 2, 15.492064632353742],
    ['lambda=0+phi=5', 2, 15.493320677792749],
  ]);
  expect(found[1]!.figures.studentSsim.mean).toBe(0.5040831526438395);
  expect(await readFile(at('compared', 'lambda=1.2', 'seed-1', 'log.jsonl'), 'utf8')).toBe(before);
});

async function eventsOf(run: string): Promise<TrainingEvent[]> {
  const lines = (await readFile(at(run, 'log.jsonl'), 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as TrainingEvent);
}
