import { CONVOLUTION_THREADS, convolutionThreads, directConvolution } from './convolutionProgram.ts';
import type { ConvolutionSpec } from './convolutionProgram.ts';
import { directFilterGrad, FILTER_GRAD_THREADS, filterGradThreads } from './filterGradProgram.ts';
import type { FilterGradBlock, FilterGradSpec } from './filterGradProgram.ts';
import { subgroupConvolution, subgroupConvolutionWorkgroups } from './subgroupConvolution.ts';
import type { Shader } from './shader.ts';
import { tiledConvolution, tiledConvolutionWorkgroups } from './tiledConvolution.ts';
import { tiledFilterGrad, tiledFilterGradWorkgroups } from './tiledFilterGrad.ts';
import { quadsOf } from './wgsl.ts';

/** One way to write a kernel. `needs` names a device feature without which it cannot run. */
interface Variant {
  readonly name: string;
  readonly needs?: GPUFeatureName;
}

/** A way to convolve, forward or (turned) backward. */
export interface ConvolutionVariant extends Variant {
  /** For images w columns wide. */
  shader(spec: ConvolutionSpec, w: number): Shader;
  /** Workgroups for `rows` image rows (n·h) of w columns. */
  workgroups(spec: ConvolutionSpec, rows: number, w: number): number;
}

/** A way to sum a filter gradient over slabs of image rows. */
export interface FilterGradVariant extends Variant {
  shader(spec: FilterGradSpec): Shader;
  workgroups(spec: FilterGradSpec, slabs: number): number;
}

function direct(pixels: number, mostQuads: number): ConvolutionVariant {
  const block = ({ cout }: ConvolutionSpec): { pixels: number; quads: number } => ({ pixels, quads: Math.min(mostQuads, quadsOf(cout)) });
  return {
    name: `direct ${pixels}x${mostQuads}`,
    shader: (spec, w) => directConvolution(spec, block(spec), w),
    workgroups: (spec, rows, w) => Math.ceil(convolutionThreads(spec.cout, block(spec), rows, w) / CONVOLUTION_THREADS),
  };
}

function subgroups(pixels: number, mostQuads: number): ConvolutionVariant {
  const block = ({ cout }: ConvolutionSpec): { pixels: number; quads: number } => ({ pixels, quads: Math.min(mostQuads, quadsOf(cout)) });
  return {
    name: `subgroups ${pixels}x${mostQuads}`,
    needs: 'subgroups' as GPUFeatureName,
    shader: (spec) => subgroupConvolution(spec, block(spec)),
    workgroups: (spec, rows, w) => subgroupConvolutionWorkgroups(spec.cout, block(spec), rows, w),
  };
}

function directRows(filterRows: 1 | 3, mostQuads: number): FilterGradVariant {
  const block = ({ cout }: FilterGradSpec): FilterGradBlock => ({ filterRows, quads: quadsOf(cout) % mostQuads === 0 ? mostQuads : 1 });
  return {
    name: `direct ${filterRows}x${mostQuads}`,
    shader: (spec) => directFilterGrad(spec, block(spec)),
    workgroups: (spec, slabs) => Math.ceil(filterGradThreads(spec, block(spec), slabs) / FILTER_GRAD_THREADS),
  };
}

const tiled: ConvolutionVariant = {
  name: 'tiled',
  shader: tiledConvolution,
  workgroups: ({ cout }, rows, w) => tiledConvolutionWorkgroups(cout, rows, w),
};

const fallbackRows = directRows(1, 1);

/** Too few channels leave most of a tile idle. */
const fillsTile = ({ cin, cout }: FilterGradSpec): boolean => cin >= 16 && cout >= 16;

const tiledRows: FilterGradVariant = {
  name: 'tiled',
  shader: (spec) => (fillsTile(spec) ? tiledFilterGrad(spec) : fallbackRows.shader(spec)),
  workgroups: (spec, slabs) => (fillsTile(spec) ? tiledFilterGradWorkgroups(spec, slabs) : fallbackRows.workgroups(spec, slabs)),
};

/** First those that a software adapter likes best, last those that a graphics card likes best. */
const convolutionVariants: readonly ConvolutionVariant[] = [direct(16, 2), direct(8, 2), subgroups(4, 4), tiled];
const filterGradVariants: readonly FilterGradVariant[] = [directRows(3, 2), directRows(3, 1), directRows(1, 1), tiledRows];

/** The variants that a device can run, in the order of the tables above. */
export function availableVariants(device: GPUDevice): {
  readonly convolution: readonly ConvolutionVariant[];
  readonly filterGrad: readonly FilterGradVariant[];
} {
  const runs = ({ needs }: Variant): boolean => needs === undefined || device.features.has(needs);
  return { convolution: convolutionVariants.filter(runs), filterGrad: filterGradVariants.filter(runs) };
}

/** Which variant runs each kernel. */
export interface Choice {
  readonly forward: ConvolutionVariant;
  readonly inputGrad: ConvolutionVariant;
  readonly filterGrad: FilterGradVariant;
}

/** The variants that run on every device, and well on most. */
export const safeChoice: Choice = {
  forward: convolutionVariants[1]!,
  inputGrad: convolutionVariants[1]!,
  filterGrad: filterGradVariants[0]!,
};
