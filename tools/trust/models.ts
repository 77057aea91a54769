import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointError, decodeCheckpoint, encodeCheckpoint } from '../../src/core/training/checkpoint.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { mutant } from '../../src/core/weights/foreign/mutants.ts';
import { decodeModel, encodeStudent, encodeTeacher, ModelFileError } from '../../src/core/weights/modelFile.ts';
import { SafetensorsError } from '../../src/core/weights/safetensors.ts';
import { ROOT } from '../../scripts/prepare.mjs';
import { countsOf } from './row.ts';
import type { TrustRow } from './row.ts';

const FIXTURES = join(ROOT, 'src', 'fixtures', 'v1');
const MAX_MS = 2_000;

interface Kind {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the bytes say, written anew. Throws the reader's typed error. */
  readonly again: (bytes: Uint8Array) => Uint8Array;
  readonly isRefusal: (error: unknown) => boolean;
}

/**
 * Model files and checkpoints with single bits flipped, and with other damage, `count` times each: every one is refused by a typed
 * error within two seconds or says the very same as before.
 */
export function checkModels(count: number, seed: number): TrustRow[] {
  return kinds().flatMap((kind, i) => {
    const random = randomFromSeed(seed + i);
    const below = (limit: number): number => random.below(limit);
    const flipped = (): Uint8Array => {
      const bytes = kind.bytes.slice();
      const bit = below(bytes.length * 8);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      return bytes;
    };
    return [
      rowOf(kind, `${count.toLocaleString('en')} single bits flipped`, count, flipped),
      rowOf(kind, `${count.toLocaleString('en')} damaged otherwise`, count, () => mutant(kind.bytes, below)),
    ];
  });
}

function kinds(): Kind[] {
  const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(FIXTURES, name)));
  const isModelError = (error: unknown): boolean => error instanceof ModelFileError;
  const again = (bytes: Uint8Array): Uint8Array => {
    const model = decodeModel(bytes);
    return model.role === 'student' ? encodeStudent(model) : encodeTeacher(model);
  };
  const checkpoint = (bytes: Uint8Array): Uint8Array => encodeCheckpoint(decodeCheckpoint(bytes));
  return [
    { name: 'student', bytes: again(read('student.safetensors')), again, isRefusal: isModelError },
    { name: 'teacher', bytes: again(read('teacher.safetensors')), again, isRefusal: isModelError },
    {
      name: 'checkpoint',
      bytes: checkpoint(read('checkpoint.safetensors')),
      again: checkpoint,
      isRefusal: (error) => error instanceof CheckpointError || error instanceof SafetensorsError,
    },
  ];
}

function rowOf(
  { name, bytes, again, isRefusal }: Kind,
  tried: string,
  count: number,
  damage: () => Uint8Array,
): TrustRow {
  const outcomes: string[] = [];
  const faults: string[] = [];
  let slowest = 0;
  for (let i = 0; i < count; i++) {
    const damaged = damage();
    const started = performance.now();
    try {
      const isEqual = Buffer.from(again(damaged)).equals(bytes);
      outcomes.push(isEqual ? 'equal' : 'altered');
      if (!isEqual) faults.push(`mutant ${i} was accepted altered`);
    } catch (error) {
      outcomes.push('refused');
      if (!isRefusal(error)) faults.push(`mutant ${i} ended in ${String(error)}`);
    }
    slowest = Math.max(slowest, performance.now() - started);
  }
  if (slowest > MAX_MS) faults.push(`the slowest took ${Math.round(slowest)} ms`);
  return {
    check: `models: ${name}`,
    tried,
    outcome: `${countsOf(outcomes)}; slowest ${Math.round(slowest)} ms`,
    faults,
  };
}
