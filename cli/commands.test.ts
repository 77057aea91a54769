import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { architectureNamed } from '../src/core/architectures/registry.ts';
import { asPublished } from '../src/core/architectures/testing/publishedFile.ts';
import { createPixels } from '../src/core/images/pixels.ts';
import type { Pixels } from '../src/core/images/pixels.ts';
import { randomFromSeed } from '../src/core/random.ts';
import { decodeCheckpoint } from '../src/core/training/checkpoint.ts';
import { presets } from '../src/core/training/config.ts';
import { encodeExperiment } from '../src/core/training/experiment.ts';
import type { Experiment } from '../src/core/training/experiment.ts';
import { decodeRun } from '../src/core/training/runFile.ts';
import { zipPytorchFile } from '../src/core/weights/foreign/sampleFiles.ts';
import { decodeModel, decodeStudent } from '../src/core/weights/modelFile.ts';
import type { Teacher } from '../src/core/weights/modelFile.ts';
import { ablateCommand } from './ablate.ts';
import { derainCommand } from './derain.ts';
import { evaluateCommand } from './evaluate.ts';
import { readPhoto, writePhoto } from './photos.ts';
import { rainCommand } from './rain.ts';
import { trainCommand } from './train.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** Every command on small drawn images, in the order in which a person would use them. */
describe('petrichor', () => {
  let home = '';
  const at = (...parts: string[]): string => join(home, ...parts);
  const printed: string[] = [];
  const wasm = ['--backend', 'wasm', '--threads', '1'];
  const size = [
    'blocks=1',
    'f1=4',
    'f2=4',
    'f3=4',
    'batch=2',
    'crop=32',
    'validationCrop=0',
    'validateEvery=2',
    'checkpointEvery=2',
  ];

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'petrichor-'));
    for (let i = 1; i <= 4; i++) await writePhoto(at('photos', `street-${i}.png`), drawnScene(120, 104, i));
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

  it('rain: writes labelled pairs, the same for the same seed', async () => {
    expect(
      await rainCommand.run(['--clean', at('photos'), '--out', at('pairs'), '--preset', 'heavy', '--seed', '3']),
    ).toBe(0);
    expect((await readdir(at('pairs'))).sort()).toEqual(['direction', 'latent', 'rainy', 'streak']);
    const [rainy, latent, streak] = await Promise.all(
      ['rainy', 'latent', 'streak'].map((half) => readPhoto(at('pairs', half, '2.png'))),
    );
    expect(latent!.data).toEqual((await readPhoto(at('photos', 'street-2.png'))).data);
    const brighter = rainy!.data.filter((value, i) => i % 4 !== 3 && value > latent!.data[i]! + 4).length;
    expect(brighter).toBeGreaterThan(rainy!.data.length / 20);
    expect(streak!.data.some((value, i) => i % 4 !== 3 && value > 20)).toBe(true);
    const angles = (await readFile(at('pairs', 'direction', 'direction.txt'), 'utf8')).trim().split('\n').map(Number);
    expect(angles).toHaveLength(4);
    expect(angles.every((angle) => angle >= 50 && angle <= 130)).toBe(true);
    await rainCommand.run(['--clean', at('photos'), '--out', at('again'), '--preset', 'heavy', '--seed', '3']);
    expect((await readPhoto(at('again', 'rainy', '2.png'))).data).toEqual(rainy!.data);
  });

  it('train: leaves checkpoints, models and a log, and goes on where it stopped', async () => {
    const data = ['--clean', at('photos'), '--pairs', at('pairs'), '--validate-only', '4'];
    const common = ['--out', at('run'), '--json', ...wasm];
    expect(
      await trainCommand.run([
        ...data,
        '--preset',
        'quick',
        '--set',
        ...size,
        '--steps',
        '4',
        '--seed',
        '5',
        ...common,
      ]),
    ).toBe(0);
    const events = printed.map((line) => JSON.parse(line) as { type: string; step?: number });
    expect(events[0]).toMatchObject({ type: 'started', step: 0, counts: { clean: 4, rainy: 0, pairs: 3, heldOut: 1 } });
    expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'finished', step: 4 });
    expect(events.filter(({ type }) => type === 'validated').map(({ step }) => step)).toEqual([2, 4]);
    expect((await readFile(at('run', 'log.jsonl'), 'utf8')).split('\n').length).toBeGreaterThan(events.length);

    await expect(trainCommand.run([...data, ...common])).rejects.toThrow('holds a run already');
    expect(await trainCommand.run(['--resume', '--steps', '8', ...common])).toBe(0);
    const files = await readdir(at('run'));
    expect(files.filter((name) => name.startsWith('checkpoint')).sort()).toEqual([
      'checkpoint-6.safetensors',
      'checkpoint-8.safetensors',
    ]);
    expect(files.filter((name) => name.endsWith('.part'))).toEqual([]);
    const { step, config, history } = decodeCheckpoint(await readFile(at('run', 'checkpoint-8.safetensors')));
    expect([step, config.run.seed, config.networks.blocks, history.length]).toEqual([8, 5, 1, 8]);
    const average = decodeModel(await readFile(at('run', 'student.safetensors')));
    const latest = decodeModel(await readFile(at('run', 'student-latest.safetensors')));
    expect(average.provenance).toMatchObject({ steps: 8, seed: 5, data: { clean: 4, rainy: 0, pairs: 3 } });
    expect(average.role === 'student' && latest.role === 'student' && average.weights.get('head.weight')).not.toEqual(
      latest.role === 'student' && latest.weights.get('head.weight'),
    );
    expect(existsSync(at('run', 'student-best.safetensors'))).toBe(true);
    expect(JSON.stringify(average.provenance)).not.toContain(home);
  });

  it('train: a damaged newest checkpoint gives way to the one before it', async () => {
    const newest = at('run', 'checkpoint-8.safetensors');
    const bytes = await readFile(newest);
    bytes[bytes.length - 5]! ^= 1;
    await writeFile(newest, bytes);
    expect(await trainCommand.run(['--resume', '--steps', '8', '--out', at('run'), '--json', ...wasm])).toBe(0);
    expect(JSON.parse(printed[0]!)).toMatchObject({ type: 'started', step: 6 });
    expect(decodeCheckpoint(await readFile(newest)).step).toBe(8);
  });

  it('train: takes the rainy halves of pairs as unpaired photos', async () => {
    const data = ['--clean', at('photos'), '--rainy-of-pairs', at('pairs'), '--train-only', '1-3'];
    expect(
      await trainCommand.run([...data, '--set', ...size, '--steps', '1', '--out', at('unpaired'), '--json', ...wasm]),
    ).toBe(0);
    expect(JSON.parse(printed[0]!)).toMatchObject({ counts: { clean: 4, rainy: 3, pairs: 0, heldOut: 1 } });
  });

  it('train: leaves out what the suite measures on, also when it resumes', async () => {
    const [photo, same] = [drawnScene(40, 40, 1), drawnScene(40, 40, 2)];
    for (const stem of ['119082', 'pexels_286758', '108082', 'street'])
      await writePhoto(at('cleanSet', `${stem}.png`), photo);
    for (const stem of ['180', '181', '200']) {
      await writePhoto(at('numbered', 'rainy', `${stem}.png`), same);
      await writePhoto(at('numbered', 'clean', `${stem}.png`), photo);
    }
    const data = ['--clean', at('cleanSet'), '--pairs', at('numbered'), '--hold-out-suite'];
    const common = ['--out', at('heldOut'), '--json', ...wasm];
    await trainCommand.run([...data, '--set', ...size, '--steps', '1', ...common]);
    const counts = { clean: 1, rainy: 0, pairs: 1, heldOut: 2 };
    expect(JSON.parse(printed[0]!)).toMatchObject({ type: 'started', counts });
    printed.length = 0;
    await trainCommand.run(['--resume', '--steps', '2', ...common]);
    expect(JSON.parse(printed[0]!)).toMatchObject({ type: 'started', counts });
    await expect(
      trainCommand.run([...data, '--pairs', at('rainheavy-samples'), '--out', at('heavyRun')]),
    ).rejects.toThrow('rainheavy-samples is what the suite measures on');
  });

  it('train: a stop between steps leaves a checkpoint', async () => {
    const running = trainCommand.run([
      '--clean',
      at('photos'),
      '--set',
      ...size,
      '--steps',
      '100000',
      '--out',
      at('stopped'),
      ...wasm,
    ]);
    await vi.waitUntil(async () => existsSync(at('stopped', 'checkpoint-4.safetensors')), {
      timeout: 20_000,
      interval: 5,
    });
    process.emit('SIGINT');
    expect(await running).toBe(0);
    const log = (await readFile(at('stopped', 'log.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; step: number; reason?: string });
    expect(log.at(-1)).toMatchObject({ type: 'stopped', reason: 'asked' });
    expect(existsSync(at('stopped', `checkpoint-${log.at(-1)!.step}.safetensors`))).toBe(true);
  });

  it('train: a student learns from a teacher that was trained before and stays as it is', async () => {
    const data = ['--clean', at('photos'), ...wasm];
    const teacher = ['--teacher', at('run', 'teacher.safetensors')];
    const deeper = ['--set', 'blocks=2', 'f3=5', 'batch=1', 'crop=16'];
    expect(await trainCommand.run([...data, ...teacher, ...deeper, '--steps', '2', '--out', at('taught')])).toBe(0);
    const of = async (run: string) => decodeModel(await readFile(at(run, 'teacher.safetensors')));
    const [before, after] = [await of('run'), await of('taught')];
    expect(after.weights).toEqual(before.weights);
    expect(decodeStudent(await readFile(at('taught', 'student.safetensors'))).shape).toMatchObject({
      blocks: 2,
      filters: 5,
    });
    const student = ['--student', at('taught', 'student.safetensors')];
    expect(
      await trainCommand.run([
        ...data,
        ...student,
        '--set',
        'batch=1',
        'crop=16',
        'f1=3',
        'f2=3',
        'learningRate=0',
        '--steps',
        '1',
        '--out',
        at('again'),
      ]),
    ).toBe(0);
    const [first, second] = await Promise.all(
      ['taught', 'again'].map(async (run) => decodeStudent(await readFile(at(run, 'student.safetensors')))),
    );
    expect(second!.weights).toEqual(first!.weights);
    expect(await trainCommand.run([...data, ...student, '--set', 'f3=9', '--out', at('misfit')])).toBe(1);
    const ahead = [
      ...data,
      ...teacher,
      '--student-of-teacher',
      '--set',
      'batch=1',
      'crop=16',
      'learningRate=0',
      '--steps',
      '1',
    ];
    const shape = (await of('run')) as Teacher;
    expect(await trainCommand.run([...ahead, '--out', at('ahead')])).toBe(0);
    const like = decodeStudent(await readFile(at('ahead', 'student.safetensors')));
    expect([...like.weights.get('tail.bias')!]).toEqual([...shape.weights.f1.get('tail.bias')!].map((value) => -value));
    await expect(trainCommand.run([...data, '--student-of-teacher', '--out', at('y')])).rejects.toThrow(
      'needs --teacher',
    );
    await expect(trainCommand.run([...data, ...teacher, '--resume', '--out', at('taught')])).rejects.toThrow(
      'begin a run',
    );
  });

  it('train: any derainer teaches, from real rain and clean images that belong to no pair', async () => {
    const { ofSize, init, weights } = architectureNamed('prenet');
    const shape = ofSize({ blocks: 2, filters: 3, imageSkip: true });
    const arrays = asPublished(weights(shape), init(shape, randomFromSeed(1)));
    await writeFile(at('PReNet.pth'), zipPytorchFile(arrays));
    const data = ['--clean', at('photos'), '--rainy', at('pairs', 'rainy'), ...wasm];
    const small = ['--set', 'batch=1', 'crop=16', 'validationCrop=16', 'blocks=1', 'f3=4'];
    for (const [name, file] of [
      ['published', at('PReNet.pth')],
      ['own', at('taught', 'student.safetensors')],
    ] as const) {
      expect(await trainCommand.run([...data, ...small, '--teacher', file, '--steps', '2', '--out', at(name)])).toBe(0);
      expect(await readdir(at(name, 'teacher-outputs'))).toHaveLength(3); // two steps and the batch that follows
      expect(await trainCommand.run(['--resume', '--steps', '3', '--out', at(name), ...wasm])).toBe(0);
      const { provenance } = decodeStudent(await readFile(at(name, 'student.safetensors')));
      expect(provenance).toMatchObject({ steps: 3, config: { teacher: basename(file) } });
    }
    const teacher = decodeModel(await readFile(at('published', 'teacher.safetensors')));
    expect(teacher).toMatchObject({ role: 'teacher', shapes: { f1: { architecture: 'prenet', imageSkip: false } } });
    await expect(
      trainCommand.run([...data, '--teacher', at('photos', 'street-1.png'), '--out', at('y')]),
    ).rejects.toThrow('street-1.png');
  });

  it('ablate: trains every variant with every seed, and takes finished ones as they are', async () => {
    const train = ['--pairs', at('pairs'), '--validate-only', '4', '--set', ...size, '--steps', '2', ...wasm];
    const args = [
      '--variants',
      'lambda=1.2',
      'lambda=0+phi=5',
      '--seeds',
      '1,2',
      '--out',
      at('compared'),
      '--json',
      '--',
      ...train,
    ];
    expect(await ablateCommand.run(args)).toBe(0);
    const found = JSON.parse(printed.at(-1)!) as {
      variants: { variant: string; step: number }[];
      runs: { figures: { rainMapPsnr: number } }[];
    };
    expect(found.variants.map(({ variant, step }) => [variant, step])).toEqual([
      ['lambda=1.2', 2],
      ['lambda=0+phi=5', 2],
    ]);
    expect(found.runs[0]!.figures.rainMapPsnr).not.toBe(found.runs[1]!.figures.rainMapPsnr);
    const before = (await readFile(at('compared', 'lambda=0+phi=5', 'seed-2', 'log.jsonl'))).length;
    await ablateCommand.run(args);
    expect(printed.at(-1)).toBe(printed.at(-2));
    expect((await readFile(at('compared', 'lambda=0+phi=5', 'seed-2', 'log.jsonl'))).length).toBe(before);
    await expect(ablateCommand.run([...args, '--out', at('z')])).rejects.toThrow('set for each run');
    await expect(
      ablateCommand.run(['--variants', 'lambda=0', '--seeds', '1', '--out', at('z'), '--', ...train]),
    ).rejects.toThrow('at least two');
  });

  it('ablate: takes an experiment of the Lab, and leaves runs that the Lab imports', async () => {
    const base = presets.quick;
    const experiment = {
      kind: 'own',
      title: 'λ of a file',
      base: { ...base, hyperparameters: { ...base.hyperparameters, phi: 5 } },
      variants: [
        { name: 'none', set: 'lambda=0' },
        { name: 'as it is', set: '' },
      ],
      seeds: [3],
    };
    await writeFile(at('experiment.json'), encodeExperiment(experiment));
    const train = ['--pairs', at('pairs'), '--validate-only', '4', '--set', ...size, '--steps', '2', ...wasm];
    const args = ['--experiment', at('experiment.json'), '--out', at('lab'), '--json', '--', ...train];
    expect(await ablateCommand.run(args)).toBe(0);
    const [none, usual] = await Promise.all(
      ['none', 'as-it-is'].map(async (folder) =>
        decodeRun(await readFile(at('lab', folder, 'seed-3', 'run.safetensors'))),
      ),
    );
    expect(none!.label).toMatchObject({
      name: 'λ of a file: none, seed 3',
      experiment: { title: 'λ of a file', variant: 'none', set: 'lambda=0' },
    });
    expect(none!.checkpoint).toMatchObject({ step: 2, config: { hyperparameters: { lambda: 0, phi: 5 } } });
    expect(usual!.checkpoint).toMatchObject({
      step: 2,
      config: { run: { seed: 3 }, hyperparameters: { lambda: 1.2, phi: 5 } },
    });
    await expect(ablateCommand.run(['--seeds', '1', ...args])).rejects.toThrow('brings its own');
  });

  it('ablate: begins with the weights, the images and the changes that an experiment names', async () => {
    const rainyHalves = await Promise.all([1, 2, 3, 4].map((i) => readFile(at('pairs', 'rainy', `${i}.png`))));
    const hashes = rainyHalves.map((bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 8));
    const kept = at('lab', 'none', 'seed-3', 'run.safetensors');
    const networks = 'blocks=1+f1=4+f2=4+f3=4';
    const experiment: Experiment = {
      kind: 'own',
      title: 'From a run',
      base: presets.quick,
      variants: [
        { name: 'from it', set: networks, start: 'imported-1' },
        { name: 'fresh', set: networks },
      ],
      seeds: [3],
      changes: [{ step: 2, set: 'lambda=2+phi=3' }],
      images: { clean: [], rainy: [], pairs: [hashes[3]!, hashes[0]!, hashes[1]!] },
    };
    await writeFile(at('start.json'), encodeExperiment(experiment));
    const still = ['learningRate=1e-9', 'heldOut=1', ...size];
    const args = ['--experiment', at('start.json'), '--out', at('begun'), '--json'];
    const train = ['--', '--pairs', at('pairs'), '--set', ...still, '--steps', '2', ...wasm];
    await expect(ablateCommand.run([...args, ...train])).rejects.toThrow('--start imported-1=FILE');
    expect(await ablateCommand.run([...args, '--start', `imported-1=${kept}`, ...train])).toBe(0);

    const [from, fresh] = await Promise.all(
      ['from-it', 'fresh'].map(async (folder) =>
        decodeRun(await readFile(at('begun', folder, 'seed-3', 'run.safetensors'))),
      ),
    );
    const arrayOf = (run: typeof from, name: string): number[] => [...run!.checkpoint.arrays.get(name)!.data];
    const average = arrayOf(decodeRun(await readFile(kept)), 'adam/average/f1/head.weight');
    const alike = average.map((weight) => expect.closeTo(weight, 6) as number);
    expect(arrayOf(from, 'weights/f1/head.weight')).toEqual(alike);
    expect(arrayOf(fresh, 'weights/f1/head.weight')).not.toEqual(alike);
    for (const run of [from, fresh]) {
      expect(run!.checkpoint.notes).toMatchObject([{ type: 'adjusted', step: 2, change: { lambda: 2, phi: 3 } }]);
      expect(run!.checkpoint.images).toMatchObject({ clean: 0, pairs: 2 });
      expect(run!.checkpoint.validations).toMatchObject([{ step: 2, images: 1 }]);
    }

    const others = { ...experiment, images: { clean: [], rainy: [], pairs: [...hashes, '00000000'] } };
    await writeFile(at('start.json'), encodeExperiment(others));
    await rm(at('begun'), { recursive: true });
    await expect(ablateCommand.run([...args, '--start', `imported-1=${kept}`, ...train])).rejects.toThrow(
      'lack 1 of the 5 images',
    );
  });

  it('train: goes on without a log where none can be written', async () => {
    await mkdir(at('logless', 'log.jsonl'), { recursive: true });
    const args = ['--clean', at('photos'), '--set', ...size, '--steps', '1', '--out', at('logless'), ...wasm];
    expect(await trainCommand.run(args)).toBe(0);
    expect(existsSync(at('logless', 'student.safetensors'))).toBe(true);
  });

  it('derain: keeps names and sizes, and leaves the photo alone at strength 0', async () => {
    const inputs = [at('pairs', 'rainy'), at('photos', 'street-1.png')];
    const student = ['--student', at('run', 'student.safetensors')];
    expect(await derainCommand.run([...inputs, '--out', at('derained'), ...student, '--json', ...wasm])).toBe(0);
    expect((await readdir(at('derained'))).sort()).toEqual(['1.png', '2.png', '3.png', '4.png', 'street-1.png']);
    const [before, after] = [await readPhoto(at('pairs', 'rainy', '1.png')), await readPhoto(at('derained', '1.png'))];
    expect([after.width, after.height]).toEqual([before.width, before.height]);
    expect(after.data).not.toEqual(before.data);
    expect(printed).toHaveLength(5);
    await derainCommand.run([inputs[1]!, '--out', at('same'), ...student, '--strength', '0', '--ensemble', ...wasm]);
    expect((await readPhoto(at('same', 'street-1.png'))).data).toEqual((await readPhoto(inputs[1]!)).data);
  });

  it('derain: goes on after a file that is not an image, and says so in its status', async () => {
    await writeFile(at('photos', 'broken.jpg'), 'not an image');
    const args = [at('photos'), '--out', at('rest'), '--student', at('run', 'student.safetensors'), ...wasm];
    expect(await derainCommand.run(args)).toBe(1);
    expect(await readdir(at('rest'))).toHaveLength(4);
    await rm(at('photos', 'broken.jpg'));
    await expect(
      derainCommand.run([at('photos'), '--out', at('rest'), '--student', at('photos', 'street-1.png'), ...wasm]),
    ).rejects.toThrow('street-1.png: ');
  });

  it('evaluate: a line each for input, student and teacher, on luma and RGB, for image and rain map', async () => {
    const models = ['--student', at('run', 'student.safetensors'), '--teacher', at('run', 'teacher.safetensors')];
    const args = ['--pairs', at('pairs'), '--only', '1-2', ...models, ...wasm];
    expect(await evaluateCommand.run([...args, '--json'])).toBe(0);
    const report = JSON.parse(printed.join('\n')) as {
      means: { output: string; images: number; scores: Record<string, number> }[];
      images: unknown[];
    };
    expect(report.means.map(({ output, images }) => [output, images])).toEqual([
      ['input', 2],
      ['student', 2],
      ['teacher', 2],
    ]);
    expect(report.images).toHaveLength(6);
    const [input, , teacher] = report.means;
    expect(input!.scores.mapPsnrRgb).toBeCloseTo(input!.scores.psnrRgb!, 6);
    expect(teacher!.scores.mapPsnrY).not.toBeCloseTo(teacher!.scores.psnrY!, 3);
    printed.length = 0;
    await evaluateCommand.run([...args, '--csv']);
    const csv = printed
      .join('\n')
      .split('\n')
      .map((line) => line.split(','));
    expect(csv).toHaveLength(10);
    expect(new Set(csv.map((line) => line.length))).toEqual(new Set([11]));
    expect(Number(csv.at(-1)![2])).toBeCloseTo(teacher!.scores.psnrY!, 3);
  });

  it('evaluate: without ground truth there is NIQE alone; clean photos are compared with themselves', async () => {
    await evaluateCommand.run([
      '--clean',
      at('photos'),
      '--rainy',
      at('pairs', 'rainy'),
      '--only',
      '2',
      '--student',
      at('run', 'student.safetensors'),
      '--each',
      ...wasm,
    ]);
    const table = printed.join('\n');
    expect(table).toMatch(/student on clean photos, mean of 1 +\d+\.\d\d/);
    expect(table).toMatch(/input on rainy photos, mean of 1 +– +–/);
  });

  it('says what is missing or cannot be', async () => {
    await expect(trainCommand.run(['--clean', at('photos')])).rejects.toThrow('--out is missing');
    await expect(trainCommand.run(['--out', at('x')])).rejects.toThrow('nothing to learn from');
    await expect(trainCommand.run(['--clean', at('nowhere'), '--out', at('x')])).rejects.toThrow(
      'nowhere: no such folder',
    );
    await expect(trainCommand.run(['--clean', at('photos'), '--set', 'lamda=0', '--out', at('x')])).rejects.toThrow(
      "no setting 'lamda'",
    );
    await expect(evaluateCommand.run(['--pairs', at('photos')])).rejects.toThrow('holds no pairs');
    await expect(evaluateCommand.run(['--pairs', at('pairs'), '--only', '77'])).rejects.toThrow('No image is left');
    await expect(derainCommand.run([at('photos'), '--out', at('x')])).rejects.toThrow('--model is missing');
    await expect(rainCommand.run(['--clean', at('photos'), '--out', at('x'), '--preset', 'hail'])).rejects.toThrow(
      '--preset must be one of',
    );
    expect(existsSync(at('x'))).toBe(false);
  });
});

/** Soft blobs of colour with some texture. */
function drawnScene(width: number, height: number, seed: number): Pixels {
  const image = createPixels(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const grain = ((x * 31 + y * 17 + x * y * seed + c * 7) % 13) - 6;
        image.data[(y * width + x) * 4 + c] =
          100 + 45 * Math.sin(x / (9 + seed) + c) + 35 * Math.cos(y / (7 + c) + seed) + grain;
      }
    }
  }
  return image;
}
