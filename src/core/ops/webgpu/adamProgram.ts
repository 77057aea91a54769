import type { Shader } from './shader.ts';
import { bindings, entryPoint, threadIndex } from './wgsl.ts';

export const ADAM_THREADS = 64;

/** The whole update binds nine buffers; devices that take eight do the moments first and the weights after. */
export type AdamPart = 'whole' | 'moments' | 'weights';

/** Storage buffers that one run of a part binds. */
export const ADAM_BUFFERS: Readonly<Record<AdamPart, number>> = { whole: 9, moments: 5, weights: 6 };

const inputs: Readonly<Record<AdamPart, readonly string[]>> = {
  whole: ['w', 'gradient', 'm', 'v', 'average'],
  moments: ['gradient', 'm', 'v'],
  weights: ['w', 'm', 'v', 'average'],
};
const outputs: Readonly<Record<AdamPart, readonly string[]>> = {
  whole: ['newW', 'newM', 'newV', 'newAverage'],
  moments: ['newM', 'newV'],
  weights: ['newW', 'newAverage'],
};

const moments = `
  let g = gradient[i];
  let m1 = p.beta1 * m[i] + p.gain1 * g;
  let v1 = p.beta2 * v[i] + p.gain2 * g * g;
  newM[i] = m1;
  newV[i] = v1;`;
const weights = `
  let w1 = w[i] - p.rate * m1 / (sqrt(v1) * p.stretch + p.epsilon);
  newW[i] = w1;
  newAverage[i] = p.decay * average[i] + p.follow * w1;`;
const bodies: Readonly<Record<AdamPart, string>> = {
  whole: moments + weights,
  moments,
  weights: `\n  let m1 = m[i];\n  let v1 = v[i];${weights}`,
};

/**
 * Adam on one element per thread. Constants: rate/(1−β₁ᵗ), 1/√(1−β₂ᵗ), β₁, 1−β₁, β₂, 1−β₂, ε, d, 1−d.
 * Inputs and outputs, all of one shape, are those of `AdamUpdate` in its order, or the part's share of them.
 */
export function adamProgram(part: AdamPart): Shader {
  const named = (names: readonly string[]): (readonly [string, number])[] => names.map((name) => [name, 1]);
  const constants = 'rate stretch beta1 gain1 beta2 gain2 epsilon decay follow'.replaceAll(/\w+/g, '$&: f32,');
  const wgsl = (): string => `
${bindings(named(inputs[part]), named(outputs[part]), constants)}
${entryPoint(ADAM_THREADS)} {
  let i = ${threadIndex(ADAM_THREADS)};
  if (i >= i32(arrayLength(&m))) { return; }${bodies[part]}
}`;
  return { key: `adam ${part}`, wgsl };
}
