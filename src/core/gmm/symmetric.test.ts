import { describe, expect, it } from 'vitest';
import { cholesky, inverseFrom, invertLower, principalAxes } from './symmetric.ts';

const matrix = Float64Array.of(4, 2, 2, 2, 5, 3, 2, 3, 6);

describe('a symmetric matrix', () => {
  it('is the square of its lower factor: worked by hand', () => {
    expect([...cholesky(matrix, 3)]).toEqual([2, 0, 0, 1, 2, 0, 1, 1, 2]);
    expect(() => cholesky(Float64Array.of(1, 2, 2, 1), 2)).toThrow(RangeError);
  });

  it('times its inverse is the identity', () => {
    const inverse = inverseFrom(invertLower(cholesky(matrix, 3), 3), 3);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const product = [0, 1, 2].reduce((sum, k) => sum + matrix[i * 3 + k]! * inverse[k * 3 + j]!, 0);
        expect(product).toBeCloseTo(i === j ? 1 : 0, 12);
      }
    }
  });

  it('has its axes in the order of their lengths', () => {
    const [a, b, c] = [Math.SQRT1_2, Math.SQRT1_2, 3];
    const turned = Float64Array.of(0.5 * (5 + 1), 0.5 * (5 - 1), 0, 0.5 * (5 - 1), 0.5 * (5 + 1), 0, 0, 0, c);
    const axes = principalAxes(turned, 3, 2); // 5 along (1, 1, 0), 3 along z, 1 along (1, −1, 0)
    expect(Math.abs(axes[0]! * a + axes[1]! * b)).toBeCloseTo(1, 10);
    expect(Math.abs(axes[5]!)).toBeCloseTo(1, 10);
  });
});
