import { describe, expect, it } from 'vitest';
import { randomFromSeed, randomFromState } from './random.ts';

const take = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);

describe('random numbers', () => {
  it('repeat with the seed and differ without it', () => {
    const [a, b, c] = [randomFromSeed(1), randomFromSeed(1), randomFromSeed(2)];
    const first = take(20, () => a.uniform());
    expect(take(20, () => b.uniform())).toEqual(first);
    expect(take(20, () => c.uniform())).not.toEqual(first);
  });

  it('split into streams that do not depend on what was drawn before', () => {
    const [a, b] = [randomFromSeed(9), randomFromSeed(9)];
    b.uniform();
    expect(a.split('rain').uniform()).toBe(b.split('rain').uniform());
    expect(a.split('rain').uniform()).not.toBe(a.split('crops').uniform());
    expect(a.split(12).uniform()).not.toBe(a.split(21).uniform());
  });

  it('go on from a stored state', () => {
    const a = randomFromSeed(5);
    take(7, () => a.normal());
    const state = a.state();
    const next = take(5, () => a.normal());
    const b = randomFromState(state);
    expect(take(5, () => b.normal())).toEqual(next);
  });

  it('are uniform and normal in their moments', () => {
    const random = randomFromSeed(11);
    const uniform = take(20000, () => random.uniform());
    const mean = uniform.reduce((a, b) => a + b) / uniform.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    const normal = take(20000, () => random.normal());
    expect(Math.abs(normal.reduce((a, b) => a + b) / normal.length)).toBeLessThan(0.03);
    expect(normal.reduce((a, b) => a + b * b, 0) / normal.length).toBeCloseTo(1, 1);
    const tally = new Array<number>(6).fill(0);
    for (let i = 0; i < 6000; i++) tally[random.below(6)]!++;
    for (const count of tally) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
