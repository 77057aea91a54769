import { describe, expect, it } from 'vitest';
import { initialWeights, parameterCount } from '../architectures/registry.ts';
import { randomFromSeed } from '../random.ts';
import { readModelCard } from './modelCard.ts';
import { encodeSafetensors } from './safetensors.ts';
import { encodeStudent } from './modelFile.ts';

const shape = { architecture: 'edsr', blocks: 2, filters: 3, imageSkip: true };
const weights = initialWeights(shape, randomFromSeed(1));
const provenance = {
  seed: 1,
  steps: 30,
  preset: 'quick',
  config: null,
  data: { clean: 1, rainy: 2, pairs: 3 },
  validation: null,
  date: '2026-01-02T03:04:05Z',
};

describe('readModelCard', () => {
  it('tells role, size and provenance', () => {
    expect(readModelCard(encodeStudent({ shape, weights, provenance }))).toEqual({
      role: 'student',
      parameters: parameterCount(shape),
      provenance,
    });
    expect(readModelCard(encodeStudent({ shape, weights, provenance: null }, { dtype: 'F16' }))?.provenance).toBeNull();
  });

  it('has nothing to tell of other files', () => {
    expect(readModelCard(new Uint8Array(20))).toBeNull();
    expect(readModelCard(encodeSafetensors(new Map(), { format: 'other' }))).toBeNull();
    expect(
      readModelCard(encodeSafetensors(new Map(), { format: 'petrichor', role: 'student', provenance: '{' })),
    ).toBeNull();
  });
});
