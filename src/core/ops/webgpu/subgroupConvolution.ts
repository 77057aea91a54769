import type { ConvolutionBlock, ConvolutionSpec } from './convolutionProgram.ts';
import { CONVOLUTION_THREADS, convolutionInputs, convolutionKey } from './convolutionProgram.ts';
import type { Shader } from './shader.ts';
import { bindings, each, loader, quadsOf, storer } from './wgsl.ts';

/** Workgroups: all threads of one belong to one group of output channels. */
export function subgroupConvolutionWorkgroups(
  cout: number,
  { pixels, quads }: ConvolutionBlock,
  rows: number,
  w: number,
): number {
  return Math.ceil((rows * Math.ceil(w / pixels)) / CONVOLUTION_THREADS) * Math.ceil(quadsOf(cout) / quads);
}

/**
 * The convolution where four neighbours of a subgroup share their weights, for images w wide: each loads one of the four
 * rows that a quad of channels needs, and broadcasts hand them round. Needs the feature 'subgroups'; the four must stay
 * together, hence no early return and the same turns of every loop. Constants: first row, last row (exclusive), h, w.
 */
export function subgroupConvolution(spec: ConvolutionSpec, block: ConvolutionBlock, w: number): Shader {
  const { cin, cout, rotated, masked, bias, skip, relu } = spec;
  const { pixels, quads } = block;
  const whole = w % pixels === 0;
  const groups = Math.ceil(quadsOf(cout) / quads);
  const inputs = convolutionInputs(spec);
  const pixelAt = (i: number): string => {
    const inside =
      whole && i > 0 && i <= pixels ? 'inside' : `inside & (column + ${i - 1} >= 0) & (column + ${i - 1} < w)`;
    const counts = masked ? `vec4<bool>(${inside}) & (load_mask(start + ${i - 1}, c) > vec4<f32>())` : inside;
    return `      let x${i} = select(vec4<f32>(), load_x(start + ${i - 1}, c), ${counts});`;
  };
  // A rotated weight has its input channels side by side, where the sums want the output channels so.
  const weight = (j: number): string => (rotated ? `vec4<f32>(w0[${j}], w1[${j}], w2[${j}], w3[${j}])` : `w${j}`);
  const channels = Array.from({ length: Math.min(cin, 4) }, (_, j) => j);
  const product = (x: string, sum: string): string =>
    channels.reduce((before, j) => `fma(vec4<f32>(${x}[${j}]), v${j}, ${before})`, sum);
  const stored = (i: number, q: number): string =>
    [
      'row < p.end',
      whole ? '' : `column + ${i} < w`,
      quadsOf(cout) % quads === 0 ? '' : `quad + ${q} < ${quadsOf(cout)}`,
    ]
      .filter(Boolean)
      .map((test) => `(${test})`)
      .join(' & ');
  const wgsl = (): string => `
enable subgroups;
diagnostic(off, subgroup_uniformity);
${bindings(inputs, [['out', cout]], 'begin: i32, end: i32, h: i32, w: i32')}
${inputs.map(([name, length]) => loader(name, length)).join('\n')}
${storer('out', cout)}
@compute @workgroup_size(${CONVOLUTION_THREADS})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) local: u32, @builtin(subgroup_invocation_id) lane: u32) {
  let w = p.w;
  let workgroup = i32(group.y * groups.x + group.x);
  let quad = workgroup % ${groups} * ${quads};
  let place = workgroup / ${groups} * ${CONVOLUTION_THREADS} + i32(local);
  let mine = i32(lane & 3u);
  let blocks = (w + ${pixels - 1}) / ${pixels};
  let column = place % blocks * ${pixels};
  let row = place / blocks + p.begin;
  let y = row % p.h;
${each(pixels, (i) => each(quads, (q) => `  var s${i}_${q} = ${bias ? `load_bias(0, quad + ${q})` : 'vec4<f32>()'};`))}
  for (var ky = 0; ky < 3; ky++) {
    let inside = y + ky - 1 >= 0 && y + ky - 1 < p.h;
    let start = (row + ky - 1) * w + column;
    for (var c = 0; c < ${quadsOf(cin)}; c++) {
${each(pixels + 2, pixelAt)}
${each(3, (kx) =>
  each(
    quads,
    (q) => `      {
        let loaded = ${weightOf(spec, kx, q)};
${each(4, (j) => `        let w${j} = quadBroadcast(loaded, ${j}u);`)}
${channels.map((j) => `        let v${j} = ${weight(j)};`).join('\n')}
${each(pixels, (i) => `        s${i}_${q} = ${product(`x${i + kx}`, `s${i}_${q}`)};`)}
      }`,
  ),
)}
    }
  }
${each(pixels, (i) =>
  each(
    quads,
    (q) => `  if (${stored(i, q)}) {
    let at = row * w + column + ${i};
    let value = s${i}_${q}${skip ? ` + load_skip(at, quad + ${q})` : ''};
    store_out(at, quad + ${q}, ${relu ? 'max(value, vec4<f32>())' : 'value'});
  }`,
  ),
)}
}`;
  return { key: `${convolutionKey(spec)} subgroups ${pixels}x${quads}${whole ? ' whole' : ''}`, wgsl };
}

/** The weights of this thread's channel among the four of an input quad or, rotated, of an output quad. */
function weightOf({ cin, cout, rotated }: ConvolutionSpec, kx: number, q: number): string {
  return rotated
    ? `load_weight(((2 - ky) * 3 + ${2 - kx}) * ${cout} + min((quad + ${q}) * 4 + mine, ${cout - 1}), c)`
    : `load_weight((ky * 3 + ${kx}) * ${cin} + min(c * 4 + mine, ${cin - 1}), quad + ${q})`;
}
