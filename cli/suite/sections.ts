import { cropPixels } from '../../src/core/images/pixels.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import { imageOf, rgbOf } from '../../src/core/images/tensors.ts';
import { naturalness, psnrRgb, psnrY, ssimY } from '../../src/core/metrics/metrics.ts';
import type { Metric } from '../../src/core/metrics/metrics.ts';
import { sampleRecipe } from '../../src/core/rain/presets.ts';
import type { RainPresetName } from '../../src/core/rain/presets.ts';
import { makeRainyPair } from '../../src/core/rain/rainyPair.ts';
import { drawRain } from '../../src/core/rain/streaks.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { enlargePhoto, readPhoto } from '../photos.ts';
import type { PhotoFile } from '../photos.ts';
import type { SampleFiles, SuiteFiles } from './dataRoot.ts';

/** One image of the suite: what a model is given and what it should give, of one size; `clean` is null for real rain. */
export interface SuiteImage {
  readonly id: string;
  read(): Promise<{ readonly input: Pixels; readonly clean: Pixels | null }>;
}

/** One number of the table: a metric over the images of a section. */
export interface SuiteRule {
  readonly id: string;
  readonly label: string;
  readonly metric: Metric;
  /** 'gain' is the mean less the input's. */
  readonly take: 'mean' | 'gain' | 'lowest';
}

/** Images that are measured together. */
export interface SuiteSection {
  readonly id: string;
  readonly images: readonly SuiteImage[];
  readonly rules: readonly SuiteRule[];
  /** The input is the truth, so that its own figure says nothing. */
  readonly rainFree: boolean;
}

/** The longer side of the held-out photos, pixels; larger ones are reduced before rain is drawn. */
const HELD_OUT_SIDE = 600;
/** What is measured of an enlarged rain-free photo, pixels at most: its centre. */
const ENLARGED_PIXELS = 1e6;
const SEED = 1;

/** Said below the table. */
export const suiteNotes =
  `Enlarged images: both halves bicubically (sharp's cubic kernel). Rain-free photos at ×4: central crops of at most ` +
  `${ENLARGED_PIXELS / 1e6} MP. Equal images count as 99 dB. Pairs 181–200, the heavy pairs' scenes and the photos under drawn rain are ` +
  `kept out of training by train --hold-out-suite; the rain-free photos are not, as they measure what a model does where there is no rain.`;

/** The suite over these files; `quick` takes every fourth image and leaves out the enlarged rain-free photos and NIQE. */
export function suiteSections(files: SuiteFiles, samples: readonly SampleFiles[], quick: boolean): SuiteSection[] {
  const sections = [
    ...[1, 2, 4].map((factor) => pairsSection(files, factor)),
    drawnRainSection('downpour', 'downpour', files.heldOut),
    drawnRainSection('dense', 'dense', files.heldOut),
    heavySection(files),
    rainFreeSection(files, 1),
    ...(quick ? [] : [rainFreeSection(files, 4), realSection(files)]),
  ].map((section) => ({ ...section, images: quick ? everyFourth(section.images) : section.images }));
  return [...sections, ...(quick ? everyFourth(samples) : samples).map(sampleSection)];
}

function pairsSection({ pairs }: SuiteFiles, factor: number): SuiteSection {
  const id = `pairs-x${factor}`;
  const label = `Rain100L pairs 181–200 at ×${factor}`;
  return {
    id,
    images: pairs.map(({ stem, rainy, clean }) => ({
      id: stem,
      read: async () => ({
        input: await enlargePhoto(await readPhoto(rainy), factor),
        clean: await enlargePhoto(await readPhoto(clean), factor),
      }),
    })),
    rules: [mean(id, label, psnrY), mean(id, label, ssimY)],
    rainFree: false,
  };
}

/** Rain of a preset over clean photos; it depends on the preset and the photo's name alone. */
function drawnRainSection(id: string, preset: RainPresetName, photos: readonly PhotoFile[]): SuiteSection {
  const label = `rain '${id}' over held-out photos`;
  return {
    id,
    images: photos.map(({ stem, path }) => ({
      id: stem,
      read: async () => {
        const clean = await readPhoto(path, HELD_OUT_SIDE);
        const { width, height } = clean;
        const recipe = sampleRecipe(preset, randomFromSeed(SEED).split(`suite ${id} ${stem}`));
        const { rainy } = makeRainyPair(rgbOf(clean), drawRain(recipe, width, height), recipe.veil);
        return { input: imageOf(rainy, width, height), clean };
      },
    })),
    rules: [mean(id, label, psnrY), gain(id, label, psnrY)],
    rainFree: false,
  };
}

function heavySection({ heavyPairs }: SuiteFiles): SuiteSection {
  const [id, label] = ['heavy', 'heavy pairs'];
  return {
    id,
    images: heavyPairs.map(({ stem, rainy, clean }) => ({ id: stem, read: () => readPair(rainy, clean) })),
    rules: [mean(id, label, psnrY), gain(id, label, psnrY)],
    rainFree: false,
  };
}

function rainFreeSection({ rainFree }: SuiteFiles, factor: number): SuiteSection {
  const id = `rain-free-x${factor}`;
  const label = `rain-free photos at ×${factor}`;
  return {
    id,
    images: rainFree.map(({ stem, path }) => ({
      id: stem,
      read: async () => {
        const photo = await readPhoto(path);
        const image = factor === 1 ? photo : await enlargePhoto(centre(photo, ENLARGED_PIXELS / factor ** 2), factor);
        return { input: image, clean: image };
      },
    })),
    rules: [
      mean(id, label, psnrY),
      { id: `${id}.lowest`, label: `${label}, lowest ${psnrY.label}`, metric: psnrY, take: 'lowest' },
    ],
    rainFree: true,
  };
}

function realSection({ rainy }: SuiteFiles): SuiteSection {
  return {
    id: 'real',
    images: rainy.map(({ stem, path }) => ({
      id: stem,
      read: async () => ({ input: await readPhoto(path), clean: null }),
    })),
    rules: [mean('real', 'real rainy photos', naturalness)],
    rainFree: false,
  };
}

function sampleSection({ name, title, rainy, clean }: SampleFiles): SuiteSection {
  const id = `sample-${name}`;
  return {
    id,
    images: [{ id: name, read: () => readPair(rainy, clean) }],
    rules: [mean(id, `sample '${title}'`, psnrRgb)],
    rainFree: false,
  };
}

function mean(id: string, label: string, metric: Metric): SuiteRule {
  const lower = metric.higherIsBetter ? '' : ' (lower is better)';
  return { id: `${id}.${metric.name}`, label: `${label}, ${metric.label}${lower}`, metric, take: 'mean' };
}

function gain(id: string, label: string, metric: Metric): SuiteRule {
  return { id: `${id}.gain`, label: `${label}, gain in ${metric.label}`, metric, take: 'gain' };
}

async function readPair(rainy: string, clean: string): Promise<{ input: Pixels; clean: Pixels }> {
  return { input: await readPhoto(rainy), clean: await readPhoto(clean) };
}

/** The centre of an image in its own proportions, of at most so many pixels. */
function centre(image: Pixels, pixels: number): Pixels {
  const scale = Math.min(1, Math.sqrt(pixels / (image.width * image.height)));
  const [width, height] = [Math.floor(image.width * scale), Math.floor(image.height * scale)];
  return cropPixels(image, (image.width - width) >> 1, (image.height - height) >> 1, width, height);
}

function everyFourth<Item>(items: readonly Item[]): Item[] {
  return items.filter((_, i) => i % 4 === 0);
}
