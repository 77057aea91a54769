import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { SaveFormat, SaveSettings } from './saveFormat.ts';

const SAVE_FORMATS: readonly SaveFormat[] = ['original', 'image/png', 'image/jpeg', 'image/webp'];

export interface SaveChoice {
  readonly format: SaveFormat;
  /** 1…100, for JPEG and WebP. */
  readonly quality: number;
  readonly keepMetadata: boolean;
  /** File name with placeholders, without the ending (`resultName`). */
  readonly pattern: string;
}

const standardSave: SaveChoice = { format: 'original', quality: 92, keepMetadata: true, pattern: '{name}-derained' };

/** How results are written, remembered between visits. */
export const useSaveChoice = create<SaveChoice>()(
  persist(() => standardSave, {
    name: 'derain-saving',
    version: 1,
    migrate: (stored, version) => (version === 0 ? migrateSaveChoice(stored) : stored),
    merge: (stored, initial) => ({ ...initial, ...soundSaveChoice((stored ?? {}) as Partial<SaveChoice>) }),
  }),
);

/** The first version stored PNG, then the standard format, with every choice, and the file name as a suffix. */
export function migrateSaveChoice(stored: unknown): unknown {
  const { format, suffix, ...choice } = (stored ?? {}) as { readonly format?: unknown; readonly suffix?: unknown };
  return {
    ...choice,
    ...(format === 'image/png' ? {} : { format }),
    ...(typeof suffix === 'string' ? { pattern: `{name}${suffix}` } : {}),
  };
}

/** What was stored may come from another version of the page, or from anyone. */
export function soundSaveChoice({ format, quality, keepMetadata, pattern }: Partial<SaveChoice>): Partial<SaveChoice> {
  return {
    ...(SAVE_FORMATS.includes(format!) ? { format: format! } : {}),
    ...(Number.isInteger(quality) && quality! >= 1 && quality! <= 100 ? { quality: quality! } : {}),
    ...(typeof keepMetadata === 'boolean' ? { keepMetadata } : {}),
    ...(typeof pattern === 'string' ? { pattern } : {}),
  };
}

let writesWebp: boolean | null = null;

/** How results are written now. */
export function saveSettings({ format, quality, keepMetadata }: SaveChoice = useSaveChoice.getState()): SaveSettings {
  writesWebp ??= document.createElement('canvas').toDataURL('image/webp').startsWith('data:image/webp');
  return { format, quality, keepMetadata, writesWebp };
}
