import { describe, expect, it } from 'vitest';
import { directionKernel } from '../paper/directionKernels.ts';
import { directionIndex } from './direction.ts';
import { drawRain } from './streaks.ts';

const labels = Array.from({ length: 18 }, (_, i) => i);
const side = 96;

/** Mean |k ⊗ z| over the valid region. */
function response(map: Float32Array, kernel: Float32Array, size: number): number {
  let sum = 0;
  for (let y = 0; y + size <= side; y++) {
    for (let x = 0; x + size <= side; x++) {
      let value = 0;
      for (let v = 0; v < size; v++)
        for (let u = 0; u < size; u++) value += kernel[v * size + u]! * map[(y + v) * side + x + u]!;
      sum += Math.abs(value);
    }
  }
  return sum;
}

/** The generator's angles and the regularizer's kernels mean the same direction: a sign error in either fails this. */
describe.each([5, 7] as const)('kernels of size %i and drawn rain', (size) => {
  it.each(labels)('agree on label %i: k∥ responds weakest of all 18, k⊥ strongest', (index) => {
    const layer = { angle: 10 * index, spread: 0, length: 34, width: 3, density: 1, strength: 0.2 };
    const map = drawRain(
      { layers: [layer], veil: { amount: 0, grey: 0 }, seed: 3, direction: directionIndex(10 * index) },
      side,
      side,
    );
    const responses = labels.map((k) => response(map, directionKernel(k, size), size));
    expect(responses.indexOf(Math.min(...responses))).toBe(index);
    expect(responses.indexOf(Math.max(...responses))).toBe((index + 9) % 18);
  });
});
