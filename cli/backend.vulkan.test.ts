import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPixels } from '../src/core/images/pixels.ts';
import { isSoftwareAdapter } from '../src/core/ops/webgpu/softwareAdapter.ts';
import { randomFromSeed } from '../src/core/random.ts';
import { startBackend } from './backend.ts';
import { derainCommand } from './derain.ts';
import { readPhoto, writePhoto } from './photos.ts';
import { trainCommand } from './train.ts';

/** The command line on the system's Vulkan driver, by Dawn. */
describe('petrichor on WebGPU in Node', () => {
  let home = '';
  const at = (...parts: string[]): string => join(home, ...parts);
  const webgpu = ['--backend', 'webgpu-software'];
  const size = [
    'blocks=1',
    'f1=4',
    'f2=4',
    'f3=4',
    'batch=2',
    'crop=16',
    'validationCrop=0',
    'validateEvery=2',
    'checkpointEvery=2',
  ];

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'petrichor-'));
    for (let i = 1; i <= 3; i++) await writePhoto(at('photos', `noise-${i}.png`), noise(64, 48, i));
    vi.spyOn(console, 'log').mockImplementation(() => {});
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await rm(home, { recursive: true });
  });

  it('trains, and derains as plain JavaScript does', async () => {
    expect(
      await trainCommand.run([
        '--clean',
        at('photos'),
        '--preset',
        'quick',
        '--set',
        ...size,
        '--steps',
        '2',
        '--out',
        at('run'),
        ...webgpu,
      ]),
    ).toBe(0);
    const student = ['--student', at('run', 'student.safetensors')];
    expect(await derainCommand.run([at('photos', 'noise-1.png'), '--out', at('webgpu'), ...student, ...webgpu])).toBe(
      0,
    );
    expect(
      await derainCommand.run([at('photos', 'noise-1.png'), '--out', at('cpu'), ...student, '--backend', 'cpu']),
    ).toBe(0);
    const [ours, expected] = await Promise.all(['webgpu', 'cpu'].map((folder) => readPhoto(at(folder, 'noise-1.png'))));
    expect([ours!.width, ours!.height]).toEqual([64, 48]);
    const worst = expected!.data.reduce((most, value, i) => Math.max(most, Math.abs(value - ours!.data[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(1);
    expect(expected!.data).not.toEqual((await readPhoto(at('photos', 'noise-1.png'))).data);
  });

  it('takes no software adapter unless asked by name', async () => {
    if (isSoftwareAdapter((await navigator.gpu.requestAdapter())!.info)) {
      await expect(startBackend('webgpu', undefined, () => {})).rejects.toThrow('No graphics card');
      await expect(startBackend('webgpu-half', undefined, () => {})).rejects.toThrow('No graphics card');
    } else {
      expect(await startBackend('webgpu', undefined, () => {})).toContain('WebGPU');
    }
  });
});

function noise(width: number, height: number, seed: number): ReturnType<typeof createPixels> {
  const pixels = createPixels(width, height);
  const random = randomFromSeed(seed);
  pixels.data.forEach((_, i) => (pixels.data[i] = i % 4 === 3 ? 255 : Math.floor(random.uniform() * 256)));
  return pixels;
}
