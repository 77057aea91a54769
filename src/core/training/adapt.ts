import * as tf from '@tensorflow/tfjs';
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { createNetwork, disposeNetwork } from '../architectures/networks.ts';
import { randomCrop, scaledRgb } from '../data/crops.ts';
import type { Pixels } from '../images/pixels.ts';
import { tensorOfSquares } from '../images/tensors.ts';
import { createAdam } from '../paper/adam.ts';
import type { Adam } from '../paper/adam.ts';
import { paperHyperparameters } from '../paper/hyperparameters.ts';
import { labelledLoss } from '../paper/losses.ts';
import type { Network } from '../paper/networks.ts';
import type { RainEstimate } from '../rain/estimateRain.ts';
import { randomFromSeed } from '../random.ts';
import type { Random } from '../random.ts';
import type { Student } from '../weights/modelFile.ts';
import { estimateOf, halved, inRainOf, showsRain } from './foundRain.ts';
import type { RainMap } from './foundRain.ts';
import { assignPretrained } from './pretrained.ts';
import { calibrateRain, inRainLike, isFoundAgain, knowsRain } from './rainKind.ts';
import type { RainKind } from './rainKind.ts';

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

/** Likewise, for rain that the student knows: what it found teaches more than what is drawn after it, and small steps harm less. */
const knownRainSettings: AdaptSettings = { ...adaptSettings, batch: { generated: 1, own: 2, rainFree: 1 }, rate: 1e-4 };

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
/** Losses are read back at every so many steps. */
const READ_BACK_STEPS = 5;

const NO_RAIN = 'No rain was found in this photo.';

/**
 * Fine-tunes a student to the rain of one photo, by Eqs. (9) and (10) on a single image: xRef = yGt + zReal with zReal the rain
 * that the student finds there, and xSyn = yGt + generated rain of the same direction, size, density and strength; both ask for
 * |F3(x) − yGt|. Clean images stay among them, so that the student does not forget what is no rain.
 *
 * Yields `estimated`, then `stepped` now and then, and last `adapted`, or `stopped`; or `refused` where no rain is found, and
 * nothing changes. No tensor is left when the generator ends, however it ends.
 */
export async function* adaptStudent(request: AdaptRequest): AsyncGenerator<AdaptEvent> {
  const { student, clean } = request;
  const { side } = { ...adaptSettings, ...request.settings };
  const { rainMap, rain } = learnableRain(request.rainMap, side);
  if (!showsRain(rain)) return yield { type: 'refused', rain, reason: NO_RAIN };
  if (clean.length === 0) throw new Error('There is no clean image to add the rain to.');
  const root = randomFromSeed(request.seed).split('adapt');
  const network = createNetwork(student.shape, root.split('weights'));
  assignPretrained({ f1: network, f2: network, f3: network }, shapesOf(student), { student });
  const adam = createAdam(network.variables);
  try {
    const calibrated = await calibrateRain(rain, network, clean, Math.round(1.5 * side), root.split('calibration'));
    if (!isFoundAgain(rain, calibrated.kind)) return yield { type: 'refused', rain, reason: NO_RAIN };
    const isKnown = knowsRain(calibrated);
    const kind = isKnown ? { ...rain, fan: calibrated.kind.fan } : calibrated.kind;
    const settings = { ...(isKnown ? knownRainSettings : adaptSettings), ...request.settings };
    yield { type: 'estimated', rain, kind };
    const draw = (step: number): Squares => batchOf(clean, rainMap, kind, settings, root.split(step));
    if (!(yield* learn(network, adam, draw, settings.rate, request))) return yield { type: 'stopped' };
    yield { type: 'adapted', step: adam.state().counts['student'] ?? 0, weights: await averagesOf(adam.averages) };
  } finally {
    adam.dispose();
    disposeNetwork(network);
  }
}

/** The rain map, halved until its streaks are no wider than what squares of a side can teach; and the rain in it. */
function learnableRain(whole: RainMap, side: number): { readonly rainMap: RainMap; readonly rain: RainEstimate } {
  let rainMap = whole;
  let rain = estimateOf(rainMap);
  for (; rain.width > WIDEST && Math.min(rainMap.width, rainMap.height) > 4 * side; rain = estimateOf(rainMap)) {
    rainMap = halved(rainMap);
  }
  return { rainMap, rain };
}

/** Steps until the budget is spent. Returns false when it was stopped before. */
async function* learn(
  network: Network,
  adam: Adam,
  draw: (step: number) => Squares,
  rate: number,
  { budgetMs, now, control, yieldToEventLoop }: AdaptRequest,
): AsyncGenerator<AdaptEvent, boolean> {
  const started = now();
  let losses: Scalar[] = [];
  try {
    for (let step = 0; ; step++) {
      const share = Math.min(1, (now() - started) / budgetMs);
      if (control.stopRequested) return false;
      if (share >= 1) return true;
      losses.push(updateOn(draw(step), network, adam, rate * rateAt(share)));
      if (losses.length === READ_BACK_STEPS) {
        const waiting = losses;
        losses = [];
        yield { type: 'stepped', step: step + 1, loss: await meanOf(waiting), share };
      }
      await yieldToEventLoop();
    }
  } finally {
    tf.dispose(losses);
  }
}

/** One update down |F3(x) − yGt|; its squares are disposed. Returns the loss. */
function updateOn({ x, y }: Squares, network: Network, adam: Adam, learningRate: number): Scalar {
  const { variables } = network;
  const { value, grads } = tf.variableGrads(() => labelledLoss(network.apply(x), y), [...variables.values()]);
  const gradients = new Map([...variables].map(([name, variable]) => [name, grads[variable.name]!]));
  const hyperparameters = { ...paperHyperparameters, epsilon: EPSILON, ema: EMA };
  adam.update('student', variables, gradients, learningRate, hyperparameters);
  tf.dispose([x, y, ...gradients.values()]);
  return value;
}

function shapesOf({ shape }: Pick<Student, 'shape'>): Parameters<typeof assignPretrained>[1] {
  return { f1: shape, f2: shape, f3: shape };
}

/** The rate at a share of the budget, 0…1 of its peak. */
function rateAt(share: number): number {
  return Math.min(1, share / RISE) * 0.5 * (1 + Math.cos(Math.PI * share));
}

/** Rainy and clean squares of one step, [n,side,side,3] each. */
interface Squares {
  readonly x: tf.Tensor4D;
  readonly y: tf.Tensor4D;
}

function batchOf(
  clean: readonly Pixels[],
  rainMap: RainMap,
  rain: RainKind,
  { side, batch: { generated, own, rainFree } }: AdaptSettings,
  random: Random,
): Squares {
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

async function meanOf(losses: readonly Scalar[]): Promise<number> {
  const values = await Promise.all(losses.map((loss) => loss.data()));
  tf.dispose([...losses]);
  return values.reduce((sum, [value]) => sum + value!, 0) / values.length;
}

async function averagesOf(averages: ReadonlyMap<string, Tensor>): Promise<Map<string, Float32Array>> {
  const arrays = await Promise.all([...averages.values()].map((tensor) => tensor.data() as Promise<Float32Array>));
  return new Map([...averages.keys()].map((name, i) => [name, arrays[i]!.slice()]));
}
