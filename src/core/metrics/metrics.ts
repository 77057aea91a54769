import type { Channels } from '../images/luma.ts';
import { luma, planesOf } from '../images/luma.ts';
import type { Pixels } from '../images/pixels.ts';
import { niqe } from './niqe.ts';
import { NIQE_BLOCK } from './niqeFeatures.ts';
import { psnr } from './psnr.ts';
import { rainMapImage } from './rainMap.ts';
import { ssim } from './ssim.ts';

/** How a metric is shown, wherever it is shown. */
export interface MetricDescription {
  /** Its column in CSV and JSON. */
  readonly name: string;
  /** Its heading in tables, with the channels that it is taken on. */
  readonly label: string;
  readonly unit: 'dB' | '';
  /** Decimals in tables. */
  readonly digits: number;
  readonly higherIsBetter: boolean;
}

/**
 * A metric. One that needs a reference compares an output with the truth: the derained image with the clean one, or the
 * rain map with the true one. `compute` returns null for an image that it cannot measure.
 */
export type Metric = MetricDescription & {
  /** What is measured: the derained image or its rain map. */
  readonly of: 'image' | 'rainMap';
  /** What of an image it looks at, where there are metrics of the kind for others. */
  readonly channels: Channels | null;
  /** Shown where there is room for a few metrics only. */
  readonly headline: boolean;
} & (
    | { readonly needsReference: true; compute(output: Pixels, reference: Pixels): number | null }
    | { readonly needsReference: false; compute(output: Pixels): number | null }
  );

/** An output of a network and what it is measured against. All images have one size. */
export interface Measured {
  /** The derained image; for the figures of a rainy image itself, that image. */
  readonly output: Pixels;
  readonly rainy: Pixels | null;
  readonly clean: Pixels | null;
  /** The rain map that the network itself found, if it did; otherwise rainy − output is measured. */
  readonly rainMap?: Pixels | null;
}

/** Figures by the metric's name; null where the metric has nothing to compare with, or cannot measure the image. */
export type Scores = Readonly<Record<string, number | null>>;

/** PSNR on luma, dB. */
export const psnrY = psnrOf('y', 'image');
/** SSIM on luma. */
export const ssimY = ssimOf('y', 'image');
/** PSNR on RGB, dB. */
export const psnrRgb = psnrOf('rgb', 'image');
/** PSNR of the rain map on luma, dB. */
export const rainMapPsnrY = psnrOf('y', 'rainMap');

/** NIQE on luma under this project's pristine model; null for an image that is too small or too flat for it. */
export const naturalness = {
  name: 'niqe',
  label: 'NIQE',
  unit: '',
  digits: 3,
  higherIsBetter: false,
  of: 'image',
  channels: null,
  headline: true,
  needsReference: false,
  compute: (image: Pixels): number | null => {
    if (image.width < NIQE_BLOCK || image.height < NIQE_BLOCK) return null;
    try {
      return niqe(luma(image));
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  },
} as const satisfies Metric;

/**
 * Every metric, in the order of the tables: `evaluate`, its CSV and JSON, and the figures beside a photo are built from it.
 * To add one, write its function and put a row here.
 */
export const metrics: readonly Metric[] = [
  psnrY,
  ssimY,
  psnrRgb,
  ssimOf('rgb', 'image'),
  rainMapPsnrY,
  ssimOf('y', 'rainMap'),
  psnrOf('rgb', 'rainMap'),
  ssimOf('rgb', 'rainMap'),
  naturalness,
];

/** Every figure of one output. Throws RangeError when sizes differ, or are below what SSIM needs (11 × 11). */
export function scoresOf(measured: Measured, table: readonly Metric[] = metrics): Scores {
  const { output, rainy, clean } = measured;
  const needsMap = table.some((metric) => metric.of === 'rainMap');
  const map = needsMap && rainy && clean ? (measured.rainMap ?? rainMapImage(rainy, output)) : null;
  const reference = { image: clean, rainMap: map && rainMapImage(rainy!, clean!) };
  const score = (metric: Metric): number | null => {
    const shown = metric.of === 'image' ? output : map;
    if (!shown) return null;
    if (!metric.needsReference) return metric.compute(shown);
    const truth = reference[metric.of];
    return truth && metric.compute(shown, truth);
  };
  return Object.fromEntries(table.map((metric) => [metric.name, score(metric)]));
}

function psnrOf(channels: Channels, of: Metric['of']) {
  return {
    ...described('PSNR', channels, of),
    unit: 'dB',
    digits: 2,
    headline: of === 'image' || channels === 'y',
    compute: (output: Pixels, reference: Pixels): number =>
      psnr(planesOf(output, channels), planesOf(reference, channels)),
  } as const satisfies Metric;
}

function ssimOf(channels: Channels, of: Metric['of']) {
  return {
    ...described('SSIM', channels, of),
    unit: '',
    digits: 4,
    headline: of === 'image' && channels === 'y',
    compute: (output: Pixels, reference: Pixels): number =>
      ssim(planesOf(output, channels), planesOf(reference, channels)),
  } as const satisfies Metric;
}

function described(name: 'PSNR' | 'SSIM', channels: Channels, of: Metric['of']) {
  const [column, suffix] = [name.toLowerCase(), channels === 'y' ? 'Y' : 'Rgb'];
  return {
    name: of === 'image' ? `${column}${suffix}` : `map${name[0]}${column.slice(1)}${suffix}`,
    label: `${of === 'image' ? '' : 'map '}${name}-${channels.toUpperCase()}`,
    higherIsBetter: true,
    of,
    channels,
    needsReference: true,
  } as const;
}
