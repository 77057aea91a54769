import { describe, expect, it, vi } from 'vitest';
import { drawTestImage } from './testImage.ts';
import { createLpips } from './lpips.ts';
import type { LpipsArray } from './lpips.ts';

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

/** `weight` of reference.py. */
function weight(shape: readonly number[], salt: number, scale: number): LpipsArray {
  const count = shape.reduce((product, side) => product * side, 1);
  return {
    shape,
    data: Float32Array.from({ length: count }, (_, i) => (((i * 7919 + salt * 104729) % 2003) / 1001 - 1) * scale),
  };
}

function addConv(
  into: Map<string, LpipsArray>,
  name: string,
  salt: number,
  inputs: number,
  outputs: number,
  side: number,
): void {
  into.set(`${name}.weight`, weight([outputs, inputs, side, side], salt, Math.sqrt(6 / (inputs * side * side))));
  into.set(`${name}.bias`, weight([outputs], salt + 1000, 0.1));
}

function addLins(into: Map<string, LpipsArray>, channels: readonly number[]): void {
  channels.forEach((count, k) => {
    const { shape, data } = weight([1, count, 1, 1], 500 + k, 1);
    into.set(`lin${k}.model.1.weight`, { shape, data: data.map(Math.abs) });
  });
}

function alexWeights(prefix: string): Map<string, LpipsArray> {
  const weights = new Map<string, LpipsArray>();
  for (const [n, inputs, outputs, side] of [
    [0, 3, 64, 11],
    [3, 64, 192, 5],
    [6, 192, 384, 3],
    [8, 384, 256, 3],
    [10, 256, 256, 3],
  ] as const) {
    addConv(weights, `${prefix}${n}`, n, inputs, outputs, side);
  }
  addLins(weights, [64, 192, 384, 256, 256]);
  return weights;
}

function squeezeWeights(): Map<string, LpipsArray> {
  const weights = new Map<string, LpipsArray>();
  addConv(weights, 'features.0', 0, 3, 64, 3);
  const fires = [
    [3, 64, 16, 64],
    [4, 128, 16, 64],
    [6, 128, 32, 128],
    [7, 256, 32, 128],
    [9, 256, 48, 192],
    [10, 384, 48, 192],
    [11, 384, 64, 256],
    [12, 512, 64, 256],
  ] as const;
  for (const [n, inputs, squeeze, expand] of fires) {
    addConv(weights, `features.${n}.squeeze`, n, inputs, squeeze, 1);
    addConv(weights, `features.${n}.expand1x1`, n + 100, squeeze, expand, 1);
    addConv(weights, `features.${n}.expand3x3`, n + 200, squeeze, expand, 3);
  }
  addLins(weights, [64, 128, 256, 384, 384, 512, 512]);
  return weights;
}
