import { replaceSettings, useRoute, type ViewSettings } from '../../routing/route.ts';
import { MAX_MODELS } from '../run/state.ts';

/** Which images the grid shows: the derained ones, their rain maps, both, or one derainer's way from photo to result. */
export const LAYOUTS = ['results', 'rainMaps', 'both', 'path'] as const;
export type Layout = (typeof LAYOUTS)[number];
/** What the images are shown less: nothing, or the ground truth, or the photo. */
export const REFERENCES = ['none', 'truth', 'original'] as const;
export type Reference = (typeof REFERENCES)[number];
export type ChannelChoice = 'y' | 'rgb';

/** What the address keeps of the Compare view, so that a link shows the same. */
export interface CompareSettings {
  /** Ids as in Derain; null leaves the choice to the page. */
  readonly models: readonly string[] | null;
  readonly layout: Layout;
  /** Of PSNR and SSIM. */
  readonly channels: ChannelChoice;
  readonly reference: Reference;
  /** Brightness of rain maps and differences: 1, 2, 4, 8 or 16. */
  readonly gain: number;
  readonly part: 'images' | 'table';
}

const standard: CompareSettings = {
  models: null,
  layout: 'results',
  channels: 'y',
  reference: 'none',
  gain: 4,
  part: 'images',
};
export const GAINS = [1, 2, 4, 8, 16] as const;

/** The settings in an address; what is missing or makes no sense is as at the first visit. */
export function readCompareSettings(settings: ViewSettings): CompareSettings {
  const one = <Value extends string>(name: string, values: readonly Value[], otherwise: Value): Value =>
    values.find((value) => value === settings[name]) ?? otherwise;
  const models = settings['models']?.split(',').filter(Boolean);
  return {
    models: models ? [...new Set(models)].slice(0, MAX_MODELS) : null,
    layout: one('layout', LAYOUTS, standard.layout),
    channels: one('channels', ['y', 'rgb'], standard.channels),
    reference: one('reference', REFERENCES, standard.reference),
    gain: GAINS.find((gain) => String(gain) === settings['gain']) ?? standard.gain,
    part: one('part', ['images', 'table'], standard.part),
  };
}

/** A change, as the address writes it; standard values are left out. */
export function writeCompareSettings(change: Partial<CompareSettings>): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(change).map(([name, value]) => {
      if (value === null || value === standard[name as keyof CompareSettings]) return [name, null];
      return [name, Array.isArray(value) ? value.join(',') : String(value)];
    }),
  );
}

export function compareSettings(): CompareSettings {
  return readCompareSettings(useRoute.getState().settings.compare);
}

export function useCompareSettings(): CompareSettings {
  return readCompareSettings(useRoute((route) => route.settings.compare));
}

export function changeSettings(change: Partial<CompareSettings>): void {
  replaceSettings('compare', writeCompareSettings(change));
}
