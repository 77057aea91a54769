import { CONVOLUTION_THREADS, convolutionThreads, directConvolution } from './convolutionProgram.ts';
import type { ConvolutionBlock, ConvolutionSpec } from './convolutionProgram.ts';
import { directFilterGrad, FILTER_GRAD_THREADS, filterGradThreads } from './filterGradProgram.ts';
import type { FilterGradBlock, FilterGradSpec } from './filterGradProgram.ts';
import { subgroupConvolution, subgroupConvolutionWorkgroups } from './subgroupConvolution.ts';
import type { Shader } from './shader.ts';
import { isSoftwareAdapter } from './softwareAdapter.ts';
import { tiledConvolution, tiledConvolutionWorkgroups } from './tiledConvolution.ts';
import { tiledFilterGrad, tiledFilterGradWorkgroups } from './tiledFilterGrad.ts';
import type { TilePrecision } from './wgsl.ts';
import { quadsOf } from './wgsl.ts';

/** One way to write a kernel. */
interface Variant {
  readonly name: string;
  /** A device feature without which it cannot run. */
  readonly needs?: GPUFeatureName;
  /** Images, weights and gradients pass through half precision on their way. */
  readonly half?: true;
}

/** A way to convolve, forward or (rotated) backward. */
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
  const block = ({ cout }: ConvolutionSpec): { pixels: number; quads: number } => ({
    pixels,
    quads: Math.min(mostQuads, quadsOf(cout)),
  });
  return {
    name: `direct ${pixels}x${mostQuads}`,
    shader: (spec, w) => directConvolution(spec, block(spec), w),
    workgroups: (spec, rows, w) => Math.ceil(convolutionThreads(spec.cout, block(spec), rows, w) / CONVOLUTION_THREADS),
  };
}

/** Blocks of 32 quads: eight pixels where the channels fill four quads, sixteen where they do not. */
function subgroups(): ConvolutionVariant {
  const block = ({ cout }: ConvolutionSpec): ConvolutionBlock => {
    const all = quadsOf(cout);
    const quads = Math.ceil(all / Math.ceil(all / 4));
    return { pixels: quads > 2 ? 8 : 16, quads };
  };
  return {
    name: 'subgroups',
    needs: 'subgroups' as GPUFeatureName,
    shader: (spec, w) => subgroupConvolution(spec, block(spec), w),
    workgroups: (spec, rows, w) => subgroupConvolutionWorkgroups(spec.cout, block(spec), rows, w),
  };
}

function directRows(filterRows: 1 | 3, mostQuads: number): FilterGradVariant {
  const block = ({ cout }: FilterGradSpec): FilterGradBlock => ({
    filterRows,
    quads: quadsOf(cout) % mostQuads === 0 ? mostQuads : 1,
  });
  return {
    name: `direct ${filterRows}x${mostQuads}`,
    shader: (spec) => directFilterGrad(spec, block(spec)),
    workgroups: (spec, slabs) => Math.ceil(filterGradThreads(spec, block(spec), slabs) / FILTER_GRAD_THREADS),
  };
}

function tiled(precision: TilePrecision): ConvolutionVariant {
  return {
    ...tiles[precision],
    shader: (spec) => tiledConvolution(spec, precision),
    workgroups: ({ cout }, rows, w) => tiledConvolutionWorkgroups(cout, rows, w),
  };
}

const tiles: Readonly<Record<TilePrecision, Variant>> = {
  f32: { name: 'tiled' },
  f16: { name: 'tiled f16', needs: 'shader-f16', half: true },
};

const fallbackRows = directRows(1, 1);

/** Too few channels leave most of a tile idle. */
const fillsTile = ({ cin, cout }: FilterGradSpec): boolean => cin >= 16 && cout >= 16;

function tiledRows(precision: TilePrecision): FilterGradVariant {
  return {
    ...tiles[precision],
    shader: (spec) => (fillsTile(spec) ? tiledFilterGrad(spec, precision) : fallbackRows.shader(spec)),
    workgroups: (spec, slabs) =>
      fillsTile(spec) ? tiledFilterGradWorkgroups(spec, slabs) : fallbackRows.workgroups(spec, slabs),
  };
}

const safeConvolution = direct(8, 2);
const safeRows = directRows(3, 2);

/** First those that a software adapter likes best, last those that a graphics card likes best. */
const convolutionVariants: readonly ConvolutionVariant[] = [
  subgroups(),
  direct(16, 2),
  safeConvolution,
  tiled('f32'),
  tiled('f16'),
];
const filterGradVariants: readonly FilterGradVariant[] = [
  safeRows,
  directRows(3, 1),
  fallbackRows,
  tiledRows('f32'),
  tiledRows('f16'),
];

/** Variants to choose from, the likely winner first. */
export interface Variants {
  readonly convolution: readonly ConvolutionVariant[];
  readonly filterGrad: readonly FilterGradVariant[];
}

/** The variants that a device can run; those of half precision only where that was asked for. Workgroup memory is nothing but a detour on a software adapter. */
export function availableVariants(device: GPUDevice, half: boolean): Variants {
  const runs = (variant: Variant): boolean =>
    (variant.needs === undefined || device.features.has(variant.needs)) && (half || !variant.half);
  const inOrder = <V extends Variant>(all: readonly V[]): readonly V[] =>
    isSoftwareAdapter(device.adapterInfo) ? all.filter(runs) : all.filter(runs).toReversed();
  return { convolution: inOrder(convolutionVariants), filterGrad: inOrder(filterGradVariants) };
}

/** Which variant runs each kernel. */
export interface KernelSelection {
  readonly forward: ConvolutionVariant;
  readonly inputGrad: ConvolutionVariant;
  readonly filterGrad: FilterGradVariant;
}

/** The variants that run on every device, and well on most. */
export const safeSelection: KernelSelection = {
  forward: safeConvolution,
  inputGrad: safeConvolution,
  filterGrad: safeRows,
};
