import { describe, expect, it } from 'vitest';
import { protectionOf, scaleProtection } from './protection.ts';
import type { Stroke } from './protection.ts';

const rect = { left: 0, top: 0, width: 60, height: 40 };
const line: Stroke = { erases: false, radius: 10, points: [10, 20, 50, 20] };
const at = (mask: Uint8Array, x: number, y: number): number => mask[y * rect.width + x]!;

describe('protectionOf', () => {
  it('protects the middle of a stroke whole, fades to its edge, and leaves the rest alone', () => {
    const mask = protectionOf([line], rect)!;
    expect([at(mask, 30, 20), at(mask, 30, 15), at(mask, 10, 20)]).toEqual([255, 255, 255]);
    const across = Array.from({ length: 20 }, (_, y) => at(mask, 30, y));
    expect(across.slice(0, 10), 'ten pixels and more away').toEqual(Array(10).fill(0));
    expect(across.slice(10)).toEqual(across.slice(10).toSorted((a, b) => a - b));
    expect(across.filter((value) => value > 0 && value < 255).length, 'a soft edge').toBeGreaterThanOrEqual(3);
    expect(at(mask, 58, 20), 'its end is round').toBeGreaterThan(at(mask, 58, 26));
  });

  it('is the same whether a photo is looked at whole or in parts', () => {
    const strokes = [
      line,
      { erases: true, radius: 6, points: [30, 20] },
      { erases: false, radius: 4, points: [28, 22, 33, 5] },
    ];
    const whole = protectionOf(strokes, rect)!;
    for (const part of [
      { left: 7, top: 3, width: 30, height: 20 },
      { left: 37, top: 11, width: 23, height: 29 },
    ]) {
      const mask = protectionOf(strokes, part)!;
      for (let y = 0; y < part.height; y++)
        expect([...mask.subarray(y * part.width, (y + 1) * part.width)]).toEqual(
          Array.from({ length: part.width }, (_, x) => at(whole, part.left + x, part.top + y)),
        );
    }
  });

  it('takes protection away again where it is erased, and keeps it elsewhere', () => {
    const mask = protectionOf([line, { erases: true, radius: 8, points: [20, 20] }], rect)!;
    expect([at(mask, 20, 20), at(mask, 40, 20)]).toEqual([0, 255]);
    const again = protectionOf([line, { erases: true, radius: 8, points: [20, 20] }, line], rect)!;
    expect(at(again, 20, 20)).toBe(255);
  });

  it('makes no mask where nothing is protected', () => {
    expect(protectionOf([], rect)).toBeNull();
    expect(protectionOf([{ ...line, erases: true }], rect)).toBeNull();
    expect(protectionOf([line], { left: 200, top: 0, width: 10, height: 10 })).toBeNull();
  });

  it('takes one point for a dot, and does not mind what lies outside', () => {
    const mask = protectionOf([{ erases: false, radius: 5, points: [-2, 20] }], rect)!;
    expect(at(mask, 0, 20)).toBe(255);
    expect(at(mask, 4, 20)).toBe(0);
  });
});

it('fits the photo at another size', () => {
  const half = protectionOf(scaleProtection([line], 0.5), { left: 0, top: 0, width: 30, height: 20 })!;
  const whole = protectionOf([line], rect)!;
  for (const [x, y] of [
    [15, 10],
    [15, 2],
    [28, 10],
  ] as const)
    expect(Math.abs(half[y * 30 + x]! - at(whole, 2 * x, 2 * y))).toBeLessThan(64);
});
