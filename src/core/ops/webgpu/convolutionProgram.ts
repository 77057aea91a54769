import type { Shader } from './shader.ts';
import type { Binding } from './wgsl.ts';
import { bindings, each, entryPoint, loader, quadsOf, storer, threadIndex } from './wgsl.ts';

/**
 * What one convolution shader does:  out = act(x ∗ w [+ b] [+ skip]),  3×3, same size.
 *
 * `rotated`: w is [3,3,cout,cin] and is used rotated by 180° with its channel axes swapped, as an input gradient needs.
 * `masked`: x counts only where a second tensor of its shape is > 0.
 */
export interface ConvolutionSpec {
  readonly cin: number;
  readonly cout: number;
  readonly rotated: boolean;
  readonly masked: boolean;
  readonly bias: boolean;
  readonly skip: boolean;
  readonly relu: boolean;
}

/** What a thread keeps in registers: `pixels` in a row × 4·`quads` channels. */
export interface ConvolutionBlock {
  readonly pixels: number;
  readonly quads: number;
}

export const CONVOLUTION_THREADS = 64;

/** Threads for `rows` image rows (n·h) of w columns. */
export function convolutionThreads(cout: number, block: ConvolutionBlock, rows: number, w: number): number {
  return rows * Math.ceil(w / block.pixels) * Math.ceil(quadsOf(cout) / block.quads);
}

/** The bindings that a spec asks for, in order, with the length of their rows. */
export function convolutionInputs(spec: ConvolutionSpec): Binding[] {
  const { cin, cout, rotated, masked, bias, skip } = spec;
  const inputs: Binding[] = [['x', cin], rotated ? ['weight', cin, 9 * cout] : ['weight', cout, 9 * cin]];
  if (masked) inputs.push(['mask', cin]);
  if (bias) inputs.push(['bias', cout, 1]);
  if (skip) inputs.push(['skip', cout]);
  return inputs;
}

export function convolutionKey({ cin, cout, rotated, masked, bias, skip, relu }: ConvolutionSpec): string {
  const flags = Object.entries({ rotated, masked, bias, skip, relu }).filter(([, on]) => on);
  return `convolution ${cin}>${cout} ${flags.map(([name]) => name).join('+')}`;
}

/**
 * The shader that needs no workgroup memory, for images w wide. Constants: first row, last row (exclusive), h, w. Where
 * whole blocks fill the width, only the two pixels beside a block can lie outside, and the others are read unasked: on a
 * software adapter that is worth half the speed again. What lies outside is read and then dropped, since a
 * branch costs more; `&&` is one too.
 */
export function directConvolution(spec: ConvolutionSpec, block: ConvolutionBlock, w: number): Shader {
  const { cin, cout, masked, bias, skip, relu } = spec;
  const { pixels, quads } = block;
  const whole = w % pixels === 0;
  const groups = Math.ceil(quadsOf(cout) / quads);
  const inputs = convolutionInputs(spec);
  const read = (i: number): string => {
    const value = `load_x(start + ${i - 1}, c)`;
    return masked ? `select(vec4<f32>(), ${value}, load_mask(start + ${i - 1}, c) > vec4<f32>())` : value;
  };
  const pixelAt = (i: number): string =>
    whole && i > 0 && i <= pixels
      ? `      let x${i} = ${read(i)};`
      : `      let x${i} = select(vec4<f32>(), ${read(i)}, (column + ${i - 1} >= 0) & (column + ${i - 1} < w));`;
  const inside = (i: number, q: number): string => {
    const bounds = [
      whole ? '' : `(column + ${i} < w)`,
      quadsOf(cout) % quads === 0 ? '' : `(quad + ${q} < ${quadsOf(cout)})`,
    ].filter(Boolean);
    return bounds.length ? `if (${bounds.join(' & ')})` : '';
  };
  const wgsl = (): string => `
${bindings(inputs, [['out', cout]], 'begin: i32, end: i32, h: i32, w: i32')}
${inputs.map(([name, channels]) => loader(name, channels)).join('\n')}
${storer('out', cout)}
${entryPoint(CONVOLUTION_THREADS)} {
  let w = p.w;
  let blocks = (w + ${pixels - 1}) / ${pixels};
  let thread = ${threadIndex(CONVOLUTION_THREADS)};
  let quad = thread % ${groups} * ${quads};
  let place = thread / ${groups};
  let column = place % blocks * ${pixels};
  let row = place / blocks + p.begin;
  if (row >= p.end) { return; }
  let y = row % p.h;
${each(pixels, (i) => each(quads, (q) => `  var s${i}_${q} = ${bias ? `load_bias(0, quad + ${q})` : 'vec4<f32>()'};`))}
  for (var ky = max(0, 1 - y); ky < min(3, p.h + 1 - y); ky++) {
    let start = (row + ky - 1) * w + column;
    for (var c = 0; c < ${quadsOf(cin)}; c++) {
${each(pixels + 2, pixelAt)}
${each(3, (kx) =>
  each(
    quads,
    (q) => `      {
${each(4, (j) => `        let w${j} = ${weightAt(spec, kx, q, j)};`)}
${each(pixels, (i) => `        s${i}_${q} = ${product(spec, `x${i + kx}`, `s${i}_${q}`)};`)}
      }`,
  ),
)}
    }
  }
${each(pixels, (i) =>
  each(
    quads,
    (q) => `  ${inside(i, q)} {
    let at = row * w + column + ${i};
    let value = s${i}_${q}${skip ? ` + load_skip(at, quad + ${q})` : ''};
    store_out(at, quad + ${q}, ${relu ? 'max(value, vec4<f32>())' : 'value'});
  }`,
  ),
)}
}`;
  return { key: `${convolutionKey(spec)} direct ${pixels}x${quads}${whole ? ' whole' : ''}`, wgsl };
}

/** The weights that go with the j-th channel of an input quad or, rotated, of an output quad. */
function weightAt({ cin, cout, rotated }: ConvolutionSpec, kx: number, q: number, j: number): string {
  return rotated
    ? `load_weight(((2 - ky) * 3 + ${2 - kx}) * ${cout} + min((quad + ${q}) * 4 + ${j}, ${cout - 1}), c)`
    : `load_weight((ky * 3 + ${kx}) * ${cin} + min(c * 4 + ${j}, ${cin - 1}), quad + ${q})`;
}

/** `sum` with four channels in, x, times four weights w0…w3 of four added: four channels out. */
function product({ cin, rotated }: ConvolutionSpec, x: string, sum: string): string {
  if (rotated) return `${sum} + vec4<f32>(dot(${x}, w0), dot(${x}, w1), dot(${x}, w2), dot(${x}, w3))`;
  return [0, 1, 2, 3].filter((j) => cin > j).reduce((before, j) => `fma(vec4<f32>(${x}[${j}]), w${j}, ${before})`, sum);
}
