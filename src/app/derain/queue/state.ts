import type { BackendPreference } from '../../../core/backend/backendReport.ts';
import type { DerainedLayer, DerainScores } from '../../../protocol/derainer.ts';
import type { SaveSettings } from '../../export/saveFormat.ts';
import type { Photo, PhotoSetup, UserError } from './photo.ts';

/** What the queue works with: from the address, the export panel, the device panel and the list of models. */
export interface QueueSettings extends PhotoSetup {
  /** Whether a person chose the model; else it is what suits this device. */
  readonly isModelChosen: boolean;
  /** Ids of all models there are. */
  readonly models: readonly string[];
  /** What lies beside the result: 'original', 'rainMap', 'truth' or a model's id. */
  readonly compare: string;
  /** What lies in the result's stead: 'result', 'saved' (the result as its file shows it), or as `compare`. */
  readonly show: string;
  /** Brightness of the rain map. */
  readonly gain: number;
  readonly backend: BackendPreference;
  readonly save: SaveSettings;
}

/** What the device does: at most one task at a time. `opening` decodes, `preparing` loads the model. */
export interface Task {
  readonly kind: 'photo' | 'compare' | 'rerun';
  readonly run: number;
  readonly id: string;
  readonly model: string | null;
  /** Of a comparison. */
  readonly side: Side | null;
  /** What of the photo it draws. */
  readonly layer: DerainedLayer;
  readonly ensemble: boolean;
  readonly phase: 'opening' | 'preparing' | 'running';
  /** It ends as soon as it can; what it says no longer counts. */
  readonly stopping: boolean;
}

/** The two places of what is not the result: to the left of it, or in its stead. */
export type Side = 'compare' | 'shown';
export const SIDES: readonly Side[] = ['compare', 'shown'];

/** What lies at a side of the stage. `queued` waits for the device. */
export interface SideState {
  /** As in the settings, 'original' and 'result' included. */
  readonly what: string;
  readonly status: 'none' | 'composing' | 'queued' | 'running' | 'ready' | 'failed';
  /** Share that is done, 0…1; never less than it was. */
  readonly share: number;
  /** Answers with another ticket are out of date. */
  readonly ticket: number;
  /** Of another model, where the ground truth is known. */
  readonly scores: DerainScores | null;
}

/** The stage, as far as decisions depend on it; its pixels are elsewhere. */
export interface StageState {
  /** The current photo itself is on it. */
  readonly original: boolean;
  /**
   * Where the result on it comes from: what the worker found, or the kept file, which allows no change of strength. `asked`:
   * neither has come yet.
   */
  readonly derained: 'none' | 'asked' | 'worker' | 'file';
  readonly ticket: number;
}

/** A result that the export needs and the worker has to compute once more. */
export interface Rerun {
  readonly id: string;
  readonly status: 'waiting' | 'running' | 'ready';
}

export interface QueueState {
  readonly photos: readonly Photo[];
  readonly currentId: string | null;
  /** Nothing new is begun. */
  readonly paused: boolean;
  /** The queue of an earlier visit waits, because it was started with another model. */
  readonly otherModel: boolean;
  /** New photos that are being stored for the first time: until then a reload would lose them. */
  readonly storing: ReadonlySet<string>;
  /** Photos that the browser's storage has no room for: they are in this tab alone. */
  readonly unkept: ReadonlySet<string>;
  readonly settings: QueueSettings;
  /** A model file that was refused, or a chosen model that is not there. */
  readonly modelError: (UserError & { readonly name: string }) | null;
  /** Milliseconds that each model took per pixel in its last run here, one pass counted. */
  readonly speeds: Readonly<Record<string, number>>;
  readonly task: Task | null;
  readonly reruns: readonly Rerun[];
  /** Photos that the worker is decoding, and those that it holds. */
  readonly opening: ReadonlySet<string>;
  readonly open: ReadonlySet<string>;
  /** Results that are being written to be kept: photo → `resultKey`. */
  readonly encoding: Readonly<Record<string, string>>;
  readonly stage: StageState;
  readonly sides: Readonly<Record<Side, SideState>>;
  /** Source of runs and tickets. */
  readonly serial: number;
}

const noSide: SideState = { what: 'original', status: 'none', share: 0, ticket: 0, scores: null };

export const emptyQueue: QueueState = {
  photos: [],
  currentId: null,
  paused: false,
  otherModel: false,
  storing: new Set(),
  unkept: new Set(),
  settings: {
    model: null,
    isModelChosen: true,
    models: [],
    strength: 100,
    ensemble: false,
    compare: 'original',
    show: 'result',
    gain: 4,
    backend: 'auto',
    save: { format: 'original', quality: 92, keepMetadata: true, writesWebp: true },
  },
  modelError: null,
  speeds: {},
  task: null,
  reruns: [],
  opening: new Set(),
  open: new Set(),
  encoding: {},
  stage: { original: false, derained: 'none', ticket: 0 },
  sides: { compare: noSide, shown: noSide },
  serial: 0,
};

export function photoOf({ photos }: QueueState, id: string | null): Photo | null {
  return photos.find((photo) => photo.id === id) ?? null;
}

/** What a photo is derained with: what was chosen for it alone, else what the queue works with. A model that is gone does not count. */
export function setupOf(settings: QueueSettings, { own }: Pick<Photo, 'own'>): PhotoSetup {
  const { model, strength, ensemble } = settings;
  const isThere = own.model !== undefined && own.model !== null && settings.models.includes(own.model);
  return {
    model: isThere ? own.model! : model,
    strength: own.strength ?? strength,
    ensemble: own.ensemble ?? ensemble,
  };
}

/** The result that is asked for of a photo, whatever model it comes from. */
export function resultLayer({ settings }: Pick<QueueState, 'settings'>, photo: Photo): DerainedLayer {
  const { strokes } = photo.protecting;
  return {
    kind: 'derained',
    strength: setupOf(settings, photo).strength / 100,
    ...(strokes.length > 0 ? { protection: strokes } : {}),
  };
}

/** Whether two layers show the same. */
export function isSameLayer(a: DerainedLayer, b: DerainedLayer): boolean {
  return a.strength === b.strength && a.protection === b.protection;
}

/** The state with a change to one photo; the same state when it is gone. */
export function withPhoto(state: QueueState, id: string, change: Partial<Photo>): QueueState {
  if (!photoOf(state, id)) return state;
  return { ...state, photos: state.photos.map((photo) => (photo.id === id ? { ...photo, ...change } : photo)) };
}

/** The state with a change to every photo of a kind. */
export function withPhotos(state: QueueState, which: (photo: Photo) => boolean, change: Partial<Photo>): QueueState {
  return { ...state, photos: state.photos.map((photo) => (which(photo) ? { ...photo, ...change } : photo)) };
}

export function currentPhoto(state: QueueState): Photo | null {
  return photoOf(state, state.currentId);
}

/** Whether this tab works on photos, so that the app's code must stay as it is. */
export function isBusy({ task, encoding }: QueueState): boolean {
  return task !== null || Object.keys(encoding).length > 0;
}
