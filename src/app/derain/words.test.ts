import { describe, expect, it } from 'vitest';
import { newPhoto } from './deskStore.ts';
import { duration, megapixels, provenanceWords, stateWords } from './words.ts';

describe('words', () => {
  it('tell time in the units that matter', () => {
    expect([840, 9_960, 59_600, 200_000, 7_500_000].map(duration)).toEqual([
      '0.8 s',
      '10 s',
      '1 min 0 s',
      '3 min 20 s',
      '2 h 5 min',
    ]);
  });

  it('tell the size of a photo', () => {
    expect(megapixels(800, 600)).toBe('0.5 megapixels');
    expect(megapixels(6000, 4000)).toBe('24 megapixels');
  });

  it('tell how far a photo is', () => {
    const photo = newPhoto('a', 'a.jpg', new Blob(), null);
    expect(stateWords({ ...photo, state: 'working' })).toBe('Preparing …');
    expect(stateWords({ ...photo, state: 'working', share: 0.428, msLeft: 12_300 })).toBe('42 % · about 12 s left');
    expect(stateWords({ ...photo, state: 'done', ms: 2_340 })).toBe('Done in 2.3 s');
  });

  it('tell where a model comes from', () => {
    const provenance = {
      seed: 1,
      steps: 1200,
      preset: 'quick',
      config: null,
      data: { clean: 209, rainy: 0, pairs: 180 },
      validation: {
        pictures: 20,
        psnr: { rainy: 26.7, student: 29.31, teacher: 30 },
        ssim: { rainy: 0.8, student: 0.9, teacher: 0.9 },
      },
      date: '2026-01-02T03:04:05Z',
    };
    expect(provenanceWords(provenance)).toBe(
      '1,200 steps of “quick” on 209 clean, 180 paired pictures, Jan 2, 2026. On 20 held-out pictures: 29.31 dB (with rain 26.70 dB).',
    );
  });
});
