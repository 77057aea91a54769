import { copyFileSync, existsSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { imageOf } from '../src/core/images/tensors.ts';
import { directionIndex } from '../src/core/rain/direction.ts';
import { makeRainyPair } from '../src/core/rain/rainyPair.ts';
import { drawRain } from '../src/core/rain/streaks.ts';
import { decodeStudent } from '../src/core/weights/modelFile.ts';
import { adaptCommand } from './adapt.ts';
import { writePhoto } from './photos.ts';

const student = join(import.meta.dirname, '../public/students/quick.safetensors');
const folder = mkdtempSync(join(tmpdir(), 'petrichor-adapt-'));
const [width, height] = [160, 120];

/** A smooth grey scene. */
const scene = (): Float32Array =>
  Float32Array.from({ length: width * height * 3 }, (_, i) => 0.4 + 0.1 * Math.sin(i / 5000));

async function adapt(photo: Float32Array, name: string): Promise<{ status: number; out: string }> {
  const [clean, rainy, out] = ['clean.png', `${name}.png`, `${name}.safetensors`].map((file) => join(folder, file));
  await writePhoto(clean!, imageOf(scene(), width, height));
  await writePhoto(rainy!, imageOf(photo, width, height));
  const options = ['--student', student, '--clean', clean!, '--out', out!, '--seconds', '2', '--backend', 'wasm'];
  return { status: await adaptCommand.run([rainy!, ...options]), out: out! };
}

it('writes a student of the same shape that has learned the rain of a photo', async () => {
  const layer = { angle: 80, spread: 1, length: 25, width: 3, density: 5, strength: 0.2 };
  const recipe = { layers: [layer], veil: { amount: 0, grey: 0.7 }, seed: 1, direction: directionIndex(80) };
  const { rainy } = makeRainyPair(scene(), drawRain(recipe, width, height), recipe.veil);
  const { status, out } = await adapt(rainy, 'rainy');
  expect(status).toBe(0);
  const [before, after] = [decodeStudent(readFileSync(student)), decodeStudent(readFileSync(out))];
  expect(after.shape).toEqual(before.shape);
  expect(after.weights.get('tail.weight')).not.toEqual(before.weights.get('tail.weight'));
});

it('refuses to write over its own student, photo or clean photos, and leaves them as they are', async () => {
  const [photo, copy, other] = ['original.png', 'student.safetensors', 'other.png'].map((name) => join(folder, name));
  await writePhoto(photo!, imageOf(scene(), width, height));
  await writePhoto(other!, imageOf(scene(), width, height));
  copyFileSync(student, copy!);
  const link = join(folder, 'link.safetensors');
  symlinkSync(copy!, link);
  for (const out of [photo!, copy!, other!, link]) {
    const args = [photo!, '--student', copy!, '--clean', other!, '--out', out, '--seconds', '1'];
    await expect(adaptCommand.run(args), out).rejects.toThrow(/--out would replace .*nothing was written/);
  }
  expect(readFileSync(copy!).equals(readFileSync(student))).toBe(true);
});

it('refuses a photo without rain, and writes nothing', async () => {
  const { status, out } = await adapt(scene(), 'clean');
  expect(status).toBe(1);
  expect(existsSync(out)).toBe(false);
});
