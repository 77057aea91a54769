import { create } from 'zustand';
import type { StoredModel } from '../../browser/models.ts';
import type { DerainScores, ModelSummary } from '../../protocol/derainer.ts';
import type { Size } from './stage/viewport.ts';

/**
 * waiting → opening → working → done; `opened` waits for a model to be chosen, `cancelled` and `failed` for another try,
 * `refused` is a file that is no readable picture.
 */
export type PhotoState = 'waiting' | 'opening' | 'opened' | 'working' | 'done' | 'cancelled' | 'failed' | 'refused';

/** A photo on the desk. */
export interface DeskPhoto {
  readonly id: string;
  readonly name: string;
  readonly file: Blob;
  /** The same picture without rain, where it is known. */
  readonly truth: Blob | null;
  /** A small picture for the filmstrip. */
  readonly thumbnail: Blob | null;
  readonly size: Size | null;
  /** What the file carries besides its pixels. */
  readonly metadata: readonly string[];
  readonly state: PhotoState;
  /** Share that is done while working, 0…1. */
  readonly share: number;
  readonly msLeft: number | null;
  /** Time the last run took. */
  readonly ms: number | null;
  /** Why it was refused or failed, and what to do. */
  readonly trouble: Trouble | null;
  readonly scores: DerainScores | null;
  /** The settings that the result kept as a file was made with; null when none is kept. */
  readonly result: string | null;
}

export interface Trouble {
  readonly reason: string;
  readonly advice: string;
}

/** A student or teacher that can be chosen. */
export interface ModelChoice {
  /** `shipped:<name>`, `mine:<id>` or `file:<number>`. */
  readonly id: string;
  readonly title: string;
  readonly role: 'student' | 'teacher';
  readonly parameters: number;
  /** What a shipped student is good for, in a sentence. */
  readonly about: string | null;
  readonly stored: StoredModel | null;
}

export interface DeskState {
  readonly photos: readonly DeskPhoto[];
  readonly currentId: string | null;
  /** Nothing new is begun. */
  readonly paused: boolean;
  /** The queue of an earlier visit waits, because it was begun with another model. */
  readonly begunOtherwise: boolean;
  /** Photos that the browser's storage has no room for: they are in this tab alone. */
  readonly unkept: ReadonlySet<string>;
  /** Null until the lists were read. */
  readonly models: readonly ModelChoice[] | null;
  /** Of models that were loaded into the worker. */
  readonly summaries: Readonly<Record<string, ModelSummary>>;
  /** A model file that was refused, or a chosen model that is not there. */
  readonly modelTrouble: (Trouble & { readonly name: string }) | null;
  /** Milliseconds that each model took per pixel in its last run here, one answer counted. */
  readonly speeds: Readonly<Record<string, number>>;
  /** Another model's run for comparison, 0…1; null when none is under way. */
  readonly comparing: number | null;
}

export const emptyDesk: DeskState = {
  photos: [],
  currentId: null,
  paused: false,
  begunOtherwise: false,
  unkept: new Set(),
  models: null,
  summaries: {},
  speeds: {},
  modelTrouble: null,
  comparing: null,
};

export const useDesk = create<DeskState>(() => emptyDesk);

/** A photo as it comes to the desk. */
export function newPhoto(id: string, name: string, file: Blob, truth: Blob | null): DeskPhoto {
  return {
    id,
    name,
    file,
    truth,
    thumbnail: null,
    size: null,
    metadata: [],
    state: 'waiting',
    share: 0,
    msLeft: null,
    ms: null,
    trouble: null,
    scores: null,
    result: null,
  };
}

/** The state with a change to one photo; the same state when it is gone. */
export function withPhoto(state: DeskState, id: string, change: Partial<DeskPhoto>): DeskState {
  if (!state.photos.some((photo) => photo.id === id)) return state;
  return { ...state, photos: state.photos.map((photo) => (photo.id === id ? { ...photo, ...change } : photo)) };
}

/** The state without a photo; its right-hand neighbour, else its left-hand one, becomes the current one. */
export function withoutPhoto(state: DeskState, id: string): DeskState {
  const index = state.photos.findIndex((photo) => photo.id === id);
  if (index < 0) return state;
  const photos = state.photos.filter((photo) => photo.id !== id);
  const neighbour = photos[index] ?? photos[index - 1];
  return { ...state, photos, currentId: state.currentId === id ? (neighbour?.id ?? null) : state.currentId };
}

/** After another model or quality was chosen: every readable photo is to be done again. */
export function allWaiting(state: DeskState): DeskState {
  return {
    ...state,
    photos: state.photos.map((photo) =>
      photo.state === 'refused'
        ? photo
        : { ...photo, state: 'waiting', share: 0, msLeft: null, ms: null, trouble: null, scores: null, result: null },
    ),
  };
}

/** After a model arrived where none was: what could not be done without one waits for its turn. */
export function openedWaiting(state: DeskState): DeskState {
  return {
    ...state,
    photos: state.photos.map((photo) => (photo.state === 'opened' ? { ...photo, state: 'waiting' } : photo)),
  };
}

/** The photo to work on next: the one looked at, else the first that waits; none during a pause. */
export function nextWaiting({ photos, currentId, paused }: DeskState): DeskPhoto | null {
  if (paused) return null;
  const waiting = photos.filter((photo) => photo.state === 'waiting');
  return waiting.find((photo) => photo.id === currentId) ?? waiting[0] ?? null;
}

export function currentPhoto({ photos, currentId }: DeskState): DeskPhoto | null {
  return photos.find((photo) => photo.id === currentId) ?? null;
}

/** The model that is meant: the chosen one, else the first shipped student, else the newest of one's own. */
export function meantModel(models: readonly ModelChoice[] | null, chosen: string | null): ModelChoice | null {
  const students = models?.filter(({ role }) => role === 'student') ?? [];
  return models?.find(({ id }) => id === chosen) ?? students[0] ?? null;
}
