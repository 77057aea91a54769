import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { centralCrop, cropRgb, liveliestCrop } from '../data/crops.ts';
import type { Crop } from '../data/crops.ts';
import type { DatasetSplit } from '../data/split.ts';
import type { ImageSource } from '../data/imageSource.ts';
import { rainOn } from '../data/sampler.ts';
import type { Pixels } from '../images/pixels.ts';
import { imagesOfTensor, imageOf, tensorOfImages } from '../images/tensors.ts';
import { finiteScore, meanScore } from '../metrics/meanScore.ts';
import { metrics, psnrY, rainMapPsnrY, scoresOf, ssimY } from '../metrics/metrics.ts';
import type { Metric, Scores } from '../metrics/metrics.ts';
import { rainMapImage } from '../metrics/rainMap.ts';
import type { Adam } from '../paper/adam.ts';
import type { NetworkName, Networks } from '../paper/networks.ts';
import type { DirectionIndex, Images } from '../paper/notation.ts';
import { removeRain } from '../paper/rainModel.ts';
import { rainPresetNames } from '../rain/presets.ts';
import { randomFromSeed } from '../random.ts';
import type { TrainingConfig } from './config.ts';
import type { PreviewSample, Validated } from './events.ts';

/** A rainy image to look at, with its ground truth where there is one. */
export interface ValidationSample {
  readonly label: string;
  readonly rainy: Pixels;
  readonly truth: Pixels | null;
  /** Label of its rain, where it is known. */
  readonly direction?: DirectionIndex;
}

/** What the networks make of a rainy image, as images of its size. */
interface Result {
  readonly rainMap: Pixels;
  readonly teacher: Pixels;
  readonly student: Pixels;
}

/** The held-out images at the size that validation looks at; clean ones get generated rain, always the same. */
export async function validationSamples(
  source: ImageSource,
  heldOut: DatasetSplit['heldOut'],
  config: TrainingConfig,
): Promise<ValidationSample[]> {
  const side = config.data.validationCrop;
  const samples: ValidationSample[] = [];
  for (const { id } of heldOut.pairs) {
    const { rainy, clean } = await source.readPair(id);
    samples.push({ label: id, rainy: central(rainy, side), truth: central(clean, side) });
  }
  for (const [i, id] of heldOut.clean.entries()) {
    samples.push(withRain(await source.readClean(id), side || 160, id, i, config));
  }
  return samples;
}

/** Side of the crops for the previews, pixels. */
const previewSide = 96;

/** Up to two held-out images and two real ones, cropped for the previews where there is most to see. */
export async function previewSamples(
  source: ImageSource,
  split: DatasetSplit,
  config: TrainingConfig,
): Promise<ValidationSample[]> {
  const samples: ValidationSample[] = [];
  for (const { id, direction } of split.heldOut.pairs.slice(0, 2)) {
    const { rainy, clean } = await source.readPair(id);
    const crop = liveliestCrop(clean, previewSide);
    const label = direction === null ? {} : { direction };
    samples.push({ label: id, rainy: cut(rainy, crop), truth: cut(clean, crop), ...label });
  }
  const clean = [...split.heldOut.clean, ...split.train.clean].slice(0, 2 - samples.length);
  for (const [i, id] of clean.entries()) {
    const image = await source.readClean(id);
    samples.push(withRain(image, previewSide, id, i, config, liveliestCrop(image, previewSide)));
  }
  for (const id of split.train.rainy.slice(0, 2)) {
    const image = await source.readRainy(id);
    samples.push({ label: id, rainy: cut(image, liveliestCrop(image, previewSide)), truth: null });
  }
  return samples;
}

/** Means over `samples` (all with a truth) of the averaged weights; `yieldToEventLoop` between images. Null when there are none. */
export async function validate(
  networks: Networks,
  adam: Adam,
  samples: readonly ValidationSample[],
  step: number,
  yieldToEventLoop: () => Promise<void>,
): Promise<Validated | null> {
  if (samples.length === 0) return null;
  const measured: Record<MeasuredImage, Scores[]> = { rainy: [], teacher: [], student: [] };
  for (const sample of samples) {
    const [result] = await predict(networks, adam, [sample.rainy]);
    for (const [image, scores] of Object.entries(scoresOfSample(sample, result!, validationMetrics)))
      measured[image as MeasuredImage].push(scores);
    await yieldToEventLoop();
  }
  const [rainy, teacher, student] = [measured.rainy, measured.teacher, measured.student].map(meanScores);
  const of = (scores: Scores | undefined, { name }: Metric): number => scores?.[name] ?? 0;
  return {
    type: 'validated',
    step,
    images: samples.length,
    psnr: {
      rainy: of(rainy, psnrY),
      teacher: of(teacher, psnrY),
      student: of(student, psnrY),
      rainMap: of(teacher, rainMapPsnrY),
    },
    ssim: { rainy: of(rainy, ssimY), teacher: of(teacher, ssimY), student: of(student, ssimY) },
    scores: { rainy: rainy!, teacher: teacher!, student: student! },
  };
}

/** What validation takes of every image: of the metrics that compare with the truth, those shown first and those on luma. */
const validationMetrics = metrics.filter(
  ({ headline, channels, needsReference }) => needsReference && (headline || channels === 'y'),
);

type MeasuredImage = 'rainy' | 'teacher' | 'student';

/** Figures of a sample with a truth, and of what the networks make of it; the rain map is the teacher's own. */
function scoresOfSample(
  { rainy, truth: clean }: ValidationSample,
  { teacher, student, rainMap }: Result,
  table: readonly Metric[],
): Record<MeasuredImage, Scores> {
  return {
    rainy: scoresOf({ output: rainy, rainy: null, clean }, table),
    teacher: scoresOf({ output: teacher, rainy, clean, rainMap }, table),
    student: scoresOf({ output: student, rainy, clean }, table),
  };
}

function meanScores(of: readonly Scores[]): Scores {
  return Object.fromEntries(
    validationMetrics.map(({ name }) => [name, meanScore(of.map((scores) => scores[name] ?? null))]),
  );
}

/** The samples (of one size) as the averaged weights see them now. */
export async function preview(
  networks: Networks,
  adam: Adam,
  samples: readonly ValidationSample[],
): Promise<PreviewSample[]> {
  const results = await predict(
    networks,
    adam,
    samples.map(({ rainy }) => rainy),
  );
  return samples.map(({ label, rainy, truth, direction }, i) => {
    const result = results[i]!;
    const trueMap = truth && rainMapImage(rainy, truth);
    return {
      label,
      rainy,
      truth,
      ...result,
      trueRainMap: trueMap,
      ...(direction !== undefined && { direction }),
      psnr: truth && previewPsnr(samples[i]!, result),
    };
  });
}

function previewPsnr(sample: ValidationSample, result: Result): NonNullable<PreviewSample['psnr']> {
  const { rainy, teacher, student } = scoresOfSample(sample, result, [psnrY, rainMapPsnrY]);
  const of = (scores: Scores, { name }: Metric): number => finiteScore(scores[name]!);
  return {
    rainy: of(rainy, psnrY),
    teacher: of(teacher, psnrY),
    student: of(student, psnrY),
    rainMap: of(teacher, rainMapPsnrY),
  };
}

async function predict(networks: Networks, adam: Adam, images: readonly Pixels[]): Promise<Result[]> {
  if (images.length === 0) return [];
  const average = (name: NetworkName): Map<string, Tensor> =>
    new Map([...networks[name].variables.keys()].map((weight) => [weight, adam.averages.get(`${name}/${weight}`)!]));
  const outputs = tf.tidy(() => {
    const x = tensorOfImages(images);
    const z = networks.f1.apply(x, average('f1'));
    return [z, networks.f2.apply(removeRain(x, z), average('f2')), networks.f3.apply(x, average('f3'))] as Images[];
  });
  const [rainMaps, teachers, students] = await Promise.all(outputs.map((batch) => imagesOfTensor(batch)));
  tf.dispose(outputs);
  return images.map((_, i) => ({ rainMap: rainMaps![i]!, teacher: teachers![i]!, student: students![i]! }));
}

function central(image: Pixels, side: number): Pixels {
  return side === 0 ? image : cut(image, centralCrop(image, side));
}

function cut(image: Pixels, crop: Crop): Pixels {
  return imageOf(cropRgb(image, crop), crop.side, crop.side);
}

/** The i-th held-out clean photo in rain of the presets in use, the same at every call. */
function withRain(
  clean: Pixels,
  side: number,
  label: string,
  i: number,
  config: TrainingConfig,
  crop: Crop = centralCrop(clean, side),
): ValidationSample {
  const used = rainPresetNames.filter((name) => config.data.rain[name] > 0);
  const preset = used[i % used.length] ?? 'light';
  const square = rainOn(cropRgb(clean, crop), side, preset, randomFromSeed(config.run.seed).split(`held out ${i}`));
  const { xSyn, yGt, direction } = square;
  return { label, rainy: imageOf(xSyn, side, side), truth: imageOf(yGt, side, side), direction };
}
