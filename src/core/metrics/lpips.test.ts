import { describe, expect, it, vi } from 'vitest';
import { drawTestImage } from './testImage.ts';
import { createLpips } from './lpips.ts';
import { alexWeights, squeezeWeights } from './sampleLpips.ts';

vi.setConfig({ testTimeout: 30_000 });

describe('lpips', () => {
  const a = drawTestImage(65, 70, 1);
  const b = drawTestImage(65, 70, 2.5);

  it('gives the distance that numpy gives for the same made-up weights in AlexNet’s layout', () => {
    const lpips = createLpips(alexWeights('features.'));
    expect(lpips.network).toBe('alex');
    expect(lpips.distance(a, b)).toBeCloseTo(0.1348754, 4);
    expect(lpips.distance(a, a)).toBe(0);
  });

  it('does so in SqueezeNet’s layout', () => {
    const lpips = createLpips(squeezeWeights());
    expect(lpips.network).toBe('squeeze');
    expect(lpips.distance(a, b)).toBeCloseTo(0.0519083, 4);
  });

  it('reads the names that the lpips package saves', () => {
    expect(createLpips(alexWeights('net.slice2.')).distance(a, b)).toBeCloseTo(0.1348754, 4);
  });

  it('names what is missing or misshapen, and says where weights come from', () => {
    expect(() => createLpips(new Map())).toThrow(/lack features\.0\.weight\. .*torchvision/);
    const weights = alexWeights('features.');
    weights.set('lin2.model.1.weight', { shape: [1, 3, 1, 1], data: new Float32Array(3) });
    expect(() => createLpips(weights)).toThrow('lin2.model.1.weight as [1,3,1,1]; it must be [1,384,1,1]');
  });

  it('refuses images of different sizes and too small ones', () => {
    const lpips = createLpips(alexWeights('features.'));
    expect(() => lpips.distance(a, drawTestImage(64, 70, 1))).toThrow('65 × 70 and 64 × 70');
    expect(() => lpips.distance(drawTestImage(5, 5, 1), drawTestImage(5, 5, 1))).toThrow('too small');
  });
});
