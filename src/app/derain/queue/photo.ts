import type { DerainScores } from '../../../protocol/derainer.ts';
import type { Size } from '../../../core/inference/tiles.ts';
import { unprotected } from '../../protect/protecting.ts';
import type { Protecting } from '../../protect/protecting.ts';

/**
 * waiting → opening → working → done; `noModel` waits for a model to be chosen, `cancelled` and `failed` for another try,
 * `refused` is a file that is no readable image.
 */
export type PhotoState = 'waiting' | 'opening' | 'noModel' | 'working' | 'done' | 'cancelled' | 'failed' | 'refused';

/** What is wrong, and what the person can do; whole sentences. */
export interface UserError {
  readonly reason: string;
  readonly hint: string;
}

/** A photo in the queue. */
export interface Photo {
  readonly id: string;
  readonly name: string;
  readonly file: Blob;
  /** Ground truth: the same image without rain, where it is known. */
  readonly truth: Blob | null;
  /** A small image for the filmstrip. */
  readonly thumbnail: Blob | null;
  readonly size: Size | null;
  /** MIME type by the file's own bytes; null until it was opened. */
  readonly type: string | null;
  /** What was chosen for this photo alone. */
  readonly own: Partial<PhotoSetup>;
  /** What stays as it is, whatever the model finds there. */
  readonly protecting: Protecting;
  /** What the file carries besides its pixels. */
  readonly metadata: readonly string[];
  readonly state: PhotoState;
  /** Share that is done while working, 0…1. */
  readonly share: number;
  readonly msLeft: number | null;
  /** Time the last run took, milliseconds. */
  readonly ms: number | null;
  /** Mean |residual| of the last run at full strength, levels of 255; null when it was not measured. */
  readonly residual: number | null;
  /** Why it was refused or failed. */
  readonly error: UserError | null;
  readonly scores: DerainScores | null;
  /** The result as a file, with the settings that it was made with (`resultKey`). */
  readonly result: { readonly key: string; readonly file: Blob } | null;
  /** Runs that were begun and neither ended nor were ended by the person. */
  readonly attempts: number;
}

/** What a photo is derained with. */
export interface PhotoSetup {
  /** Id of a model; null when there is none. */
  readonly model: string | null;
  /** Percent of what the model finds, 0…150. */
  readonly strength: number;
  /** Self-ensemble of eight passes. */
  readonly ensemble: boolean;
}

/** A photo as it comes to the queue. */
export function newPhoto(id: string, name: string, file: Blob, truth: Blob | null): Photo {
  return {
    id,
    name,
    file,
    truth,
    thumbnail: null,
    size: null,
    type: null,
    own: {},
    protecting: unprotected,
    metadata: [],
    state: 'waiting',
    share: 0,
    msLeft: null,
    ms: null,
    residual: null,
    error: null,
    scores: null,
    result: null,
    attempts: 0,
  };
}

/** What becomes of a photo that is done once more from the beginning. */
export const AGAIN = { state: 'waiting', share: 0, msLeft: null, error: null, attempts: 0 } as const;

export function isUnderWay({ state }: Photo): boolean {
  return state === 'opening' || state === 'working';
}

/** Waiting or under way. */
export function isUnfinished(photo: Photo): boolean {
  return photo.state === 'waiting' || isUnderWay(photo);
}

/** A photo that stopped the worker or the page this often is not tried again unasked. */
export const MAX_ATTEMPTS = 2;

/** Whether a photo may be opened to be looked at: not one that is no image, nor one that was set aside. */
export function canBeOpened({ state, attempts }: Photo): boolean {
  return state !== 'refused' && !(state === 'failed' && attempts >= MAX_ATTEMPTS);
}

/** Why a photo was set aside; `what` stopped. */
export function setAside(what: 'page' | 'worker that removes rain'): UserError {
  return {
    reason: `The ${what} stopped ${MAX_ATTEMPTS} times on this photo, so it was set aside.`,
    hint: 'Try again; a smaller photo or another backend may help.',
  };
}

/**
 * Below this mean |residual|, levels of 255, a result is not called derained. Measured with Swift and Fine: 24 real rainy
 * photos leave 0.31…9.5 and ten pairs of Rain100L 1.5…9.1, the same ten enlarged to 24 megapixels, whose rain stays, at
 * most 0.25, rain-free photos 0.06…2. (Quick changes every pixel, by 3 levels on average, so of it nothing can be told.)
 */
export const LITTLE_RAIN = 0.3;

/** Whether the run found next to nothing to remove. */
export function foundLittle({ residual }: Photo): boolean {
  return residual !== null && residual < LITTLE_RAIN;
}

/** How far the queue is. */
export interface QueueProgress {
  readonly total: number;
  readonly done: number;
  /** Refused or failed. */
  readonly bad: number;
  /** Waiting or under way. */
  readonly open: number;
  readonly cancelled: number;
  /** Null until one photo was finished. */
  readonly msLeft: number | null;
}

/** Counts and an estimate: what is left takes the time per pixel that the finished photos took. */
export function queueProgress(photos: readonly Photo[]): QueueProgress {
  const count = (...states: readonly PhotoState[]): number =>
    photos.filter(({ state }) => states.includes(state)).length;
  const finished = photos.filter(({ state, ms, size }) => state === 'done' && ms !== null && size !== null);
  const open = photos.filter(isUnfinished);
  const pixels = finished.reduce((sum, { size }) => sum + size!.width * size!.height, 0);
  const ms = finished.reduce((sum, photo) => sum + photo.ms!, 0);
  const usual = finished.length ? pixels / finished.length : 0;
  const left = open.reduce((sum, { size, share }) => sum + (size ? size.width * size.height : usual) * (1 - share), 0);
  return {
    total: photos.length,
    done: count('done'),
    bad: count('refused', 'failed'),
    open: open.length,
    cancelled: count('cancelled'),
    msLeft: finished.length && open.length ? (ms / pixels) * left : null,
  };
}
