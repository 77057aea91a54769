import * as tf from '@tensorflow/tfjs';
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { createNetwork, disposeNetwork } from '../architectures/networks.ts';
import { randomCrop, scaledRgb } from '../data/crops.ts';
import type { Pixels } from '../images/pixels.ts';
import { tensorOfSquares } from '../images/tensors.ts';
import { createAdam } from '../paper/adam.ts';
import { paperHyperparameters } from '../paper/hyperparameters.ts';
import { labelledLoss } from '../paper/losses.ts';
import type { Network } from '../paper/networks.ts';
import { estimateRain } from '../rain/estimateRain.ts';
import type { RainEstimate } from '../rain/estimateRain.ts';
import { makeRainyPair } from '../rain/rainyPair.ts';
import { drawRain } from '../rain/streaks.ts';
import type { RainLayer, RainRecipe } from '../rain/streaks.ts';
import { randomFromSeed } from '../random.ts';
import type { Random } from '../random.ts';
import type { Student } from '../weights/modelFile.ts';
import { assignPretrained } from './pretrained.ts';

/** A rain map, [height · width · 3] in 0..1. */
export interface RainMap {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** What adapting a student to one photo needs. */
export interface AdaptRequest {
  readonly student: Pick<Student, 'shape' | 'weights'>;
  /** x − F3(x) of the photo: the rain that the student finds so far. */
  readonly rainMap: RainMap;
  /** Clean images to add that rain to. */
  readonly clean: readonly Pixels[];
  /** Time that it may take, milliseconds. */
  readonly budgetMs: number;
  readonly seed: number;
  /** What differs from `adaptSettings`. */
  readonly settings?: Partial<AdaptSettings>;
  /** A clock, milliseconds. */
  now(): number;
  yieldToEventLoop(): Promise<void>;
  readonly control: { readonly stopRequested: boolean };
}

/** How a student is adapted. */
export interface AdaptSettings {
  /** Side of the squares that it learns from, pixels. */
  readonly side: number;
  /** Images of a step in generated rain like the photo's, in the photo's own rain, and without rain. */
  readonly batch: { readonly generated: number; readonly own: number; readonly rainFree: number };
  /** Adam's rate once it has risen; it falls to 0 as a cosine over the budget. */
  readonly rate: number;
}

/** Choice: found by `tools/adaptTrial.ts`. */
export const adaptSettings: AdaptSettings = { side: 96, batch: { generated: 2, own: 1, rainFree: 1 }, rate: 3e-4 };

export type AdaptEvent =
  /** The rain that the student found, and the kind in which it would find that. */
  | { readonly type: 'estimated'; readonly rain: RainEstimate; readonly kind: RainKind }
  | { readonly type: 'refused'; readonly rain: RainEstimate; readonly reason: string }
  | { readonly type: 'stepped'; readonly step: number; readonly loss: number; readonly share: number }
  | { readonly type: 'adapted'; readonly step: number; readonly weights: Map<string, Float32Array> }
  | { readonly type: 'stopped' };

/** Wider streaks are learned at half the size, a quarter …: the squares show several of them, and the network knows all octaves. */
const WIDEST = 8;
/** Share of the budget over which the rate rises. */
const RISE = 0.05;
/** Choice: as usual, not the paper's. */
const EPSILON = 1e-8;
/** The weights that are kept are averaged over about the last hundred steps. */
const EMA = 0.99;
/** The rain found is corrected so often, by at most this factor each time, on so many squares. */
const CALIBRATIONS = 3;
const MOST_CORRECTION = 1.8;
const CALIBRATION_SQUARES = 4;
/** Below this confidence no direction prevails: its layers cross at up to so many degrees. */
const UNDIRECTED = 0.35;
const WIDEST_FAN = 24;
/** Losses are read back at every so many steps. */
const READ_BACK_STEPS = 5;

const NO_RAIN = 'No rain was found in this photo.';
/** Rain is thought to be there from this mean light on, and this light of a streak, levels of 255, if one direction prevails so far. */
const LEAST_LEVELS = 1;
const LEAST_STREAK_LEVELS = 4;
const LEAST_CONFIDENCE = 0.12;
/**
 * Density of the rain in which the student would find what it found, over that of what it found. Measured with Broad: 0.60 to 1.7
 * in nine photos under rain, 0.30 at most in nine rain-free ones that the bounds above let through.
 */
const LEAST_AGREEMENT = 0.4;

/** Whether a rain map shows rain rather than the edges that any student touches a little. */
export function showsRain({
  mean,
  strength,
  confidence,
}: Pick<RainEstimate, 'mean' | 'strength' | 'confidence'>): boolean {
  return mean * 255 >= LEAST_LEVELS && strength * 255 >= LEAST_STREAK_LEVELS && confidence >= LEAST_CONFIDENCE;
}

/**
 * Whether what was found behaves as rain does: drawn over clean images it is found again about as dense. Edges of a photo that a
 * student takes for rain are not: their estimate, drawn as streaks, is found so well that the calibration thins it out.
 */
export function isFoundAgain(found: Pick<RainEstimate, 'density'>, kind: Pick<RainKind, 'density'>): boolean {
  return kind.density >= LEAST_AGREEMENT * found.density;
}

/**
 * Fine-tunes a student to the rain of one photo, by Eqs. (9) and (10) on a single image: xRef = yGt + zReal with zReal the rain
 * that the student finds there, and xSyn = yGt + generated rain of the same direction, size, density and strength; both ask for
 * |F3(x) − yGt|. Clean images stay among them, so that the student does not forget what is no rain.
 *
 * Yields `estimated`, then `stepped` now and then, and last `adapted`, or `stopped`; or `refused` where no rain is found, and
 * nothing changes. No tensor is left when the generator ends, however it ends.
 */
export async function* adaptStudent(request: AdaptRequest): AsyncGenerator<AdaptEvent> {
  const { student, clean, budgetMs, now, control } = request;
  const settings = { ...adaptSettings, ...request.settings };
  const { side } = settings;
  let { rainMap } = request;
  let rain = estimateOf(rainMap);
  for (; rain.width > WIDEST && Math.min(rainMap.width, rainMap.height) > 4 * side; rain = estimateOf(rainMap)) {
    rainMap = halved(rainMap);
  }
  if (!showsRain(rain)) return yield { type: 'refused', rain, reason: NO_RAIN };
  if (clean.length === 0) throw new Error('There is no clean image to add the rain to.');
  const root = randomFromSeed(request.seed).split('adapt');
  const network = createNetwork(student.shape, root.split('weights'));
  assignPretrained({ f1: network, f2: network, f3: network }, shapesOf(student), { student });
  const variables = network.variables;
  const adam = createAdam(variables);
  try {
    const kind = await calibrateRain(rain, network, clean, Math.round(1.5 * side), root.split('calibration'));
    if (!isFoundAgain(rain, kind)) return yield { type: 'refused', rain, reason: NO_RAIN };
    yield { type: 'estimated', rain, kind };
    const started = now();
    let losses: Scalar[] = [];
    for (let step = 0; ; step++) {
      const share = Math.min(1, (now() - started) / budgetMs);
      if (control.stopRequested) return yield { type: 'stopped' };
      if (share >= 1) break;
      const { x, y } = batchOf(clean, rainMap, kind, settings, root.split(step));
      const list = [...variables.values()];
      const { value, grads } = tf.variableGrads(() => labelledLoss(network.apply(x), y), list);
      const gradients = new Map([...variables].map(([name, variable]) => [name, grads[variable.name]!]));
      adam.update('student', variables, gradients, settings.rate * rateAt(share), {
        ...paperHyperparameters,
        epsilon: EPSILON,
        ema: EMA,
      });
      tf.dispose([x, y, ...gradients.values()]);
      losses.push(value);
      if (losses.length === READ_BACK_STEPS) {
        yield { type: 'stepped', step: step + 1, loss: await meanOf(losses), share };
        losses = [];
      }
      await request.yieldToEventLoop();
    }
    tf.dispose(losses);
    yield { type: 'adapted', step: adam.state().counts['student'] ?? 0, weights: await averagesOf(adam.averages) };
  } finally {
    adam.dispose();
    disposeNetwork(network);
  }
}

function shapesOf({ shape }: Pick<Student, 'shape'>): Parameters<typeof assignPretrained>[1] {
  return { f1: shape, f2: shape, f3: shape };
}

/** The rate at a share of the budget, 0…1 of its peak. */
function rateAt(share: number): number {
  return Math.min(1, share / RISE) * 0.5 * (1 + Math.cos(Math.PI * share));
}

/** Rainy and clean squares of one step, [n,side,side,3] each. */
function batchOf(
  clean: readonly Pixels[],
  rainMap: RainMap,
  rain: RainKind,
  { side, batch: { generated, own, rainFree } }: AdaptSettings,
  random: Random,
): { x: tf.Tensor4D; y: tf.Tensor4D } {
  const rainy: Float32Array[] = [];
  const truth: Float32Array[] = [];
  for (let i = 0; i < generated + own + rainFree; i++) {
    const one = random.split(i);
    const image = clean[one.below(clean.length)]!;
    const yGt = scaledRgb(image, randomCrop(image, side, one), side);
    truth.push(yGt);
    if (i < generated) rainy.push(inRainLike(rain, yGt, side, one));
    else rainy.push(i < generated + own ? inRainOf(rainMap, yGt, side, one) : yGt);
  }
  return { x: tensorOfSquares(rainy, side), y: tensorOfSquares(truth, side) };
}

function inRainLike(rain: RainKind, yGt: Float32Array, side: number, random: Random): Float32Array {
  const recipe = recipeLike(rain, random);
  return makeRainyPair(yGt, drawRain(recipe, side, side), recipe.veil).rainy;
}

/** Rain to draw over clean images: an estimate, and how far crossing layers lie from its direction, degrees; 0 is one layer. */
export interface RainKind extends Omit<RainEstimate, 'mean'> {
  readonly fan: number;
}

/** A recipe of such rain, a little lighter or heavier, shorter or longer. With a fan, half of its light is in two layers that cross. */
export function recipeLike(rain: RainKind, random: Random): RainRecipe {
  const { fan } = rain;
  const layer = (turn: number, share: number): RainLayer => ({
    angle: rain.angle + turn + random.between(-4, 4),
    spread: random.between(0.5, 2.5),
    length: Math.max(4, rain.length * random.between(0.7, 1.4)),
    width: Math.max(1, rain.width * random.between(0.8, 1.25)),
    density: rain.density * random.between(0.7, 1.35) * share,
    strength: rain.strength * random.between(0.8, 1.25),
    softEnds: random.between(0.3, 0.8),
  });
  const turns = fan > 0 ? [random.between(-fan, fan), random.between(-fan, fan)] : [];
  return {
    layers: [layer(0, fan > 0 ? 0.5 : 1), ...turns.map((turn) => layer(turn, 0.25))],
    veil: { amount: 0, grey: 0.7 },
    seed: random.below(2 ** 32),
    direction: rain.direction,
  };
}

/**
 * The rain in which the student would find what it found in the photo. It finds only part of what is there, merges streaks that
 * lie close, and so on: rain like the estimate is drawn over clean images, the student looks for it, and the estimate is
 * corrected by what it finds there, a few times. The squares have so many pixels a `side`.
 */
export async function calibrateRain(
  found: RainEstimate,
  network: Pick<Network, 'apply'>,
  clean: readonly Pixels[],
  side: number,
  random: Random,
): Promise<RainKind> {
  let kind: RainKind = { ...found, fan: found.confidence < UNDIRECTED ? WIDEST_FAN : 0 };
  for (let round = 0; round < CALIBRATIONS; round++) {
    const seen = await estimateIn(kind, network, clean, side, random.split(round));
    if (seen.strength === 0 || seen.density === 0) return kind;
    const corrected = (name: 'length' | 'width' | 'density' | 'strength'): number =>
      kind[name] * Math.min(MOST_CORRECTION, Math.max(1 / MOST_CORRECTION, found[name] / seen[name]));
    const isTooEven = seen.confidence > found.confidence + 0.03;
    kind = {
      ...kind,
      length: corrected('length'),
      width: Math.max(1, corrected('width')),
      density: corrected('density'),
      strength: corrected('strength'),
      fan: isTooEven ? Math.min(WIDEST_FAN, kind.fan + WIDEST_FAN / 2) : kind.fan,
    };
  }
  return kind;
}

/** Mean estimate of what the student finds in rain of a kind over squares of clean images. */
async function estimateIn(
  kind: RainKind,
  network: Pick<Network, 'apply'>,
  clean: readonly Pixels[],
  side: number,
  random: Random,
): Promise<RainEstimate> {
  const size = side * side * 3;
  const rainy = Array.from({ length: CALIBRATION_SQUARES }, (_, i) => {
    const one = random.split(i);
    const image = clean[one.below(clean.length)]!;
    return inRainLike(kind, scaledRgb(image, randomCrop(image, side, one), side), side, one);
  });
  const rain = tf.tidy(() => {
    const x = tensorOfSquares(rainy, side);
    return tf.sub(x, network.apply(x));
  });
  const data = (await rain.data()) as Float32Array;
  rain.dispose();
  const estimates = rainy.map((_, i) =>
    estimateOf({ data: data.subarray(i * size, (i + 1) * size), width: side, height: side }),
  );
  const mean = (name: 'length' | 'width' | 'density' | 'strength' | 'confidence'): number =>
    estimates.reduce((sum, estimate) => sum + estimate[name], 0) / estimates.length;
  return {
    ...estimates[0]!,
    length: mean('length'),
    width: mean('width'),
    density: mean('density'),
    strength: mean('strength'),
    confidence: mean('confidence'),
  };
}

/** Eq. (9): yGt + zReal, clipped, with a random square of the photo's rain map. */
function inRainOf({ data, width, height }: RainMap, yGt: Float32Array, side: number, random: Random): Float32Array {
  const [left, top] = [random.below(Math.max(1, width - side + 1)), random.below(Math.max(1, height - side + 1))];
  const xRef = new Float32Array(yGt.length);
  for (let y = 0, i = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const p = (Math.min(height - 1, top + y) * width + Math.min(width - 1, left + x)) * 3;
      for (let c = 0; c < 3; c++, i++) xRef[i] = Math.min(1, Math.max(0, yGt[i]! + data[p + c]!));
    }
  }
  return xRef;
}

function estimateOf({ data, width, height }: RainMap): RainEstimate {
  const grey = Float32Array.from(
    { length: width * height },
    (_, i) => (data[3 * i]! + data[3 * i + 1]! + data[3 * i + 2]!) / 3,
  );
  return estimateRain(grey, width, height);
}

/** Half the size, each value the mean of four; an odd last row or column is left out. */
function halved({ data, width, height }: RainMap): RainMap {
  const [w, h] = [width >> 1, height >> 1];
  const half = new Float32Array(w * h * 3);
  for (let y = 0, i = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const p = (2 * y * width + 2 * x) * 3;
      for (let c = 0; c < 3; c++, i++) {
        half[i] = (data[p + c]! + data[p + 3 + c]! + data[p + width * 3 + c]! + data[p + width * 3 + 3 + c]!) / 4;
      }
    }
  }
  return { data: half, width: w, height: h };
}

async function meanOf(losses: readonly Scalar[]): Promise<number> {
  const values = await Promise.all(losses.map((loss) => loss.data()));
  tf.dispose([...losses]);
  return values.reduce((sum, [value]) => sum + value!, 0) / values.length;
}

async function averagesOf(averages: ReadonlyMap<string, Tensor>): Promise<Map<string, Float32Array>> {
  const arrays = await Promise.all([...averages.values()].map((tensor) => tensor.data() as Promise<Float32Array>));
  return new Map([...averages.keys()].map((name, i) => [name, arrays[i]!.slice()]));
}
