import type { ConvolutionBlock, ConvolutionSpec } from './convolutionProgram.ts';
import { CONVOLUTION_THREADS, convolutionInputs, convolutionKey } from './convolutionProgram.ts';
import type { Shader } from './shader.ts';
import type { Binding } from './wgsl.ts';
import { bindings, each, loader, quadsOf, storer } from './wgsl.ts';

/** Workgroups: all threads of one belong to one group of output channels. */
export function subgroupConvolutionWorkgroups(cout: number, { pixels, quads }: ConvolutionBlock, rows: number, w: number): number {
  return Math.ceil((rows * Math.ceil(w / pixels)) / CONVOLUTION_THREADS) * Math.ceil(quadsOf(cout) / quads);
}

/**
 * The convolution where threads of a subgroup share their weights: each of four neighbours loads a quarter, and a broadcast
 * hands them round. Needs the feature 'subgroups'; nothing in it may diverge, hence no early return and no `continue`.
 * Constants: first row, last row (exclusive), h, w.
 */
export function subgroupConvolution(spec: ConvolutionSpec, block: ConvolutionBlock): Shader {
  const { cin, cout, masked, bias, skip, relu } = spec;
  const { pixels, quads } = block;
  const groups = Math.ceil(quadsOf(cout) / quads);
  const inputs = convolutionInputs(spec);
  const scalars = inputs.map(([name, channels]): Binding => [name, name === 'bias' || name === 'skip' ? channels : 1]);
  const mask = (i: number): string => (masked ? `x${i} = select(0.0, x${i}, mask[(start + ${i - 1}) * ${cin} + c] > 0.0);` : '');
  const wgsl = `
enable subgroups;
diagnostic(off, subgroup_uniformity);
${bindings(scalars, [['out', cout]], 'begin: i32, end: i32, h: i32, w: i32')}
${scalars.filter(([name]) => name === 'bias' || name === 'skip').map(([name, channels]) => loader(name, channels)).join('\n')}
${storer('out', cout)}
@compute @workgroup_size(${CONVOLUTION_THREADS})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) local: u32, @builtin(subgroup_invocation_id) lane: u32) {
  let workgroup = i32(group.y * groups.x + group.x);
  let quad = workgroup % ${groups} * ${quads};
  let place = workgroup / ${groups} * ${CONVOLUTION_THREADS} + i32(local);
  let quarter = i32(lane & 3u);
  let blocks = (p.w + ${pixels - 1}) / ${pixels};
  let column = place % blocks * ${pixels};
  let row = place / blocks + p.begin;
  let y = row % p.h;
${each(pixels, (i) => each(quads, (q) => `  var s${i}_${q} = ${bias ? `load_bias(0, quad + ${q})` : 'vec4<f32>()'};`))}
  for (var ky = 0; ky < 3; ky++) {
    let inside = row < p.end && y + ky - 1 >= 0 && y + ky - 1 < p.h;
    let start = (row + ky - 1) * p.w + column;
    for (var c = 0; c < ${cin}; c++) {
${each(pixels + 2, (i) => `      var x${i} = 0.0;
      if (inside && column + ${i - 1} >= 0 && column + ${i - 1} < p.w) { x${i} = x[(start + ${i - 1}) * ${cin} + c]; ${mask(i)} }`)}
${each(3, (kx) => each(quads, (q) => `      {
        let mine = ${weightAt(spec, kx, q)};
        let w = vec4<f32>(${[0, 1, 2, 3].map((j) => `subgroupBroadcast(mine, ${j}u)`).join(', ')});
${each(pixels, (i) => `        s${i}_${q} += x${i + kx} * w;`)}
      }`))}
    }
  }
${each(pixels, (i) => each(quads, (q) => `  if (row < p.end && column + ${i} < p.w && quad + ${q} < ${quadsOf(cout)}) {
    let at = row * p.w + column + ${i};
    let value = s${i}_${q}${skip ? ` + load_skip(at, quad + ${q})` : ''};
    store_out(at, quad + ${q}, ${relu ? 'max(value, vec4<f32>())' : 'value'});
  }`))}
}`;
  return { key: `${convolutionKey(spec)} subgroups ${pixels}x${quads}`, wgsl };
}

/** The weight between input channel c and this thread's quarter of an output quad. */
function weightAt({ cin, cout, turned }: ConvolutionSpec, kx: number, q: number): string {
  const channel = `min((quad + ${q}) * 4 + quarter, ${cout - 1})`;
  return turned
    ? `weight[(((2 - ky) * 3 + ${2 - kx}) * ${cout} + ${channel}) * ${cin} + c]`
    : `weight[((ky * 3 + ${kx}) * ${cin} + c) * ${cout} + ${channel}]`;
}
