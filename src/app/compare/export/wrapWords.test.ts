import { expect, it } from 'vitest';
import { wrapWords } from './wrapWords.ts';

const letters = (text: string): number => text.length;

it('breaks lines between words, and a word only where it is wider than a line', () => {
  expect(wrapWords('PSNR-Y 28.43 dB · SSIM-Y 0.9012', 16, letters)).toEqual(['PSNR-Y 28.43 dB', '· SSIM-Y 0.9012']);
  expect(wrapWords('short', 16, letters)).toEqual(['short']);
  expect(wrapWords('by a-word-that-is_too-long b', 8, letters)).toEqual([
    'by a-',
    'word-',
    'that-is_',
    'too-long',
    'b',
  ]);
  expect(wrapWords('net_abcdefghij b', 6, letters)).toEqual(['net_ab', 'cdefgh', 'ij b']);
  expect(wrapWords('', 5, letters)).toEqual([]);
});
