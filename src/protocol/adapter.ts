/**
 * The contract for adapting a student to one photo, kept by the training worker: types only. Plain data, buffers and Blobs
 * cross; tensors never do.
 */
import type { BackendPreference } from '../core/backend/backendReport.ts';
import type { RainEstimate } from '../core/rain/estimateRain.ts';
import type { RainMap } from '../core/training/foundRain.ts';

export interface AdaptJob {
  /** The file of the student to begin with. */
  readonly student: Blob;
  /** The rain that it found on the photo, or on a part of it. */
  readonly rainMap: RainMap;
  /** Rain-free images to add that rain to. */
  readonly clean: readonly Blob[];
  /** Time that it may take, seconds. */
  readonly seconds: number;
  readonly backend: BackendPreference;
}

/** News of one `adapt`, in order. It ends with one of the last four. */
export type AdapterEvent =
  | { readonly type: 'rainEstimated'; readonly rain: RainEstimate }
  /** `share` of the time is over, 0…1. */
  | { readonly type: 'adaptStepped'; readonly step: number; readonly share: number }
  | { readonly type: 'studentAdapted'; readonly steps: number; readonly file: ArrayBuffer }
  /** The photo shows no rain: nothing was changed. */
  | { readonly type: 'adaptRefused'; readonly reason: string; readonly hint: string }
  | { readonly type: 'adaptStopped' }
  | { readonly type: 'adaptFailed'; readonly reason: string; readonly hint: string };

/** Every method resolves; errors come as an `adaptFailed` event. */
export interface AdapterApi {
  /** Resolves after the last event. Fails where a training or another `adapt` runs, here or in another tab. */
  adapt(job: AdaptJob, onEvents: (events: readonly AdapterEvent[]) => void): Promise<void>;
  /** Ends the running `adapt` after the step in hand. */
  stopAdapting(): Promise<void>;
}
