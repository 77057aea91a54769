import { describe, expect, it } from 'vitest';
import { evenBorder } from './graph.ts';
import { architectureNamed, parameterCount } from './registry.ts';
import { traceGraph } from './tracedGraph.ts';

describe('what a graph says of itself', () => {
  it('counts weights, multiply-adds and radius, also of smaller images and of weights used twice', () => {
    const trace = traceGraph((g, x) => {
      const half = g.halve(g.convolution('in', x, 4));
      const inner = g.convolution('twice', g.convolution('twice', half, 4), 4);
      return g.convolution('out', g.concat(g.double(inner), x), 3, { size: 5, bias: false });
    });
    expect(trace.weights.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['in.weight', 3, 3, 3, 4],
      ['in.bias', 4],
      ['twice.weight', 3, 3, 4, 4],
      ['twice.bias', 4],
      ['out.weight', 5, 5, 7, 3],
    ]);
    expect(trace.multiplyAdds).toBe(9 * 12 + (2 * 9 * 16) / 4 + 25 * 21);
    expect(trace.radius).toBe(1 + 1 + 2 * 2 + 1 + 2); // in, halve, twice on half the size, double, out
  });

  it('sees the whole image where its statistics take part', () => {
    const radius = (statistics: 'image' | 'stored'): number =>
      traceGraph((g, x) => g.normalization('bn', x, { statistics, epsilon: 1e-5 })).radius;
    expect([radius('image'), radius('stored')]).toEqual([Infinity, 0]);
  });

  it('frees inside a scope what the scope does not return', () => {
    const alive = (scoped: boolean): number =>
      traceGraph((g, x) => {
        const step = (): typeof x => g.channels(g.convolution('a', g.convolution('b', x, 10), 10), 0, 1);
        const first = scoped ? g.scope(step) : step();
        return g.convolution('c', g.crop(first, evenBorder(0)), 3);
      }).footprint.alive;
    expect(alive(false)).toBe(3 + 10 + 10 + 1 + 1 + 3);
    expect(alive(true)).toBe(3 + 10 + 10 + 1);
  });

  it('refuses one name for two shapes', () => {
    expect(() => traceGraph((g, x) => g.convolution('a', g.convolution('a', x, 4), 3))).toThrow('a.weight');
  });
});

describe('the size of published networks', () => {
  it.each([
    ['edsr', 1_222_147, 1_219_968, 35],
    ['prenet', 168_963, 1_010_880, 78],
    ['prenet-r', 94_979, 1_010_880, 78],
    ['prn', 95_107, 568_512, 72],
    ['prn-r', 21_123, 568_512, 72],
    ['prenet-real', 168_963, 673_920, 52],
    ['brn', 375_526, 2_997_504, 113],
    ['ddn', 57_369, 56_160, Infinity],
    ['ddn-tf', 57_369, 56_160, 56],
    ['ddn-image', 57_369, 56_160, Infinity],
    ['sirr', 57_369, 56_160, Infinity],
    ['clear', 754_691, 753_664, 42],
    ['jorder', 370_497, 369_792, 12],
    ['jorder-e', 406_784, 405_072, 50],
    ['rain-over-me', 51_843, 51_552, 31],
    ['umrl', 981_994, 221_415, Infinity],
    ['rcdnet', 2_975_186, 3_194_424, 425],
    ['rcdnet-reduced', 125_256, 146_376, 73],
    ['did-mdn', 365_236, 110_191, Infinity],
    ['syn2real', 2_605_710, 313_866, 219],
    ['syn2real-reduced', 241_454, 26_977, 143],
  ])('%s: %i parameters, %i multiply-adds per pixel, radius %d', (id, parameters, multiplyAdds, radius) => {
    const architecture = architectureNamed(id);
    const shape = architecture.ofSize({ ...architecture.usual, imageSkip: true });
    expect(parameterCount(shape)).toBe(parameters);
    expect(Math.round(architecture.multiplyAdds(shape))).toBe(multiplyAdds);
    expect(architecture.radius(shape)).toBe(radius);
  });
});
