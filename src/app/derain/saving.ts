import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { FileKind, PhotoFormat, SaveRequest } from '../../protocol/derainer.ts';
import { chosenModel, deskSettings } from './chosen.ts';
import { ask } from './derainer.ts';
import type { DeskPhoto, Trouble } from './deskStore.ts';
import { resultName } from './resultNames.ts';

export const FORMATS: readonly { readonly value: PhotoFormat; readonly label: string }[] = [
  { value: 'image/png', label: 'PNG' },
  { value: 'image/jpeg', label: 'JPEG' },
  { value: 'image/webp', label: 'WebP' },
];

interface SaveChoice {
  readonly format: PhotoFormat;
  /** 1…100, for JPEG and WebP. */
  readonly quality: number;
  readonly keepMetadata: boolean;
  /** Put behind the photo's own name. */
  readonly suffix: string;
}

const standard: SaveChoice = { format: 'image/png', quality: 92, keepMetadata: true, suffix: '-derained' };

/** How results are written, remembered between visits. */
export const useSaveChoice = create<SaveChoice>()(
  persist(() => standard, {
    name: 'derain-saving',
    merge: (stored, initial) => ({ ...initial, ...sound((stored ?? {}) as Partial<SaveChoice>) }),
  }),
);

/** The result of a photo as a file, as the choice is now. */
export async function encodeResult(photo: DeskPhoto): Promise<Blob | Trouble> {
  const model = chosenModel();
  if (!model) return { reason: 'There is no student to remove the rain with.', advice: 'Choose one first.' };
  const { strength } = deskSettings();
  const request: SaveRequest = {
    photo: photo.id,
    model,
    layer: { kind: 'derained', strength: strength / 100 },
    ...chosenKind(),
  };
  return ask((api) => api.save(request));
}

/** A result that was saved as PNG, as the choice is now. */
export async function rewriteResult(result: Blob, { file: original }: DeskPhoto): Promise<Blob | Trouble> {
  return ask((api) => api.transcode({ result, original, ...chosenKind() }));
}

function chosenKind(): FileKind {
  const { format, quality, keepMetadata } = useSaveChoice.getState();
  return { format, quality: quality / 100, metadata: keepMetadata ? 'keep' : 'strip' };
}

export function resultFileName({ name }: DeskPhoto): string {
  const { suffix, format } = useSaveChoice.getState();
  return resultName(name, suffix, format);
}

/** What was stored may come from another version of the page, or from anyone. */
function sound({ format, quality, keepMetadata, suffix }: Partial<SaveChoice>): Partial<SaveChoice> {
  return {
    ...(FORMATS.some(({ value }) => value === format) ? { format: format! } : {}),
    ...(Number.isInteger(quality) && quality! >= 1 && quality! <= 100 ? { quality: quality! } : {}),
    ...(typeof keepMetadata === 'boolean' ? { keepMetadata } : {}),
    ...(typeof suffix === 'string' ? { suffix } : {}),
  };
}
