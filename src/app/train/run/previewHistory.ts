import type { Pixels } from '../../../core/images/pixels.ts';
import type { Previewed, PreviewSample } from '../../../core/training/events.ts';

export interface PreviewLimits {
  /** Previews kept. */
  readonly count: number;
  /** Bytes of pixels kept. */
  readonly bytes: number;
}

export const previewLimits: PreviewLimits = { count: 60, bytes: 160e6 };

/**
 * Adds a preview to those kept so far, ascending in step. What lies at or after its step is replaced. When there are too many, the ones that stand
 * closest to their neighbours go, so that the first, the newest and an even spread between them remain. Fixed crops that did not
 * change are kept once.
 */
export function keepPreview(
  kept: readonly Previewed[],
  preview: Previewed,
  limits = previewLimits,
): readonly Previewed[] {
  const before = kept.filter(({ step }) => step < preview.step);
  const result = [...before, withKnownCrops(preview, before.at(-1))];
  while (result.length > 2 && (result.length > limits.count || bytesOf(result) > limits.bytes)) {
    result.splice(mostCrowded(result), 1);
  }
  return result;
}

/** Index of the preview, neither first nor last, whose neighbours are closest to each other. */
function mostCrowded(previews: readonly Previewed[]): number {
  let best = 1;
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < previews.length - 1; i++) {
    const gap = previews[i + 1]!.step - previews[i - 1]!.step;
    if (gap < smallest) {
      smallest = gap;
      best = i;
    }
  }
  return best;
}

/** Bytes of distinct pixel buffers. */
function bytesOf(previews: readonly Previewed[]): number {
  const buffers = new Map<ArrayBufferLike, number>();
  for (const { samples } of previews) {
    for (const image of samples.flatMap(imagesOf)) buffers.set(image.data.buffer, image.data.byteLength);
  }
  return [...buffers.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function imagesOf(sample: PreviewSample): Pixels[] {
  const { rainy, rainMap, trueRainMap, teacher, student, truth } = sample;
  return [rainy, rainMap, trueRainMap, teacher, student, truth].filter((image) => image !== null);
}

function withKnownCrops(preview: Previewed, earlier: Previewed | undefined): Previewed {
  if (!earlier) return preview;
  return {
    ...preview,
    samples: preview.samples.map((sample, index) => {
      const known = earlier.samples[index];
      if (!known || known.label !== sample.label) return sample;
      return {
        ...sample,
        rainy: same(known.rainy, sample.rainy) ? known.rainy : sample.rainy,
        truth: same(known.truth, sample.truth) ? known.truth : sample.truth,
        trueRainMap: same(known.trueRainMap, sample.trueRainMap) ? known.trueRainMap : sample.trueRainMap,
      };
    }),
  };
}

function same(a: Pixels | null, b: Pixels | null): boolean {
  if (a === null || b === null) return a === b;
  return a.width === b.width && a.height === b.height && a.data.every((value, index) => value === b.data[index]);
}
