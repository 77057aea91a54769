import type { FilterGradSpec } from './filterGradProgram.ts';
import { filterGradInputs, filterGradKey, partialRows } from './filterGradProgram.ts';
import type { Shader } from './shader.ts';
import type { TilePrecision } from './wgsl.ts';
import { bindings, each, enableTiles, entryPoint, GRADIENT_SCALE, loader, quadsOf, tile } from './wgsl.ts';

/** Threads of a workgroup, 8 × 8: each keeps 4 × 4 channels for the three taps of one filter row. */
const SIDE = 8;
const THREADS = SIDE * SIDE;
/** Pixels of a row fetched into workgroup memory at a time. */
const PIXELS = 16;

/** Workgroups of the first pass. */
export function tiledFilterGradWorkgroups({ cin, cout }: FilterGradSpec, slabs: number): number {
  return slabs * 3 * Math.ceil(quadsOf(cin) / SIDE) * Math.ceil(quadsOf(cout) / SIDE);
}

/**
 * First pass as a matrix product in workgroup memory, 32 × 32 channels a workgroup; pixels are added up in order.
 * Output and constants as for `directFilterGrad`. With 'f16' the tiles have half precision; sums stay f32.
 */
export function tiledFilterGrad(spec: FilterGradSpec, precision: TilePrecision): Shader {
  const { cin, cout, masked } = spec;
  const [ins, outs] = [quadsOf(cin), quadsOf(cout)];
  const [inTiles, outTiles] = [Math.ceil(ins / SIDE), Math.ceil(outs / SIDE)];
  const inputs = filterGradInputs(spec);
  const taps = (line: (kx: number, j: number) => string): string => each(3, (kx) => each(4, (j) => line(kx, j)));
  const wgsl = (): string => `${enableTiles(precision)}
${bindings(inputs, [['partial', 4]], 'rows: i32, h: i32, w: i32, slab: i32, begin: i32')}
${inputs.map(([name, channels]) => loader(name, channels)).join('\n')}
${tile('xs', (PIXELS + 2) * SIDE, precision)}
${tile('ds', PIXELS * SIDE, precision, GRADIENT_SCALE)}
${entryPoint(THREADS)} {
  let workgroup = i32(group.y * groups.x + group.x);
  let lane = i32(local);
  let firstOut = workgroup % ${outTiles} * ${SIDE};
  let firstIn = workgroup / ${outTiles} % ${inTiles} * ${SIDE};
  let ky = workgroup / ${outTiles * inTiles} % 3;
  let slab = p.begin + workgroup / ${3 * outTiles * inTiles};
  let o = lane % ${SIDE};
  let i = lane / ${SIDE};
${taps((kx, j) => `  var s${kx}_${j} = vec4<f32>();`)}
  var bias = vec4<f32>();
  for (var row = slab * p.slab; row < min(p.rows, (slab + 1) * p.slab); row++) {
    let y = row % p.h + ky - 1;
    let inside = y >= 0 && y < p.h;
    for (var column = 0; column < p.w; column += ${PIXELS}) {
      workgroupBarrier();
      for (var k = lane; k < ${(PIXELS + 2) * SIDE}; k += ${THREADS}) {
        let x = column + k / ${SIDE} - 1;
        var value = vec4<f32>();
        if (inside && x >= 0 && x < p.w && firstIn + k % ${SIDE} < ${ins}) {
          value = load_x((row + ky - 1) * p.w + x, firstIn + k % ${SIDE});
        }
        put_xs(k, value);
      }
      for (var k = lane; k < ${PIXELS * SIDE}; k += ${THREADS}) {
        let x = column + k / ${SIDE};
        var value = vec4<f32>();
        if (x < p.w && firstOut + k % ${SIDE} < ${outs}) {
          value = load_dy(row * p.w + x, firstOut + k % ${SIDE});
          ${masked ? `value = select(vec4<f32>(), value, load_mask(row * p.w + x, firstOut + k % ${SIDE}) > vec4<f32>());` : ''}
        }
        put_ds(k, value);
      }
      workgroupBarrier();
      var before = get_xs(i);
      var here = get_xs(${SIDE} + i);
      for (var k = 0; k < ${PIXELS}; k++) {
        let after = get_xs((k + 2) * ${SIDE} + i);
        let d = get_ds(k * ${SIDE} + o);
        bias += d;
${each(4, (j) => `        s0_${j} += before[${j}] * d; s1_${j} += here[${j}] * d; s2_${j} += after[${j}] * d;`)}
        before = here;
        here = after;
      }
    }
  }
  if (firstIn + i >= ${ins} || firstOut + o >= ${outs}) { return; }
  let first = slab * ${partialRows(cin)};
${taps(
  (kx, j) => `  if ((firstIn + i) * 4 + ${j} < ${cin}) {
    partial[(first + (ky * 3 + ${kx}) * ${cin} + (firstIn + i) * 4 + ${j}) * ${outs} + firstOut + o] = s${kx}_${j};
  }`,
)}
  if (firstIn + i == 0 && ky == 0) { partial[(first + ${9 * cin}) * ${outs} + firstOut + o] = bias; }
}`;
  return { key: `${filterGradKey(spec)} tiled ${precision}`, wgsl };
}
