import { NoImagesError } from '../data/sampler.ts';
import type { Failed } from './events.ts';
import { PretrainedError } from './pretrained.ts';

/** An error of a kind, as an event. */
export function failed(kind: Failed['kind'], reason: string, hint: string): Failed {
  return { type: 'failed', kind, reason, hint };
}

/** Whatever was thrown, as an event; `storedStep` is that of the newest stored checkpoint, null when there is none. */
export function toFailedEvent(error: unknown, storedStep: number | null): Failed {
  if (error instanceof NoImagesError) {
    return failed('noImages', error.message, 'Add clean photos or pairs to the library, or use the sample scenes.');
  }
  if (error instanceof PretrainedError)
    return failed('config', error.message, 'Let the settings name the same sizes, or leave them out.');
  if (error instanceof Error && (error.name === 'CheckpointError' || error.name === 'SafetensorsError')) {
    return failed('checkpoint', error.message, 'Start a new run, or go back to an earlier checkpoint.');
  }
  const hint = `${newestStored(storedStep)} ${storedStep === null ? 'Start again.' : 'Continue from it.'}`;
  return failed('unexpected', messageOf(error), hint);
}

/** Which checkpoint is in storage, as a sentence. */
export function newestStored(step: number | null): string {
  return step === null ? 'No checkpoint is stored.' : `The newest stored checkpoint is that of step ${step}.`;
}

/** What an error says; its name where it says nothing, as the browser's QuotaExceededError. Never empty. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error) || 'unknown error';
  return error.message.trim() || error.name;
}

/** Likewise, with a full stop. */
export function sentenceOf(error: unknown): string {
  const message = messageOf(error);
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
