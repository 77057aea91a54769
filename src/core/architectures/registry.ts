/** The networks that can be trained, stored and run. To add one: its file, and its line in `known`. */
import type { Images } from '../paper/notation.ts';
import type { Random } from '../random.ts';
import { ShapeError } from './architecture.ts';
import type {
  Architecture,
  Footprint,
  NetworkShape,
  NetworkSize,
  PublishedArrays,
  Recognized,
  WeightShape,
  Weights,
} from './architecture.ts';
import { brn } from './brn.ts';
import { clear } from './clear.ts';
import { ddn, ddnByImage, ddnTensorflow, sirr } from './ddn.ts';
import { didMdn } from './didMdn.ts';
import { edsr } from './edsr.ts';
import { gmm } from './gmm.ts';
import { jorder } from './jorder.ts';
import { jorderE } from './jorderE.ts';
import { prenet, prenetR, prenetReal, prn, prnR } from './prenet.ts';
import { pyramid } from './pyramid.ts';
import { rainOverMe } from './rainOverMe.ts';
import { rcdnet, rcdnetReduced } from './rcdnet.ts';
import { syn2real, syn2realReduced } from './syn2real.ts';
import { umrl } from './umrl.ts';

const known: readonly Architecture[] = [
  edsr,
  pyramid,
  prenet,
  prenetR,
  prn,
  prnR,
  prenetReal,
  brn,
  ddn,
  ddnTensorflow,
  ddnByImage,
  sirr,
  clear,
  jorder,
  jorderE,
  rainOverMe,
  umrl,
  rcdnet,
  rcdnetReduced,
  didMdn,
  syn2real,
  syn2realReduced,
  gmm,
];

const registry = new Map<string, Architecture>(known.map((architecture) => [architecture.id, architecture]));

/** The architecture of files and settings that name none: they are older than the choice. */
export const defaultArchitecture = 'edsr';

/** Adds an architecture beside those that come with the program, or replaces one; returns how to take it out again. */
export function registerArchitecture<Shape extends NetworkShape>(architecture: Architecture<Shape>): () => void {
  const before = registry.get(architecture.id);
  registry.set(architecture.id, architecture);
  return () => {
    if (before) registry.set(architecture.id, before);
    else registry.delete(architecture.id);
  };
}

/** All networks, in the order in which they are listed. */
export function architectures(): readonly Architecture[] {
  return allArchitectures().filter(({ isFitted }) => !isFitted);
}

/** The networks, and what is fitted rather than trained. */
export function allArchitectures(): readonly Architecture[] {
  return [...registry.values()];
}

/** Throws ShapeError for an id that nothing is registered under. */
export function architectureNamed(id: string): Architecture {
  const found = registry.get(id);
  if (found) return found;
  throw new ShapeError(`is of the architecture ${JSON.stringify(id.slice(0, 40))}, which this version does not know`);
}

/** The shape in a stored JSON value. Throws ShapeError for anything that cannot be built. */
export function parseShape(json: unknown): NetworkShape {
  const record = typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};
  const { architecture = defaultArchitecture } = record as { architecture?: unknown };
  if (typeof architecture !== 'string') throw new ShapeError('does not name its architecture');
  return architectureNamed(architecture).parse(record as Record<string, unknown>);
}

/** The shape that an architecture gives to a size. Throws ShapeError where there is none. */
export function shapeOfSize(architecture: string, size: NetworkSize): NetworkShape {
  return architectureNamed(architecture).ofSize(size);
}

/** The size that the settings would ask for to get this shape. */
export function networkSize(shape: NetworkShape): NetworkSize {
  return architectureNamed(shape.architecture).sizeOf(shape);
}

/** The weights of a network in the order in which it uses them. */
export function networkWeights(shape: NetworkShape): WeightShape[] {
  return architectureNamed(shape.architecture).weights(shape);
}

/** Number of trainable numbers: 1,222,147 for an EDSR of B = 16, f = 64; 4,877,315 for B = 16, f = 128. */
export function parameterCount(shape: NetworkShape): number {
  return networkWeights(shape)
    .filter(({ stored }) => !stored)
    .reduce((sum, weight) => sum + weight.shape.reduce((a, b) => a * b, 1), 0);
}

/** Whether a network's own rain map is the one to show and measure. */
export function estimatesRain(shape: NetworkShape): boolean {
  return architectureNamed(shape.architecture).isRainAdditive === true;
}

/** Fresh weights by name. */
export function initialWeights(shape: NetworkShape, random: Random): Map<string, Float32Array> {
  return architectureNamed(shape.architecture).init(shape, random);
}

/** The network itself: x [n,h,w,3] → [n,h,w,3]. Throws Error when a weight is missing. */
export function applyNetwork(x: Images, weights: Weights, shape: NetworkShape): Images {
  return architectureNamed(shape.architecture).apply(x, weights, shape);
}

/** Numbers that a network holds per pixel of its image. */
export function footprint(shape: NetworkShape): Footprint {
  return architectureNamed(shape.architecture).footprint(shape);
}

/** The published networks that a file's arrays fit, those first whose files are more common; empty when none does. */
export function recognizeNetworks(arrays: PublishedArrays): Recognized[] {
  return architectures().flatMap((architecture) => architecture.recognize?.(arrays) ?? []);
}

/**
 * The network x − y(x) of a network y(x): the rain map of a student's image, or the student of an F1. Throws ShapeError for an
 * architecture that knows no image-level skip.
 */
export function complementOf(
  shape: NetworkShape,
  weights: ReadonlyMap<string, Float32Array>,
): { readonly shape: NetworkShape; readonly weights: ReadonlyMap<string, Float32Array> } {
  const { imageSkip } = networkSize(shape);
  return {
    shape: parseShape({ ...shape, imageSkip: !imageSkip }),
    weights: architectureNamed(shape.architecture).complement?.(weights) ?? weights,
  };
}

/** True when two shapes are of the same network. */
export function sameShape(a: NetworkShape, b: NetworkShape): boolean {
  const sorted = (shape: NetworkShape): string =>
    JSON.stringify(Object.entries(shape).sort(([x], [y]) => (x < y ? -1 : 1)));
  return sorted(a) === sorted(b);
}

/** In words, as settings and messages tell it: "EDSR, 8 blocks × 32 filters". */
export function describeNetwork(shape: NetworkShape): string {
  const { blocks, filters } = networkSize(shape);
  const { title, describe } = architectureNamed(shape.architecture);
  return `${title}, ${describe?.(shape) ?? `${blocks} blocks × ${filters} filters`}`;
}
