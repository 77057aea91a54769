import { NoPicturesError } from '../data/sampler.ts';
import type { Failed } from './events.ts';
import { PretrainedError } from './pretrained.ts';

/** Trouble of a kind, as an event. */
export function failed(kind: Failed['kind'], reason: string, advice: string): Failed {
  return { type: 'failed', kind, reason, advice };
}

/** Whatever was thrown, as an event. */
export function explain(error: unknown): Failed {
  if (error instanceof NoPicturesError) {
    return failed('noPictures', error.message, 'Add clean photos or pairs to the library, or use the sample scenes.');
  }
  if (error instanceof PretrainedError)
    return failed('config', error.message, 'Let the settings name the same sizes, or leave them out.');
  if (error instanceof Error && (error.name === 'CheckpointError' || error.name === 'SafetensorsError')) {
    return failed('checkpoint', error.message, 'Start fresh, or go back to an earlier checkpoint.');
  }
  return failed('unexpected', messageOf(error), 'The last checkpoint is safe: continue from it.');
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
