import type { DerainedLayer, DerainJob, DerainScores, Layer, SaveRequest } from '../../../protocol/derainer.ts';
import type { Size } from '../../../core/inference/tiles.ts';
import type { ProtectionEdit } from '../../protect/protecting.ts';
import type { Photo, PhotoSetup, UserError } from './photo.ts';
import type { QueueSettings, QueueState, Side } from './state.ts';

/** What a person did, what the worker answered, what the storage says. Past tense: it has happened. */
export type QueueEvent = PersonEvent | WorkerEvent | StageEvent | StorageEvent;

export type PersonEvent =
  | { readonly type: 'photosAdded'; readonly photos: readonly Photo[] }
  | { readonly type: 'photoFocused'; readonly id: string }
  | { readonly type: 'photoCancelled'; readonly id: string }
  | { readonly type: 'photoRetried'; readonly id: string }
  | { readonly type: 'photoRemoved'; readonly id: string }
  | { readonly type: 'allCancelled' }
  | { readonly type: 'allRetried' }
  | { readonly type: 'allRemoved' }
  /** Undo of `allRemoved`. */
  | { readonly type: 'photosReturned'; readonly photos: readonly Photo[] }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  | { readonly type: 'truthGiven'; readonly id: string; readonly truth: Blob }
  /** Model, strength or quality for one photo alone. */
  | { readonly type: 'photoSetUp'; readonly id: string; readonly own: Partial<PhotoSetup> }
  /** The same for every photo, those with a choice of their own too. */
  | { readonly type: 'allSetUp'; readonly change: Partial<PhotoSetup> }
  | { readonly type: 'protectionEdited'; readonly id: string; readonly edit: ProtectionEdit }
  | { readonly type: 'settingsChanged'; readonly settings: QueueSettings }
  /** The photo was moved or zoomed on the stage. */
  | { readonly type: 'viewMoved' }
  | { readonly type: 'modelFileOpened'; readonly error: (UserError & { readonly name: string }) | null }
  /** The export needs a result that neither a file nor the worker has; released when it was written. */
  | { readonly type: 'rerunRequested'; readonly id: string }
  | { readonly type: 'rerunReleased'; readonly id: string };

/** `run` is that of a `derain` effect; one that is not the task's is out of date. */
export type WorkerEvent =
  /** The header was read on drop; null when the file is fit to be opened. */
  | { readonly type: 'fileChecked'; readonly id: string; readonly error: UserError | null }
  | {
      readonly type: 'photoOpened';
      readonly id: string;
      readonly size: Size;
      readonly format: string;
      readonly metadata: readonly string[];
    }
  | { readonly type: 'photoRefused'; readonly id: string; readonly error: UserError }
  | { readonly type: 'openFailed'; readonly id: string; readonly error: UserError }
  | { readonly type: 'thumbnailMade'; readonly id: string; readonly thumbnail: Blob }
  | { readonly type: 'modelReady'; readonly model: string }
  | { readonly type: 'modelRefused'; readonly model: string; readonly name: string; readonly error: UserError }
  | { readonly type: 'runProgressed'; readonly run: number; readonly share: number; readonly msLeft: number }
  | { readonly type: 'runFinished'; readonly run: number; readonly ms: number; readonly residual: number | null }
  | { readonly type: 'runStopped'; readonly run: number }
  | { readonly type: 'runFailed'; readonly run: number; readonly error: UserError }
  | {
      readonly type: 'scored';
      readonly id: string;
      readonly model: string;
      readonly layer: DerainedLayer;
      readonly scores: DerainScores | null;
    }
  | { readonly type: 'resultKept'; readonly id: string; readonly key: string; readonly file: Blob | null }
  /** Everything that it held is gone. */
  | { readonly type: 'workerDied' };

/** `found` false: the worker has no result, or a newer request came first. */
export type StageEvent =
  | { readonly type: 'resultComposed'; readonly ticket: number; readonly purpose: Purpose; readonly found: boolean }
  | { readonly type: 'resultFileShown'; readonly ticket: number; readonly shown: boolean }
  | { readonly type: 'sideComposed'; readonly side: Side; readonly ticket: number; readonly found: boolean }
  /** A model that cannot be used, or a ground truth that does not fit. */
  | { readonly type: 'sideFailed'; readonly side: Side; readonly ticket: number };

export type StorageEvent =
  | {
      readonly type: 'restored';
      readonly photos: readonly Photo[];
      readonly model: string | null;
      readonly paused: boolean;
      /** The photo that was looked at last, as far as this tab knows. */
      readonly viewed: string | null;
    }
  | { readonly type: 'saved'; readonly id: string }
  | { readonly type: 'saveFailed'; readonly id: string; readonly full: boolean }
  /** The result's file now lies on disk. */
  | { readonly type: 'resultSaved'; readonly id: string; readonly given: Blob; readonly file: Blob }
  | { readonly type: 'storageFreed' };

/** Why a result is drawn: the photo came to the stage, or its strength or what is protected was changed. */
export type Purpose = 'look' | 'strength';

/** What is to be done. The runner answers with the events named after the arrows. */
export type Effect =
  /** → photoOpened, photoRefused, openFailed; thumbnailMade. Puts the photo on the stage if it is the current one. */
  | { readonly type: 'openPhoto'; readonly id: string }
  | { readonly type: 'closePhoto'; readonly id: string }
  /** → fileChecked */
  | { readonly type: 'checkFile'; readonly id: string }
  /** → modelReady, modelRefused */
  | { readonly type: 'prepareModel'; readonly model: string }
  /** → runProgressed, then runFinished, runStopped or runFailed. Tiles go to `layer` while the photo is on the stage. */
  | {
      readonly type: 'derain';
      readonly run: number;
      readonly size: Size;
      readonly job: Omit<DerainJob, 'focus'>;
      readonly layer: 'derained' | Side | null;
    }
  | { readonly type: 'cancelRun' }
  /** Tells the worker where the person looks. */
  | { readonly type: 'moveFocus'; readonly id: string; readonly size: Size }
  /** → resultComposed */
  | {
      readonly type: 'composeResult';
      readonly id: string;
      readonly size: Size;
      readonly model: string;
      readonly layer: DerainedLayer;
      readonly ticket: number;
      readonly purpose: Purpose;
    }
  /** → sideComposed, sideFailed. Loads the model first. */
  | {
      readonly type: 'composeSide';
      readonly side: Side;
      readonly ticket: number;
      readonly id: string;
      readonly size: Size;
      readonly model: string;
      readonly layer: Layer;
    }
  /** → resultFileShown */
  | {
      readonly type: 'showResultFile';
      readonly id: string;
      readonly size: Size;
      readonly file: Blob;
      readonly ticket: number;
    }
  /** → sideComposed, sideFailed */
  | {
      readonly type: 'showTruth';
      readonly side: Side;
      readonly ticket: number;
      readonly size: Size;
      readonly truth: Blob;
    }
  /** → sideComposed, sideFailed. The result as its file shows it. */
  | {
      readonly type: 'showSaved';
      readonly side: Side;
      readonly ticket: number;
      readonly id: string;
      readonly size: Size;
      readonly file: Blob;
    }
  /** → scored */
  | {
      readonly type: 'score';
      readonly id: string;
      readonly model: string;
      readonly layer: DerainedLayer;
      readonly truth: Blob;
    }
  /** → resultKept */
  | { readonly type: 'keepResult'; readonly key: string; readonly request: SaveRequest }
  | { readonly type: 'clearStage' }
  | { readonly type: 'beginLayer'; readonly layer: 'derained' | Side }
  | { readonly type: 'removeLayer'; readonly layer: 'derained' | Side }
  /** → saved, saveFailed; resultSaved */
  | { readonly type: 'save'; readonly id: string }
  | { readonly type: 'saveTruth'; readonly id: string; readonly truth: Blob }
  /** → storageFreed */
  | { readonly type: 'forget'; readonly ids: readonly string[] }
  /** What the photos are derained with; `soon` waits for a dragged slider to rest. */
  | { readonly type: 'saveSetup'; readonly soon: boolean }
  | { readonly type: 'rememberPause'; readonly paused: boolean }
  | { readonly type: 'rememberViewed'; readonly id: string | null }
  /** Notes on which photo the device works: if the page dies, its next visit knows. */
  | { readonly type: 'noteTask'; readonly id: string | null; readonly attempts: number }
  | { readonly type: 'offerUndo'; readonly photos: readonly Photo[] }
  | { readonly type: 'warnUnkept'; readonly full: boolean }
  /** Lets the export go on, or says why it cannot. */
  | { readonly type: 'settleRerun'; readonly id: string; readonly error: UserError | null };

/** A state while one event changes it, and what is to be done about it. */
export interface Draft {
  state: QueueState;
  readonly effects: Effect[];
}
