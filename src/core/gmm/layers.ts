import type { Estimator, Mixture } from './mixture.ts';
import { createEstimator } from './mixture.ts';
import { gatherPatches, patchGrid, patchOperator, takePatch } from './patches.ts';
import type { PatchGrid } from './patches.ts';

/** The weights of the objective, and how it is brought down. */
export interface LayerSettings {
  /** Weight of |∇B|₁. */
  readonly smoothness: number;
  /** Weight of |R|². */
  readonly rainEnergy: number;
  /** Weight of the patches' densities. */
  readonly prior: number;
  /** w of the first round; it doubles with each. */
  readonly firstWeight: number;
  readonly rounds: number;
  /** Every so many pixels a patch begins. */
  readonly stride: number;
  /** Steps of conjugate gradients in a round. */
  readonly solverSteps: number;
}

/** Estimators of background and rain for one round. */
interface RoundPriors {
  readonly background: Estimator;
  readonly rain: Estimator;
}

/** The layers of a plane, both as large as it. */
export interface Layers {
  readonly background: Float32Array;
  readonly rain: Float32Array;
}

/**
 * Estimators for every round: those of the background do not depend on the image. Choice: a round's noise is σ² = prior / (2 w), as
 * the patches are asked to be near their estimates with weight w.
 */
export function roundEstimators(mixture: Mixture, settings: LayerSettings): Estimator[] {
  return Array.from({ length: settings.rounds }, (_, round) =>
    createEstimator(mixture, settings.prior / (2 * weightOf(settings, round))),
  );
}

function weightOf({ firstWeight }: LayerSettings, round: number): number {
  return firstWeight * 2 ** round;
}

/**
 * The layers B and R of a rainy luma O in 0..1 (Li et al. 2016), by half-quadratic splitting of
 *
 *   min over 0 ≤ B, R ≤ O of  |O − B − R|² + α |∇B|₁ + β |R|² − γ Σ_i [log p_B(P_i B) + log p_R(P_i R)],
 *
 * P_i taking patch i without its mean. A round with weight w shrinks the gradients, solves the linear system
 *
 *   |O − B − R|² + β |R|² + w |∇B − H|² + w Σ_i |P_i B − g_i|² + w Σ_i |P_i R − h_i|²
 *
 * by conjugate gradients, cuts B and R to 0…O, and estimates the patches g_i and h_i anew. `side` is that of a patch.
 */
export function separateLayers(
  plane: Float32Array,
  size: { readonly width: number; readonly height: number; readonly side: number },
  priors: readonly RoundPriors[],
  settings: LayerSettings,
): Layers {
  const grid = patchGrid(size.width, size.height, size.side, settings.stride);
  const system = createSystem(grid, plane, settings);
  const layers = { background: plane.slice(), rain: new Float32Array(plane.length) };
  const [toBackground, toRain] = [new Float32Array(plane.length), new Float32Array(plane.length)];
  const estimate = createPatchEstimate(grid);
  system.patches(layers.background, toBackground);
  priors.forEach((prior, round) => {
    system.solve(layers, { toBackground, toRain }, weightOf(settings, round));
    estimate(layers.background, prior.background, toBackground);
    estimate(layers.rain, prior.rain, toRain);
  });
  system.solve(layers, { toBackground, toRain }, weightOf(settings, priors.length - 1));
  return layers;
}

/** plane ↦ Σ Pᵀ ĝ, ĝ being the estimates of its patches. */
function createPatchEstimate(grid: PatchGrid): (plane: Float32Array, prior: Estimator, into: Float32Array) => void {
  const seen = new Float32Array(grid.side * grid.side);
  return (plane, prior, into) =>
    gatherPatches(grid, into, (left, top, patch) => {
      takePatch(plane, grid, left, top, seen);
      prior.estimate(seen, patch);
    });
}

interface System {
  /** Σ Pᵀ P x. */
  patches(x: Float32Array, into: Float32Array): void;
  /** Moves the layers to the solution of a round. */
  solve(
    layers: Layers,
    targets: { readonly toBackground: Float32Array; readonly toRain: Float32Array },
    w: number,
  ): void;
}

function createSystem(grid: PatchGrid, plane: Float32Array, settings: LayerSettings): System {
  const { width } = grid;
  const n = plane.length;
  const share = settings.stride ** 2; // as many patches count as if one began at every pixel
  const patches = patchOperator(grid);
  const scratch = new Float32Array(n);
  /** into[0…n) and into[n…2n): the system applied to both layers. */
  const apply = (x: Float32Array, into: Float32Array, w: number): void => {
    const [b, r] = [x.subarray(0, n), x.subarray(n)];
    const [intoB, intoR] = [into.subarray(0, n), into.subarray(n)];
    patches(b, intoB);
    patches(r, intoR);
    laplacian(b, width, scratch);
    for (let i = 0; i < n; i++) {
      const both = b[i]! + r[i]!;
      intoB[i] = both + w * (share * intoB[i]! + scratch[i]!);
      intoR[i] = both + settings.rainEnergy * r[i]! + w * share * intoR[i]!;
    }
  };
  return {
    patches,
    solve: ({ background, rain }, { toBackground, toRain }, w) => {
      const x = new Float32Array(2 * n);
      x.set(background);
      x.set(rain, n);
      const target = new Float32Array(2 * n);
      shrunkGradients(background, width, settings.smoothness / (2 * w), scratch);
      for (let i = 0; i < n; i++) {
        target[i] = plane[i]! + w * (share * toBackground[i]! + scratch[i]!);
        target[n + i] = plane[i]! + w * share * toRain[i]!;
      }
      conjugateGradients((v, into) => apply(v, into, w), x, target, settings.solverSteps);
      for (let i = 0; i < n; i++) {
        background[i] = Math.min(plane[i]!, Math.max(0, x[i]!));
        rain[i] = Math.min(plane[i]!, Math.max(0, x[n + i]!));
      }
    },
  };
}

/** ∇ᵀ ∇ x with differences to the right and downwards. */
function laplacian(x: Float32Array, width: number, into: Float32Array): void {
  into.fill(0);
  eachDifference(x, width, (from, to, difference) => {
    into[from]! -= difference;
    into[to]! += difference;
  });
}

/** ∇ᵀ H, H being the differences moved towards 0 by `threshold`. */
function shrunkGradients(x: Float32Array, width: number, threshold: number, into: Float32Array): void {
  into.fill(0);
  eachDifference(x, width, (from, to, difference) => {
    const shrunk = Math.sign(difference) * Math.max(Math.abs(difference) - threshold, 0);
    into[from]! -= shrunk;
    into[to]! += shrunk;
  });
}

function eachDifference(
  x: Float32Array,
  width: number,
  visit: (from: number, to: number, difference: number) => void,
): void {
  for (let i = 0; i < x.length; i++) {
    if ((i + 1) % width !== 0) visit(i, i + 1, x[i + 1]! - x[i]!);
    if (i + width < x.length) visit(i, i + width, x[i + width]! - x[i]!);
  }
}

/** Moves x towards the solution of apply(x) = target, symmetric and positive definite. */
export function conjugateGradients(
  apply: (x: Float32Array, into: Float32Array) => void,
  x: Float32Array,
  target: Float32Array,
  steps: number,
): void {
  const dot = (a: Float32Array, b: Float32Array): number => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
    return sum;
  };
  const applied = new Float32Array(x.length);
  apply(x, applied);
  const residual = target.map((value, i) => value - applied[i]!);
  const direction = residual.slice();
  let energy = dot(residual, residual);
  const enough = 1e-10 * dot(target, target);
  for (let step = 0; step < steps && energy > enough; step++) {
    apply(direction, applied);
    const length = energy / dot(direction, applied);
    for (let i = 0; i < x.length; i++) {
      x[i]! += length * direction[i]!;
      residual[i]! -= length * applied[i]!;
    }
    const next = dot(residual, residual);
    for (let i = 0; i < x.length; i++) direction[i] = residual[i]! + (next / energy) * direction[i]!;
    energy = next;
  }
}
