import type { Shader } from './shader.ts';
import { bindings, each, entryPoint, loader, quadsOf, storer, threadIndex } from './wgsl.ts';

/**
 * What a filter gradient does:  dw[ky,kx,i,o] = Σ x[pixel + (ky,kx) − 1, i] · dy[pixel, o],  db[o] = Σ dy[pixel, o].
 * `masked`: dy counts only where a second tensor of its shape is > 0.
 */
export interface FilterGradSpec {
  readonly cin: number;
  readonly cout: number;
  readonly masked: boolean;
}

/** What a thread keeps in registers: filter rows (1 or 3, of three taps each), for 4 × (4 · quads) channels. */
export interface FilterGradBlock {
  readonly filterRows: 1 | 3;
  /** A divisor of the quads of output channels. */
  readonly quads: number;
}

export const FILTER_GRAD_THREADS = 64;

/** Rows of partial sums in a slab: one for each tap and input channel, and a last one for the bias. */
export const partialRows = (cin: number): number => 9 * cin + 1;

/** The bindings that a spec asks for, in order, with the length of their rows. */
export function filterGradInputs({ cin, cout, masked }: FilterGradSpec): [name: string, channels: number][] {
  return masked
    ? [
        ['x', cin],
        ['dy', cout],
        ['mask', cout],
      ]
    : [
        ['x', cin],
        ['dy', cout],
      ];
}

export function filterGradKey({ cin, cout, masked }: FilterGradSpec): string {
  return `filterGrad ${cin}>${cout}${masked ? ' masked' : ''}`;
}

/** Threads of the first pass. */
export function filterGradThreads(
  { cin, cout }: FilterGradSpec,
  { filterRows, quads }: FilterGradBlock,
  slabs: number,
): number {
  return (slabs * (3 / filterRows) * quadsOf(cin) * quadsOf(cout)) / quads;
}

/** Columns that a thread takes in one turn of its loop: on a software adapter every turn moves all sums, and three neighbours change places without being moved. */
const COLUMNS = 3;

/**
 * First pass, without workgroup memory: each thread sums over the image rows of its slab, in order.
 * Output: partial [slabs, 9·cin + 1, 4·quads(cout)]. Constants: last row (exclusive), h, w, rows per slab, first slab.
 */
export function directFilterGrad(spec: FilterGradSpec, { filterRows, quads }: FilterGradBlock): Shader {
  const { cin, cout, masked } = spec;
  const [ins, outs] = [quadsOf(cin), quadsOf(cout)];
  const groups = outs / quads;
  const inputs = filterGradInputs(spec);
  const lanes = Math.min(cin, 4);
  const taps = (body: (r: number, kx: number, j: number, q: number) => string): string =>
    each(filterRows, (r) => each(3, (kx) => each(lanes, (j) => each(quads, (q) => body(r, kx, j, q)))));
  const dyAt = (u: number, q: number): string => {
    const counts = [
      u > 0 ? `vec4<bool>(column + ${u} < w)` : '',
      masked ? `(load_mask(at + ${u}, o + ${q}) > vec4<f32>())` : '',
    ].filter(Boolean);
    const value = `load_dy(at + ${u}, o + ${q})`;
    return counts.length ? `select(vec4<f32>(), ${value}, ${counts.join(' & ')})` : value;
  };
  const xAt = (r: number, u: number): string =>
    `select(vec4<f32>(), load_x(start${r} + column + ${u}, i), inside${r} & (column + ${u} < w))`;
  const addColumn = (u: number): string => `      {
${each(
  quads,
  (q) => `        let d${q} = ${dyAt(u, q)};
        bias${q} += d${q};`,
)}
${taps((r, kx, j, q) => `        s${r}_${kx}_${j}_${q} = fma(vec4<f32>(x${r}_${u + kx}[${j}]), d${q}, s${r}_${kx}_${j}_${q});`)}
      }`;
  const wgsl = (): string => `
${bindings(inputs, [['partial', 4]], 'rows: i32, h: i32, w: i32, slab: i32, begin: i32')}
${inputs.map(([name, channels]) => loader(name, channels)).join('\n')}
${entryPoint(FILTER_GRAD_THREADS)} {
  let thread = ${threadIndex(FILTER_GRAD_THREADS)};
  let o = thread % ${groups} * ${quads};
  let i = thread / ${groups} % ${ins};
  let ky = thread / ${groups * ins} % ${3 / filterRows} * ${filterRows};
  let slab = p.begin + thread / ${(groups * ins * 3) / filterRows};
  if (slab * p.slab >= p.rows) { return; }
  let w = p.w;
${taps((r, kx, j, q) => `  var s${r}_${kx}_${j}_${q} = vec4<f32>();`)}
${each(quads, (q) => `  var bias${q} = vec4<f32>();`)}
  for (var row = slab * p.slab; row < min(p.rows, (slab + 1) * p.slab); row++) {
    let y = row % p.h;
${each(
  filterRows,
  (r) => `    let inside${r} = y + ky + ${r - 1} >= 0 && y + ky + ${r - 1} < p.h;
    let start${r} = select(row, row + ky + ${r - 1}, inside${r}) * w;
    var before${r} = vec4<f32>();
    var here${r} = select(vec4<f32>(), load_x(start${r}, i), inside${r});`,
)}
    for (var column = 0; column < w; column += ${COLUMNS}) {
      let at = row * w + column;
${each(
  filterRows,
  (r) => `      let x${r}_0 = before${r};
      let x${r}_1 = here${r};
${each(COLUMNS, (u) => `      let x${r}_${u + 2} = ${xAt(r, u + 1)};`)}`,
)}
${each(COLUMNS, addColumn)}
${each(
  filterRows,
  (r) => `      before${r} = x${r}_${COLUMNS};
      here${r} = x${r}_${COLUMNS + 1};`,
)}
    }
  }
  let first = slab * ${partialRows(cin)};
${taps((r, kx, j, q) => {
  const at = `partial[(first + ((ky + ${r}) * 3 + ${kx}) * ${cin} + i * 4 + ${j}) * ${outs} + o + ${q}] = s${r}_${kx}_${j}_${q};`;
  return cin % 4 === 0 || cin < 4 ? `  ${at}` : `  if (i * 4 + ${j} < ${cin}) { ${at} }`;
})}
  if (i == 0 && ky == 0) { ${each(quads, (q) => `partial[(first + ${9 * cin}) * ${outs} + o + ${q}] = bias${q};`)} }
}`;
  return { key: `${filterGradKey(spec)} direct ${filterRows}x${quads}`, wgsl };
}

/** Second pass: adds the slabs in order. Outputs dw, db. Constants: number of slabs. */
export function reduceSlabs({ cin, cout }: FilterGradSpec): Shader {
  const outs = quadsOf(cout);
  const wgsl = (): string => `
${bindings(
  [['partial', 4]],
  [
    ['dw', cout],
    ['db', cout],
  ],
  'slabs: i32',
)}
${storer('dw', cout)}
${storer('db', cout)}
${entryPoint(FILTER_GRAD_THREADS)} {
  let thread = ${threadIndex(FILTER_GRAD_THREADS)};
  if (thread >= ${partialRows(cin) * outs}) { return; }
  var sum = vec4<f32>();
  for (var slab = 0; slab < p.slabs; slab++) { sum += partial[slab * ${partialRows(cin) * outs} + thread]; }
  let row = thread / ${outs};
  if (row < ${9 * cin}) { store_dw(row, thread % ${outs}, sum); } else { store_db(0, thread % ${outs}, sum); }
}`;
  return { key: `reduceSlabs ${cin}>${cout}`, wgsl };
}
