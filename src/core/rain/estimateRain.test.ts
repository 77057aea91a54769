import { describe, expect, it } from 'vitest';
import { directionIndex } from './direction.ts';
import { estimateRain } from './estimateRain.ts';
import type { RainEstimate } from './estimateRain.ts';
import { drawRain } from './streaks.ts';

function drawn(layer: {
  angle: number;
  length: number;
  width: number;
  density: number;
  strength: number;
}): RainEstimate {
  const recipe = {
    layers: [{ ...layer, spread: 0.5 }],
    veil: { amount: 0, grey: 0.7 },
    seed: 5,
    direction: directionIndex(layer.angle),
  };
  return estimateRain(drawRain(recipe, 480, 360), 480, 360);
}

describe('what kind of rain a map shows', () => {
  it.each([
    { angle: 80, length: 26, width: 3, density: 3, strength: 0.12 },
    { angle: 110, length: 40, width: 2.5, density: 6, strength: 0.2 },
    { angle: 60, length: 60, width: 5, density: 1.2, strength: 0.25 },
    { angle: 95, length: 100, width: 8, density: 0.5, strength: 0.15 },
  ])('is read from drawn rain: $angle°, $length × $width pixels, $density in a thousand, $strength', (layer) => {
    const estimate = drawn(layer);
    expect(Math.abs(estimate.angle - layer.angle)).toBeLessThan(4);
    expect(estimate.direction).toBe(directionIndex(estimate.angle));
    expect(estimate.confidence).toBeGreaterThan(0.5);
    expect(estimate.width / layer.width).toBeGreaterThan(0.8);
    expect(estimate.width / layer.width).toBeLessThan(1.25);
    expect(estimate.length / layer.length).toBeGreaterThan(0.75);
    expect(estimate.length / layer.length).toBeLessThan(1.35);
    expect(estimate.strength / layer.strength).toBeGreaterThan(0.7);
    expect(estimate.strength / layer.strength).toBeLessThan(1.4);
    const light = ({ density, length, width, strength }: typeof layer): number => density * length * width * strength;
    expect(light(estimate) / light(layer)).toBeGreaterThan(0.8);
    expect(light(estimate) / light(layer)).toBeLessThan(1.25);
  });

  it('grows with the rain: twice as large, a quarter as dense, as strong', () => {
    const small = drawn({ angle: 85, length: 30, width: 3, density: 4, strength: 0.15 });
    const large = drawn({ angle: 85, length: 60, width: 6, density: 1, strength: 0.15 });
    expect(large.width / small.width).toBeGreaterThan(1.7);
    expect(large.length / small.length).toBeGreaterThan(1.6);
    expect(large.density / small.density).toBeLessThan(0.4);
    expect(large.mean / small.mean).toBeGreaterThan(0.8);
  });

  it('is nothing where there is none', () => {
    const estimate = estimateRain(new Float32Array(120), 12, 10);
    expect(estimate).toEqual({
      angle: 90,
      direction: 9,
      confidence: 0,
      mean: 0,
      length: 0,
      width: 0,
      density: 0,
      strength: 0,
    });
  });
});
