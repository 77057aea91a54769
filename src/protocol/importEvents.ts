import type { LibraryRecord } from './libraryRecord.ts';

/** What an import reports, in order. All are plain data and cross a worker boundary. */
export type ImportEvent =
  | { readonly type: 'started'; /** Images and pairs to come. */ readonly total: number }
  | {
      readonly type: 'recognized';
      readonly folder: string;
      readonly pairs: number;
      /** The set has direction labels. */ readonly labelled: boolean;
    }
  | { readonly type: 'accepted'; readonly record: LibraryRecord }
  | { readonly type: 'duplicate'; readonly path: string }
  | ImportRefused
  | { readonly type: 'progressed'; readonly done: number; readonly total: number }
  | ImportFinished;

/** Why a file is not taken as an image. */
export type ImageFileErrorKind =
  | 'empty'
  | 'notAnImage'
  | 'unsupported'
  | 'truncated'
  | 'damaged'
  | 'tooLarge'
  | 'storageFull'
  | 'storageBlocked'
  | 'noPartner'
  | 'unequalPair';

/** One file is left out; the rest goes on. */
export interface ImportRefused {
  readonly type: 'refused';
  readonly path: string;
  readonly kind: ImageFileErrorKind;
  readonly reason: string;
  readonly hint: string;
}

/** Always the last. Everything accepted so far is stored, however it ended. */
export interface ImportFinished {
  readonly type: 'finished';
  readonly ended: 'complete' | 'cancelled' | 'storageFull' | 'storageBlocked';
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  /** Images and pairs that were not looked at. */
  readonly left: number;
}
