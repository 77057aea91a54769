import { randomFromSeed } from '../random.ts';
import { roundEstimators, separateLayers } from './layers.ts';
import type { LayerSettings } from './layers.ts';
import type { Estimator, Mixture } from './mixture.ts';
import { fitRain } from './rainyRegion.ts';
import type { LumaPlane } from './rainyRegion.ts';

/** Side of the patches, pixels. */
export const PATCH = 8;

/** Choice: the weights of Li et al.'s public code, with six rounds from w = 2, γ / 2w as there, and every second patch. */
export const usualSettings: LayerSettings = {
  smoothness: 1e-4,
  rainEnergy: 1e-5,
  prior: 2e-2,
  firstWeight: 2,
  rounds: 6,
  stride: 2,
  solverSteps: 15,
};

/** RGB numbers in 0..1, [h·w·3]. */
export interface RgbPlane {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Removes rain from planes of RGB by the layer priors of Li et al. (2016). */
export interface LayerPriors {
  /** Fits the rain of an image; what follows are parts of it. */
  look(plane: LumaPlane): void;
  /** The image without rain, and its rain map, both [h·w·3]. Without `look`, the rain is that of the part itself. */
  removeRain(part: RgbPlane): { readonly y: Float32Array; readonly z: Float32Array };
}

/**
 * With the prior of clean images. Choice: the layers are those of luma Y = 0.299 R + 0.587 G + 0.114 B, and all three colours lose
 * what luma loses. An image whose flattest region shows no rain stays as it is.
 */
export function createLayerPriors(prior: Mixture, settings: LayerSettings = usualSettings): LayerPriors {
  let background: readonly Estimator[] | null = null;
  let looked: readonly Estimator[] | null | undefined;
  const rainOf = (plane: LumaPlane): readonly Estimator[] | null => {
    const rain = fitRain(plane, PATCH, randomFromSeed(1));
    return rain && roundEstimators(rain, settings);
  };
  return {
    look: (plane) => {
      looked = rainOf(plane);
    },
    removeRain: (part) => {
      const plane = lumaOf(part);
      const rain = looked === undefined ? rainOf(plane) : looked;
      const y = part.data.slice();
      const z = new Float32Array(y.length);
      if (!rain || Math.min(plane.width, plane.height) < PATCH) return { y, z };
      background ??= roundEstimators(prior, settings);
      const priors = rain.map((estimator, round) => ({ background: background![round]!, rain: estimator }));
      const layers = separateLayers(plane.data, { ...plane, side: PATCH }, priors, settings);
      for (let i = 0; i < y.length; i++) {
        const pixel = Math.floor(i / 3);
        y[i]! += layers.background[pixel]! - plane.data[pixel]!;
        z[i] = layers.rain[pixel]!;
      }
      return { y, z };
    },
  };
}

/** Luma in 0..1. */
export function lumaOf({ data, width, height }: RgbPlane): LumaPlane {
  const luma = new Float32Array(width * height);
  for (let i = 0, p = 0; i < luma.length; i++, p += 3) {
    luma[i] = 0.299 * data[p]! + 0.587 * data[p + 1]! + 0.114 * data[p + 2]!;
  }
  return { data: luma, width, height };
}
