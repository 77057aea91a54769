import type { ViewSettings } from '../routing/route.ts';
import type { StageMode } from './stage/drawStage.ts';

/** What the address keeps of the desk, so that a link shows the same. */
export interface DeskSettings {
  /** `shipped:<name>`, `mine:<id>` or `file:<number>`; null leaves the choice to the page. */
  readonly model: string | null;
  /** Percent of what the student finds, 0…150. */
  readonly strength: number;
  /** What the result is compared with: the photo, its rain map, a known truth, or another model's id. */
  readonly compare: string;
  /** What lies on the right, or alone: the result, or any of the others. */
  readonly show: string;
  /** Brightness of the rain map, 1…16. */
  readonly gain: number;
  readonly mode: StageMode;
  /** Mean of eight turned answers. */
  readonly best: boolean;
}

/** Of the self-ensemble: a picture turned and mirrored in every way. */
export const ANSWERS = 8;
export const STRENGTH = { min: 0, max: 150, step: 5 } as const;
export const GAIN = { min: 1, max: 16, step: 1 } as const;

const standard: DeskSettings = {
  model: null,
  strength: 100,
  compare: 'original',
  show: 'result',
  gain: 4,
  mode: 'split',
  best: false,
};
const modes: readonly StageMode[] = ['split', 'sides', 'single'];

/** The settings in an address; what is missing or makes no sense is as at the first visit. */
export function readDeskSettings(settings: ViewSettings): DeskSettings {
  return {
    model: settings['model'] || null,
    strength: within(settings['strength'], STRENGTH, standard.strength),
    compare: settings['compare'] || standard.compare,
    show: settings['show'] || standard.show,
    gain: within(settings['gain'], GAIN, standard.gain),
    mode: modes.find((mode) => mode === settings['mode']) ?? standard.mode,
    best: settings['best'] === 'yes',
  };
}

/** A change, as the address writes it; standard values are left out. */
export function writeDeskSettings(change: Partial<DeskSettings>): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(change).map(([name, value]) => {
      if (value === standard[name as keyof DeskSettings]) return [name, null];
      return [name, typeof value === 'boolean' ? (value ? 'yes' : null) : value === null ? null : String(value)];
    }),
  );
}

function within(
  text: string | undefined,
  { min, max }: { readonly min: number; readonly max: number },
  otherwise: number,
): number {
  const value = Number(text);
  return text !== undefined && text.trim() !== '' && value >= min && value <= max ? Math.round(value) : otherwise;
}
