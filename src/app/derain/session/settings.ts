import type { StageMode } from '../../stage/Stage.tsx';
import { replaceSettings, useRoute, type ViewSettings } from '../../routing/route.ts';

/** What the address keeps of the Derain view, so that a link shows the same. */
export interface DerainSettings {
  /** `shipped:<name>`, `mine:<id>` or `file:<number>`; null leaves the choice to the page. */
  readonly model: string | null;
  /** Percent of what the student finds, 0…150. */
  readonly strength: number;
  /** What the result is compared with: the photo, its rain map, a known ground truth, or another model's id. */
  readonly compare: string;
  /** What lies on the right, or alone: the result, the result as its file shows it ('saved'), or any of the others. */
  readonly show: string;
  /** Brightness of the rain map, 1…16. */
  readonly gain: number;
  readonly mode: StageMode;
  /** Self-ensemble of eight passes. */
  readonly ensemble: boolean;
  /** Time that a student takes to adapt to a photo, seconds. */
  readonly adaptSeconds: number;
}

export const STRENGTH = { min: 0, max: 150, step: 5 } as const;
export const ADAPT_SECONDS = { min: 1, max: 600, step: 1 } as const;
export const GAIN = { min: 1, max: 16, step: 1 } as const;

const standard: DerainSettings = {
  model: null,
  strength: 100,
  compare: 'original',
  show: 'result',
  gain: 4,
  mode: 'split',
  ensemble: false,
  adaptSeconds: 90,
};
const modes: readonly StageMode[] = ['split', 'sides', 'single'];

/** The settings in an address; what is missing or makes no sense is as at the first visit. */
export function readDerainSettings(settings: ViewSettings): DerainSettings {
  return {
    model: settings['model'] || null,
    strength: within(settings['strength'], STRENGTH, standard.strength),
    compare: settings['compare'] || standard.compare,
    show: settings['show'] || standard.show,
    gain: within(settings['gain'], GAIN, standard.gain),
    mode: modes.find((mode) => mode === settings['mode']) ?? standard.mode,
    ensemble: (settings['ensemble'] ?? settings['best']) === 'yes', // earlier links say `best`
    adaptSeconds: within(settings['adaptSeconds'], ADAPT_SECONDS, standard.adaptSeconds),
  };
}

/** A change, as the address writes it; standard values are left out. */
export function writeDerainSettings(change: Partial<DerainSettings>): Record<string, string | null> {
  const link = Object.fromEntries(
    Object.entries(change).map(([name, value]) => {
      if (value === standard[name as keyof DerainSettings]) return [name, null];
      return [name, typeof value === 'boolean' ? (value ? 'yes' : null) : value === null ? null : String(value)];
    }),
  );
  return 'ensemble' in change ? { ...link, best: null } : link;
}

function within(
  text: string | undefined,
  { min, max }: { readonly min: number; readonly max: number },
  otherwise: number,
): number {
  const value = Number(text);
  return text !== undefined && text.trim() !== '' && value >= min && value <= max ? Math.round(value) : otherwise;
}

/** The settings in the address now. */
export function derainSettings(): DerainSettings {
  return readDerainSettings(useRoute.getState().settings.derain);
}

export function useDerainSettings(): DerainSettings {
  return readDerainSettings(useRoute((route) => route.settings.derain));
}

export function changeSettings(change: Partial<DerainSettings>): void {
  replaceSettings('derain', writeDerainSettings(change));
}
