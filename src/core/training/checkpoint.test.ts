import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registerLossTerm } from '../paper/lossTerms.ts';
import { randomFromSeed } from '../random.ts';
import { encodeWithChecksum } from '../weights/checksum.ts';
import { decodeSafetensors, SafetensorsError } from '../weights/safetensors.ts';
import { CheckpointError, decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';

const ofVersion1 = readFileSync(join(import.meta.dirname, '../../fixtures/v1/checkpoint.safetensors'));
const checkpoint = decodeCheckpoint(ofVersion1);
/** With a few of its arrays, so that it is read in a moment. */
const small: Checkpoint = { ...checkpoint, arrays: new Map([...checkpoint.arrays].slice(0, 4)), counts: { real: 3 } };

/** A term that comes and goes. */
const sparsity = {
  name: 'sparsity',
  equation: null,
  update: 'synthetic',
  weight: () => 1,
  compute: (_: unknown, { z }: { readonly z: tf.Tensor }) => tf.mean(z) as tf.Scalar,
} as const;

describe('a checkpoint', () => {
  it('is read as it was written', () => {
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint);
    const begun: Checkpoint = { ...checkpoint, history: [] };
    expect(decodeCheckpoint(encodeCheckpoint(begun))).toEqual(begun);
  });

  it('is refused with any bit flipped, wherever it lies', () => {
    const bytes = encodeCheckpoint(small);
    const random = randomFromSeed(4);
    for (let flips = 0; flips < 4000; flips++) {
      const damaged = bytes.slice();
      const place = Math.floor(random.uniform() * bytes.length);
      damaged[place]! ^= 1 << Math.floor(random.uniform() * 8);
      expect(errorOf(damaged), `byte ${place} of ${bytes.length}`).toMatch(/\w/);
    }
  });

  it('is refused with any bit of its length, its checksum or its version flipped', () => {
    const bytes = encodeCheckpoint(small);
    const text = new TextDecoder('latin1').decode(bytes);
    const places = ['"checksum":"', '"version":"'].flatMap((key) =>
      Array.from({ length: key.length + 9 }, (_, i) => text.indexOf(key) + i),
    );
    for (const place of [0, 1, 2, 3, 4, 5, 6, 7, ...places]) {
      for (let bit = 0; bit < 8; bit++) {
        bytes[place]! ^= 1 << bit;
        expect(errorOf(bytes), `bit ${bit} of byte ${place}`).toMatch(/\w/);
        bytes[place]! ^= 1 << bit;
      }
    }
    expect(decodeCheckpoint(bytes)).toEqual(small);
  });

  it('of a later version is refused', () => {
    const { tensors, metadata } = decodeSafetensors(encodeCheckpoint(checkpoint));
    expect(errorOf(encodeWithChecksum(tensors, { ...metadata, version: '4' }))).toContain('version 4');
  });

  it('is of version 3 only with a lost device among its notes, for which earlier readers have no words', () => {
    const version = (of: Checkpoint): string | undefined => decodeSafetensors(encodeCheckpoint(of)).metadata.version;
    const lost: Checkpoint = { ...small, notes: [...small.notes, { type: 'deviceLost', step: 6, reason: 'reset' }] };
    expect([small, lost].map(version)).toEqual(['2', '3']);
    expect(decodeCheckpoint(encodeCheckpoint(lost))).toEqual(lost);
  });

  it('with curves whose columns do not fit is refused', () => {
    const { tensors, metadata } = decodeSafetensors(encodeCheckpoint(checkpoint));
    for (const columns of [
      ['step', 'objective'],
      ['step', 'objective', 'learningRate', 'stepMs', 'tv'],
    ]) {
      const edited = { ...metadata, historyColumns: JSON.stringify(columns) };
      expect(errorOf(encodeWithChecksum(tensors, edited))).toContain('history');
    }
  });
});

describe('curves of a checkpoint', () => {
  it.each([
    ['today', encodeCheckpoint(checkpoint)],
    ['version 1', ofVersion1],
  ])('still read after a loss term is added (%s)', (_, bytes) => {
    const unregister = registerLossTerm(sparsity);
    try {
      const { history } = decodeCheckpoint(bytes);
      expect(history).toEqual(
        checkpoint.history.map((point) => ({ ...point, losses: { ...point.losses, sparsity: 0 } })),
      );
      expect(decodeCheckpoint(encodeCheckpoint({ ...checkpoint, history })).history).toEqual(history);
    } finally {
      unregister();
    }
  });
  it('still read after a loss term is gone, without its column', () => {
    const unregister = registerLossTerm(sparsity);
    const history = checkpoint.history.map((point) => ({ ...point, losses: { ...point.losses, sparsity: 0.5 } }));
    const bytes = encodeCheckpoint({ ...checkpoint, history });
    unregister();
    expect(decodeCheckpoint(bytes).history).toEqual(checkpoint.history);
  });
});

/** Why the bytes are refused; throws what is no error in words, or when they are taken. */
function errorOf(bytes: Uint8Array): string {
  try {
    decodeCheckpoint(bytes);
  } catch (error) {
    if (error instanceof CheckpointError || error instanceof SafetensorsError) return error.message;
    throw error;
  }
  return '';
}
