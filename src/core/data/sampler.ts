import type { Pixels } from '../images/pixels.ts';
import { rgbOf } from '../images/tensors.ts';
import type { DirectionIndex } from '../paper/notation.ts';
import { estimateDirection } from '../rain/direction.ts';
import { sampleRecipe } from '../rain/presets.ts';
import type { RainPresetName, RecipeOptions } from '../rain/presets.ts';
import { makeRainyPair } from '../rain/rainyPair.ts';
import { drawRain } from '../rain/streaks.ts';
import { randomFromSeed } from '../random.ts';
import type { Random } from '../random.ts';
import { croppedDirection, randomCrop, randomScale, randomSide, scaledRgb, unscaled } from './crops.ts';
import type { BatchSquares, SquareSource } from './batchSquares.ts';
import type { Crop, ScaleRange } from './crops.ts';
import type { DatasetSplit } from './split.ts';
import type { ImageSource, PairEntry } from './imageSource.ts';
import { ImageCache } from './imageCache.ts';

/** How batches are made up. */
export interface SamplerOptions {
  readonly seed: number;
  readonly batch: number;
  /** Side of the crops, pixels. */
  readonly crop: number;
  /** Relative weights of the rain presets. */
  readonly rain: Readonly<Partial<Record<RainPresetName, number>>>;
  /** Factors that the size of generated rain is drawn from; absent: 1. */
  readonly rainScale?: ScaleRange;
  /** Share of generated rain that is varied as real rain is; absent: 0. */
  readonly rainVariety?: number;
  /** Factors by which photos and pairs are scaled before they are cut; absent: 1. */
  readonly imageScale?: ScaleRange;
  /** Share of labelled images taken from pairs, where both pairs and clean photos exist. */
  readonly pairShare: number;
  /** Relative weights of the real set's sources; those without images count as 0. */
  readonly real: { readonly photos: number; readonly rainyHalves: number; readonly generated: number };
  /** Share of both sets that stays rain-free. */
  readonly rainFreeShare: number;
  /** Labels are wrong by so many degrees, to the nearest 10; absent: 0. */
  readonly labelError?: number;
  /** Share of labels drawn at random; absent: 0. */
  readonly randomLabels?: number;
  /** Choice: the real set has so many different squares, which come again in another order; absent: each is drawn anew. */
  readonly realSquares?: number;
  readonly cacheBytes?: number;
}

/** One labelled square: yGt, zGt and xSyn are [side · side · 3], with xSyn = yGt + zGt. */
export interface LabelledSquare {
  readonly xSyn: Float32Array;
  readonly yGt: Float32Array;
  readonly zGt: Float32Array;
  readonly direction: DirectionIndex;
}

/** There is nothing to make batches from: no clean photo and no pair, or nothing to fill the real set with. */
export class NoImagesError extends Error {}

/**
 * Draws the batches of a run. Batch number k depends on the seed, the options and k alone, so a run that continues sees
 * what it would have seen.
 */
export class Sampler implements SquareSource {
  private readonly root: Random;
  private readonly cache: ImageCache;
  private readonly directions = new Map<string, DirectionIndex>();
  private readonly orders = new Map<string, readonly number[]>();

  /** Throws NoImagesError when the training half of `split` cannot fill a batch. */
  constructor(
    private readonly source: ImageSource,
    private readonly images: DatasetSplit['train'],
    private readonly options: SamplerOptions,
  ) {
    this.root = randomFromSeed(options.seed).split('batches');
    this.cache = new ImageCache(options.cacheBytes ?? 400e6);
    if (images.clean.length + images.pairs.length === 0) {
      throw new NoImagesError('There is no clean photo and no pair to learn from.');
    }
  }

  /** Images in one pass over the synthetic set. */
  get syntheticCount(): number {
    return this.images.clean.length + this.images.pairs.length;
  }

  /** Which squares of the real set batch number `index` has: equal numbers, equal squares. */
  realSquaresOf(index: number): number[] {
    const { batch, realSquares = Infinity } = this.options;
    return Array.from({ length: batch }, (_, i) => {
      const slot = index * batch + i;
      return slot < realSquares ? slot : this.shuffled('real', realSquares, slot);
    });
  }

  /** What batch number `index`, from 0, is made of. Rejects when an image cannot be read. */
  async squares(index: number): Promise<BatchSquares> {
    const labelled: LabelledSquare[] = [];
    const xReal: Float32Array[] = [];
    for (const [i, square] of this.realSquaresOf(index).entries()) {
      const slot = index * this.options.batch + i;
      const random = this.root.split(`labelled ${slot}`);
      const drawn = await this.labelled(slot, random);
      labelled.push({ ...drawn, direction: this.toldDirection(drawn.direction, random.split('label')) });
      xReal.push(await this.real(this.root.split(`real ${square}`)));
    }
    return {
      xSyn: labelled.map(({ xSyn }) => xSyn),
      yGt: labelled.map(({ yGt }) => yGt),
      zGt: labelled.map(({ zGt }) => zGt),
      direction: labelled.map(({ direction }) => direction),
      xReal,
    };
  }

  private async labelled(slot: number, random: Random): Promise<LabelledSquare> {
    if (this.isRainFree(random)) return rainFreeSquare(await this.anyCleanSquare(random));
    const { clean, pairs } = this.images;
    const fromPair = pairs.length > 0 && (clean.length === 0 || random.uniform() < this.options.pairShare);
    return fromPair
      ? this.pairSquare(pairs[this.shuffled('pairs', pairs.length, slot)]!, random)
      : this.rainySquare(slot, random);
  }

  private async pairSquare(entry: PairEntry, random: Random): Promise<LabelledSquare> {
    const [rainy, clean] = await this.pair(entry);
    const crop = this.randomCrop(clean, random);
    const yGt = this.rgb(clean, crop);
    const xSyn = this.rgb(rainy, crop);
    const zGt = yGt.map((value, i) => xSyn[i]! - value);
    return { xSyn, yGt, zGt, direction: croppedDirection(this.directionOf(entry, rainy, clean), crop) };
  }

  private async rainySquare(slot: number, random: Random): Promise<LabelledSquare> {
    const yGt = await this.cleanSquare(this.shuffled('clean', this.images.clean.length, slot), random);
    return this.rainOver(yGt, random);
  }

  /** Rain of a random preset, size and variety. */
  private rainOver(yGt: Float32Array, random: Random): LabelledSquare {
    const { rain, rainScale = unscaled, rainVariety = 0, crop } = this.options;
    const preset = weighted(random, rain);
    const scale = randomScale(rainScale, random.split('rain scale'));
    const vary = random.split('rain variety').uniform() < rainVariety;
    return rainOn(yGt, crop, preset, random, { scale, vary });
  }

  /** A square of the image at a random place and scale. */
  private randomCrop(photo: Pixels, random: Random): Crop {
    const { crop, imageScale = unscaled } = this.options;
    const side = randomSide(photo, crop, imageScale, random.split('image scale'));
    return randomCrop(photo, side, random);
  }

  private rgb(photo: Pixels, crop: Crop): Float32Array {
    return scaledRgb(photo, crop, this.options.crop);
  }

  private randomSquare(photo: Pixels, random: Random): Float32Array {
    return this.rgb(photo, this.randomCrop(photo, random));
  }

  /** A square of the real set; where it is generated or half of a pair, only its rainy side is looked at. */
  private async real(random: Random): Promise<Float32Array> {
    if (this.isRainFree(random)) return this.anyCleanSquare(random);
    const { real } = this.options;
    const { rainy, pairs } = this.images;
    const kind = weighted(random, {
      photos: rainy.length ? real.photos : 0,
      rainyHalves: pairs.length ? real.rainyHalves : 0,
      generated: real.generated,
    });
    if (kind === 'photos') {
      const id = rainy[random.below(rainy.length)]!;
      const [photo] = await this.cache.get(`rainy ${id}`, async () => [await this.source.readRainy(id)]);
      return this.randomSquare(photo!, random);
    }
    if (kind === 'rainyHalves') {
      const [photo] = await this.pair(pairs[random.below(pairs.length)]!);
      return this.randomSquare(photo!, random);
    }
    return this.rainOver(await this.anyCleanSquare(random), random).xSyn;
  }

  private isRainFree(random: Random): boolean {
    return random.split('dry').uniform() < this.options.rainFreeShare;
  }

  /** A square of a clean photo, or where there is none of the clean half of a pair. */
  private async anyCleanSquare(random: Random): Promise<Float32Array> {
    const { clean, pairs } = this.images;
    if (clean.length) return this.cleanSquare(random.below(clean.length), random);
    const [, photo] = await this.pair(pairs[random.below(pairs.length)]!);
    return this.randomSquare(photo!, random);
  }

  private async cleanSquare(index: number, random: Random): Promise<Float32Array> {
    const id = this.images.clean[index]!;
    const [photo] = await this.cache.get(`clean ${id}`, async () => [await this.source.readClean(id)]);
    return this.randomSquare(photo!, random);
  }

  /** [rainy, clean] of a pair. */
  private pair({ id }: PairEntry): Promise<readonly [Pixels, Pixels]> {
    return this.cache.get(`pair ${id}`, async () => {
      const { rainy, clean } = await this.source.readPair(id);
      if (rainy.width !== clean.width || rainy.height !== clean.height) {
        throw new Error(
          `The pair ${id} is ${rainy.width} × ${rainy.height} with rain and ${clean.width} × ${clean.height} without.`,
        );
      }
      return [rainy, clean];
    }) as Promise<readonly [Pixels, Pixels]>;
  }

  /** The label that (5) is told of a direction. */
  private toldDirection(direction: DirectionIndex, random: Random): DirectionIndex {
    const { labelError = 0, randomLabels = 0 } = this.options;
    if (random.uniform() < randomLabels) return random.below(18) as DirectionIndex;
    return ((direction + Math.round(labelError / 10)) % 18) as DirectionIndex;
  }

  private directionOf(entry: PairEntry, rainy: Pixels, clean: Pixels): DirectionIndex {
    const known = entry.direction ?? this.directions.get(entry.id);
    if (known !== undefined) return known;
    const estimated = estimatePairDirection(rainy, clean);
    this.directions.set(entry.id, estimated);
    return estimated;
  }

  /** The image for a slot when a set of `count` is passed over again and again, each time in a new order. */
  private shuffled(set: string, count: number, slot: number): number {
    const pass = Math.floor(slot / count);
    const key = `${set} ${pass}`;
    let order = this.orders.get(key);
    if (!order) {
      order = permutation(count, this.root.split(`order of ${key}`));
      for (const old of this.orders.keys()) if (old.startsWith(`${set} `)) this.orders.delete(old);
      this.orders.set(key, order);
    }
    return order[slot % count]!;
  }
}

/** Rain of a preset over a clean square, with its label. */
export function rainOn(
  yGt: Float32Array,
  side: number,
  preset: RainPresetName,
  random: Random,
  options?: RecipeOptions,
): LabelledSquare {
  const recipe = sampleRecipe(preset, random, options);
  const { rainy, rainMap } = makeRainyPair(yGt, drawRain(recipe, side, side), recipe.veil);
  return { xSyn: rainy, yGt, zGt: rainMap, direction: recipe.direction };
}

/** A labelled square without rain; its direction says nothing. */
function rainFreeSquare(yGt: Float32Array): LabelledSquare {
  return { xSyn: yGt, yGt, zGt: new Float32Array(yGt.length), direction: 0 as DirectionIndex };
}

/** The label of a pair that has none: the structure tensor's estimate on its rain map. */
export function estimatePairDirection(rainy: Pixels, clean: Pixels): DirectionIndex {
  const base = rgbOf(clean);
  const rainMap = rgbOf(rainy).map((value, i) => value - base[i]!);
  return estimateDirection(rainMap, clean.width, clean.height, 3).index;
}

function weighted<Name extends string>(random: Random, weights: Readonly<Partial<Record<Name, number>>>): Name {
  const entries = Object.entries(weights) as [Name, number][];
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  if (total <= 0) {
    throw new NoImagesError(
      'Nothing is chosen to take images from: give at least one source that has images a weight above 0.',
    );
  }
  let rest = random.uniform() * total;
  for (const [name, weight] of entries) {
    rest -= weight;
    if (rest < 0) return name;
  }
  return entries.findLast(([, weight]) => weight > 0)![0];
}

function permutation(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
