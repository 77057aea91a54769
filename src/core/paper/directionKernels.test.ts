import { describe, expect, it } from 'vitest';
import { directionCount, directionKernel, imageGradients, kernelPair } from './directionKernels.ts';

const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);
const all = Array.from({ length: directionCount }, (_, i) => i);

describe.each([5, 7] as const)('direction kernels of %i × %i', (size) => {
  it('sum to zero and have equal energy; their magnitudes sum to two at 0° and 90°', () => {
    const energy = sum(directionKernel(0, size).map((value) => value * value));
    for (const index of all) {
      const kernel = directionKernel(index, size);
      expect(kernel).toHaveLength(size * size);
      expect(sum(kernel)).toBeCloseTo(0, 6);
      expect(sum(kernel.map((value) => value * value))).toBeCloseTo(energy, 6);
    }
    for (const index of [0, 9]) expect(sum(directionKernel(index, size).map(Math.abs))).toBeCloseTo(2, 6);
  });

  it('are steered from two: k_θ = cos θ · k_0 + sin θ · k_90', () => {
    const [right, up] = [directionKernel(0, size), directionKernel(9, size)];
    for (const index of all) {
      const theta = (index * Math.PI) / 18;
      directionKernel(index, size).forEach((value, i) =>
        expect(value).toBeCloseTo(Math.cos(theta) * right[i]! + Math.sin(theta) * up[i]!, 6),
      );
    }
  });

  it('change sign when rotated by 180°', () => {
    for (const index of all) {
      const opposite = directionKernel(index + directionCount, size);
      directionKernel(index, size).forEach((value, i) => expect(opposite[i]).toBeCloseTo(-value, 6));
    }
  });

  it('point right at 0° and up the screen at 90°', () => {
    const at = (kernel: Float32Array, u: number, v: number): number =>
      kernel[(v + (size - 1) / 2) * size + u + (size - 1) / 2]!;
    const right = directionKernel(0, size);
    expect(at(right, 1, 0)).toBeGreaterThan(0);
    expect(at(right, -1, 0)).toBe(-at(right, 1, 0));
    expect(at(right, 0, 1)).toBeCloseTo(0, 12);
    const up = directionKernel(9, size);
    expect(at(up, 0, -1)).toBeGreaterThan(0);
    expect(at(up, 1, 0)).toBeCloseTo(0, 6);
  });

  it('pair each direction with the one across it', () => {
    for (const index of all) {
      expect(kernelPair(index, size).perpendicular).toEqual(directionKernel(index + 9, size));
    }
  });
});

it('has a hand-worked value: k_0 of size 5 is u · exp(−(u² + v²) / 3.125), scaled', () => {
  // Σ|k| before scaling: 2 Σ_u Σ_v u·g(u)·g(v) for u = 1, 2 and v = −2…2, with g(t) = exp(−t² / 3.125).
  const g = (t: number): number => Math.exp((-t * t) / 3.125);
  const columns = g(0) + 2 * g(1) + 2 * g(2);
  const total = 2 * (1 * g(1) + 2 * g(2)) * columns;
  const kernel = directionKernel(0, 5);
  expect(kernel[2 * 5 + 3]).toBeCloseTo((2 * g(1)) / total, 6);
  expect(kernel[0 * 5 + 4]).toBeCloseTo((2 * 2 * g(2) * g(2)) / total, 6);
});

it('uses the two image gradients of size 3 whatever the direction', () => {
  for (const index of all) expect(kernelPair(index, 3)).toBe(imageGradients);
  for (const kernel of [imageGradients.parallel, imageGradients.perpendicular]) {
    expect(sum(kernel)).toBe(0);
    expect(sum(kernel.map(Math.abs))).toBe(2);
  }
});
