import { create } from 'zustand';
import type { Previewed, PreviewSample } from '../../../core/training/events.ts';
import { useTraining } from './trainingStore.ts';

/** Which of the previews is looked at, by everything that shows one. */
interface Looking {
  /** Step looked back at; null follows the latest. */
  readonly at: number | null;
  /** Label of the crop whose rain direction is shown; null: the first one whose rain is known. */
  readonly crop: string | null;
}

export const useLooking = create<Looking>()(() => ({ at: null, crop: null }));

/** Index of the preview at the step looked at, or the first after it; the latest when there is none. −1 without previews. */
export function shownIndex(previews: readonly Previewed[], at: number | null): number {
  const found = at === null ? -1 : previews.findIndex(({ step }) => step >= at);
  return found < 0 ? previews.length - 1 : found;
}

/** The sample that is called `crop`, else the first one whose rain is known, else the first. */
export function shownSample(samples: readonly PreviewSample[], crop: string | null): PreviewSample | undefined {
  return samples.find(({ label }) => label === crop) ?? samples.find(({ trueRainMap }) => trueRainMap) ?? samples[0];
}

/** The preview that is looked at, and the crop of it whose rain direction is shown. */
export function useShownPreview(): {
  readonly preview: Previewed | undefined;
  readonly sample: PreviewSample | undefined;
} {
  const previews = useTraining((state) => state.previews);
  const { at, crop } = useLooking();
  const preview = previews[shownIndex(previews, at)];
  return { preview, sample: preview && shownSample(preview.samples, crop) };
}
