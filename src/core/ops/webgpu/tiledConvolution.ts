import type { ConvolutionSpec } from './convolutionProgram.ts';
import { convolutionInputs, convolutionKey } from './convolutionProgram.ts';
import type { Shader } from './shader.ts';
import type { TilePrecision } from './wgsl.ts';
import { bindings, each, enableTiles, entryPoint, GRADIENT_SCALE, loader, quadsOf, storer, tile } from './wgsl.ts';

const THREADS = 64;
/** Pixels in a row that a thread keeps. */
const PIXELS = 8;

/** How the threads of a workgroup share a tile: `across` × `down` blocks of pixels, `groups` groups of 4·`quads` channels. */
interface Layout {
  readonly quads: 1 | 2;
  readonly groups: number;
  readonly across: number;
  readonly down: number;
}

function layoutFor(cout: number): Layout {
  const quads = quadsOf(cout) > 1 ? 2 : 1;
  const groups = [8, 4, 2, 1].find((count) => count * quads <= quadsOf(cout))!;
  const across = groups === 8 ? 1 : 2;
  return { quads, groups, across, down: THREADS / groups / across };
}

/** Workgroups for `rows` image rows (n·h) of w columns. */
export function tiledConvolutionWorkgroups(cout: number, rows: number, w: number): number {
  const { quads, groups, across, down } = layoutFor(cout);
  const slices = Math.ceil(quadsOf(cout) / (quads * groups));
  return Math.ceil(rows / down) * Math.ceil(w / (across * PIXELS)) * slices;
}

/**
 * The convolution as an implicit matrix product in workgroup memory: per four input channels, a patch of the image and
 * all weights that the tile needs are fetched once, and every thread takes 8 pixels × 4·quads channels from them.
 * A tile may reach over the border of two images; its threads then skip the filter row beyond their own.
 * With 'f16' the tile takes half the memory, and what is read from it has half precision; sums stay f32.
 * Constants: first row, last row (exclusive), h, w.
 */
export function tiledConvolution(spec: ConvolutionSpec, precision: TilePrecision): Shader {
  const { cin, cout, rotated, masked, bias, skip, relu } = spec;
  const layout = layoutFor(cout);
  const { quads, groups, across, down } = layout;
  const [width, height] = [across * PIXELS, down];
  const slices = Math.ceil(quadsOf(cout) / (quads * groups));
  const patch = (width + 2) * (height + 2);
  const weights = 36 * quads * groups;
  const inputs = convolutionInputs(spec);
  const wgsl = (): string => `${enableTiles(precision)}
${bindings(inputs, [['out', cout]], 'begin: i32, end: i32, h: i32, w: i32')}
${inputs.map(([name, channels]) => loader(name, channels)).join('\n')}
${storer('out', cout)}
${tile('pixels', patch, precision, rotated ? GRADIENT_SCALE : 1)}
${tile('weights', weights, precision)}
${entryPoint(THREADS)} {
  let tilesAcross = (p.w + ${width - 1}) / ${width};
  let workgroup = i32(group.y * groups.x + group.x);
  let firstQuad = workgroup % ${slices} * ${quads * groups};
  let tile = workgroup / ${slices};
  let left = tile % tilesAcross * ${width};
  let top = p.begin + tile / tilesAcross * ${height};
  let lane = i32(local);
  let mine = lane % ${groups};
  let quad = firstQuad + mine * ${quads};
  let column = lane / ${groups} % ${across} * ${PIXELS};
  let down = lane / ${groups * across};
  let y = (top + down) % p.h;
${each(PIXELS, (i) => each(quads, (q) => `  var s${i}_${q} = ${bias ? `load_bias(0, quad + ${q})` : 'vec4<f32>()'};`))}
  for (var c = 0; c < ${quadsOf(cin)}; c++) {
    workgroupBarrier();
    for (var i = lane; i < ${patch}; i += ${THREADS}) {
      let row = top + i / ${width + 2} - 1;
      let x = left + i % ${width + 2} - 1;
      var value = vec4<f32>();
      if (row >= 0 && row <= p.end && x >= 0 && x < p.w) {
        value = load_x(row * p.w + x, c);
        ${masked ? 'value = select(vec4<f32>(), value, load_mask(row * p.w + x, c) > vec4<f32>());' : ''}
      }
      put_pixels(i, value);
    }
    for (var i = lane; i < ${weights}; i += ${THREADS}) { ${fetchWeight(spec, quads * groups)} }
    workgroupBarrier();
    for (var ky = 0; ky < 3; ky++) {
      if (y + ky - 1 < 0 || y + ky - 1 >= p.h) { continue; }
      let at = (down + ky) * ${width + 2} + column;
${each(PIXELS + 2, (i) => `      let x${i} = get_pixels(at + ${i});`)}
${each(3, (kx) =>
  each(
    quads,
    (q) => `      {
${each(4, (j) => `        let w${j} = get_weights(${weightAt(spec, layout, kx, q, j)});`)}
${each(PIXELS, (i) => `        s${i}_${q} += ${rotated ? transposed(`x${i + kx}`) : straight(`x${i + kx}`)};`)}
      }`,
  ),
)}
    }
  }
  if (top + down >= p.end) { return; }
${each(PIXELS, (i) =>
  each(
    quads,
    (q) => `  if (left + column + ${i} < p.w && quad + ${q} < ${quadsOf(cout)}) {
    let at = (top + down) * p.w + left + column + ${i};
    let value = s${i}_${q}${skip ? ` + load_skip(at, quad + ${q})` : ''};
    store_out(at, quad + ${q}, ${relu ? 'max(value, vec4<f32>())' : 'value'});
  }`,
  ),
)}
}`;
  return { key: `${convolutionKey(spec)} tiled ${precision}`, wgsl };
}

/**
 * Copies the i-th quad of weights. Straight, they lie as [tap][input channel of four][output quad]; rotated, as
 * [tap][output channel][input quad], so that in both cases a quad is read as it lies in the filter.
 */
function fetchWeight({ cin, cout, rotated }: ConvolutionSpec, tileQuads: number): string {
  return rotated
    ? `let tap = i / ${4 * tileQuads};
       let o = firstQuad * 4 + i % ${4 * tileQuads};
       var value = vec4<f32>();
       if (o < ${cout}) { value = load_weight((8 - tap) * ${cout} + o, c); }
       put_weights(i, value);`
    : `let j = c * 4 + i / ${tileQuads} % 4;
       var value = vec4<f32>();
       if (j < ${cin} && firstQuad + i % ${tileQuads} < ${quadsOf(cout)}) {
         value = load_weight(i / ${4 * tileQuads} * ${cin} + j, firstQuad + i % ${tileQuads});
       }
       put_weights(i, value);`;
}

function weightAt({ rotated }: ConvolutionSpec, { quads, groups }: Layout, kx: number, q: number, j: number): string {
  const tap = `(ky * 3 + ${kx}) * ${4 * quads * groups}`;
  return rotated
    ? `${tap} + (mine * ${quads} + ${q}) * 4 + ${j}`
    : `${tap} + ${j * quads * groups} + mine * ${quads} + ${q}`;
}

const straight = (x: string): string => `${x}.x * w0 + ${x}.y * w1 + ${x}.z * w2 + ${x}.w * w3`;
const transposed = (x: string): string => `vec4<f32>(dot(${x}, w0), dot(${x}, w1), dot(${x}, w2), dot(${x}, w3))`;
