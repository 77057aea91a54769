import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { randomFromSeed } from '../../random.ts';
import { encodeSafetensors } from '../safetensors.ts';
import { ForeignFileError } from './foreignFile.ts';
import { mutant } from './mutants.ts';
import { readForeign } from './readForeign.ts';
import * as samples from './sampleFiles.ts';

const arrays: samples.SampleArrays = new Map([
  ['model.weight{0}', { shape: [2, 3, 3, 3], data: Float32Array.from({ length: 54 }, (_, i) => i / 7) }],
  ['model.bias{0}', { shape: [2], data: Float32Array.of(1, 2) }],
]);
const [index, data] = samples.tensorflowFiles(arrays);
const files: Readonly<Record<string, (mutate: (bytes: Uint8Array) => Uint8Array) => Uint8Array[]>> = {
  'PyTorch, legacy': (mutate) => [mutate(samples.legacyPytorchFile(arrays))],
  'PyTorch, zip': (mutate) => [mutate(samples.zipPytorchFile(arrays))],
  'TensorFlow, index': (mutate) => [mutate(index), data],
  // the block within its checksum, which would refuse nearly all of them
  'TensorFlow, table': (mutate) => samples.tensorflowFiles(arrays, (block) => samples.snappyBlock(mutate(block))),
  'TensorFlow, compressed': (mutate) => samples.tensorflowFiles(arrays, (block) => mutate(samples.snappyBlock(block))),
  'TensorFlow, data': (mutate) => [index, mutate(data)],
  Caffe: (mutate) => [mutate(samples.caffemodelFile(arrays))],
  MATLAB: (mutate) => [mutate(samples.matlabFile(arrays))],
  'MATLAB, compressed': (mutate) => [mutate(samples.matlabFile(arrays, (bytes) => zlibSync(bytes)))],
  safetensors: (mutate) => [mutate(encodeSafetensors(arrays, {}))],
};

describe('damaged files', () => {
  it.each(Object.entries(files))('of %s are refused in words or read as finite arrays', (name, write) => {
    const random = randomFromSeed(11).split(name);
    let refused = 0;
    for (let i = 0; i < 200; i++) {
      const damaged = write((bytes) => mutant(bytes, (limit) => random.below(limit)));
      try {
        for (const { shape, data: numbers } of readForeign(damaged).arrays.values()) {
          expect(numbers.length).toBe(shape.reduce((product, side) => product * side, 1));
          expect(numbers.every(Number.isFinite)).toBe(true);
        }
      } catch (error) {
        if (!(error instanceof ForeignFileError)) throw error;
        expect(error.reason).toMatch(/\.$/);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(60);
  });
});
