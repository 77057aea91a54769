import type { BackendPreference } from '../../../core/backend/backendReport.ts';
import type { DerainedLayer, DerainScores, PhotoFormat } from '../../../protocol/derainer.ts';
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

/** 'original' writes the kind of file that the photo came as, where the browser can. */
export type SaveFormat = PhotoFormat | 'original';

/** How results are written. */
export interface SaveSettings {
  readonly format: SaveFormat;
  /** 1…100, for JPEG and WebP. */
  readonly quality: number;
  readonly keepMetadata: boolean;
  /** Whether the browser can write WebP. */
  readonly writesWebp: boolean;
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

const noSide: SideState = { what: 'original', status: 'none', share: 0, ticket: 0 };

export const emptyQueue: QueueState = {
  photos: [],
  currentId: null,
  paused: false,
  otherModel: false,
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

export function currentPhoto(state: QueueState): Photo | null {
  return photoOf(state, state.currentId);
}

export function isUnderWay({ state }: Photo): boolean {
  return state === 'opening' || state === 'working';
}

/** Waiting or under way. */
export function isUnfinished(photo: Photo): boolean {
  return photo.state === 'waiting' || isUnderWay(photo);
}

/** Whether this tab works on photos, so that the app's code must stay as it is. */
export function isBusy({ task, encoding }: QueueState): boolean {
  return task !== null || Object.keys(encoding).length > 0;
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
