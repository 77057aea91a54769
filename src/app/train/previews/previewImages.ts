import type { Pixels } from '../../../core/images/pixels.ts';
import type { PreviewSample } from '../../../core/training/events.ts';

export const imageNames = ['rainy', 'rainMap', 'trueRainMap', 'teacher', 'student', 'truth'] as const;
export type ImageName = (typeof imageNames)[number];

/** What each image of a preview is, in plain words, with the paper's symbol. */
export const imageLabels: Readonly<
  Record<ImageName, { readonly title: string; readonly symbol: string; readonly index?: string }>
> = {
  rainy: { title: 'Rainy', symbol: 'x' },
  rainMap: { title: 'Rain map', symbol: 'z' },
  trueRainMap: { title: 'True rain', symbol: 'z', index: 'gt' },
  teacher: { title: 'Teacher', symbol: 'y' },
  student: { title: 'Student', symbol: 'F', index: '3' },
  truth: { title: 'Ground truth', symbol: 'y', index: 'gt' },
};

/** The images a sample has; without a clean counterpart there is no ground truth. */
export function imagesOf(
  sample: PreviewSample,
): { readonly name: ImageName; readonly pixels: Pixels; readonly psnr: number | null }[] {
  return imageNames.flatMap((name) => {
    const pixels = sample[name];
    return pixels ? [{ name, pixels, psnr: psnrOf(sample, name) }] : [];
  });
}

/** PSNR of an image of the sample against its ground truth, dB; null where there is none. */
export function psnrOf({ psnr }: PreviewSample, name: ImageName): number | null {
  if (!psnr || name === 'truth' || name === 'trueRainMap') return null;
  return psnr[name];
}
