import { outputFormat } from '../../export/saveFormat.ts';
import { protectionId } from '../../protect/protecting.ts';
import { setupOf } from './state.ts';
import type { Photo } from './photo.ts';
import type { QueueSettings, QueueState } from './state.ts';

type Shown = Pick<Photo, 'type' | 'file' | 'protecting' | 'own'>;

/**
 * Everything that a result file depends on, as one text: what its pixels come from, the model first, and then how it is
 * written; last what is protected, if anything is. Stored with results, so its form must not change.
 */
export function resultKey(settings: QueueSettings, photo: Shown): string {
  const { save } = settings;
  const { model, strength, ensemble } = setupOf(settings, photo);
  const { quality, keepMetadata } = save;
  const format = outputFormat(save, photo);
  const key = [model, strength, ensemble, { format, quality, keepMetadata, suffix: '' }];
  const protection = protectionId(photo.protecting.strokes);
  return JSON.stringify(protection ? [...key, protection] : key);
}

/** The kept result when it is the file that the settings ask for. If its model was deleted it cannot be recomputed and is kept. */
export function standingResult({ settings }: QueueState, photo: Photo): Blob | null {
  const { result } = photo;
  return result && (result.key === resultKey(settings, photo) || isOrphan(settings, result.key)) ? result.file : null;
}

/** The kept result when it shows what the settings ask for, whatever kind of file it is. */
export function visibleResult({ settings }: QueueState, photo: Photo): Blob | null {
  const { result } = photo;
  return result && (looksOf(result.key) === looksOf(resultKey(settings, photo)) || isOrphan(settings, result.key))
    ? result.file
    : null;
}

/**
 * The kept result when the file that the settings ask for can be written from it without the network: it shows the same and
 * lost no more than that file will.
 */
export function transcodableResult(state: QueueState, photo: Photo): Blob | null {
  const visible = visibleResult(state, photo);
  if (!visible || visible.type === 'image/png') return visible;
  const { save } = state.settings;
  return outputFormat(save, photo) !== 'image/png' && qualityOf(photo.result!.key) >= save.quality ? visible : null;
}

function qualityOf(key: string): number {
  return (JSON.parse(key) as [string, number, boolean, { readonly quality: number }])[3].quality;
}

function looksOf(key: string): string {
  const [model, strength, ensemble, , protection = ''] = JSON.parse(key) as unknown[];
  return JSON.stringify([model, strength, ensemble, protection]);
}

function isOrphan({ models }: QueueSettings, key: string): boolean {
  return !models.includes((JSON.parse(key) as [string])[0]);
}
