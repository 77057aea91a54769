import { expect, it } from 'vitest';
import { wrapWords } from './wrapWords.ts';

const letters = (text: string): number => text.length;

it('breaks lines between words, and a word never', () => {
  expect(wrapWords('PSNR-Y 28.43 dB · SSIM-Y 0.9012', 16, letters)).toEqual(['PSNR-Y 28.43 dB', '· SSIM-Y 0.9012']);
  expect(wrapWords('short', 16, letters)).toEqual(['short']);
  expect(wrapWords('a-word-that-is-far-too-long b', 5, letters)).toEqual(['a-word-that-is-far-too-long', 'b']);
  expect(wrapWords('', 5, letters)).toEqual([]);
});
