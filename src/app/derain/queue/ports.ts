import type { BackendReport } from '../../../core/backend/backendReport.ts';
import type { Size } from '../../../core/inference/tiles.ts';
import type { DerainerApi, LayerTile, ModelSummary, UserError as Refused } from '../../../protocol/derainer.ts';
import type { ResidualMeter } from '../../stage/bitmaps.ts';
import type { QueueEvent } from './effects.ts';
import type { QueueStorage } from './persistence.ts';
import type { Photo, UserError } from './photo.ts';
import type { QueueState, Side } from './state.ts';

type Rect = LayerTile['rect'];
/** What of the photo lies on the stage besides itself. */
export type LayerName = 'derained' | Side;

/** The deraining worker. Calls reject with a WorkerDiedError when it dies meanwhile. */
export interface WorkerPort extends Pick<
  DerainerApi,
  'openPhoto' | 'closePhoto' | 'derain' | 'setFocus' | 'cancel' | 'compose' | 'save' | 'score'
> {
  /** Loads a model once. */
  prepareModel(id: string): Promise<ModelSummary | Refused>;
}

/** The pixels on screen. It takes over every bitmap it is given. */
export interface StagePort {
  show(bitmap: ImageBitmap, size: Size, colorSpace: PredefinedColorSpace): void;
  sharpen(bitmap: ImageBitmap): void;
  begin(layer: LayerName): void;
  add(layer: LayerName, tile: LayerTile): void;
  remove(layer: LayerName): void;
  clear(): void;
  /** The part of the photo that is on screen, in its pixels. */
  visible(size: Size): Rect;
}

/** What else the page does. */
export interface PagePort {
  /** Why a file cannot be derained, from its header; null when it can. */
  check(file: Blob): Promise<UserError | null>;
  thumbnail(bitmap: ImageBitmap): Promise<Blob | null>;
  decode(file: Blob): Promise<ImageBitmap | null>;
  meter(size: Size, colorSpace: PredefinedColorSpace): ResidualMeter;
  nameOf(model: string): string;
  reportBackend(report: BackendReport): void;
  /** Resolves when no update of the app stands in the way of work. */
  mayWork(): Promise<void>;
  noteTask(note: { readonly id: string; readonly attempts: number } | null): void;
  rememberPause(paused: boolean): void;
  rememberViewed(id: string | null): void;
  offerUndo(photos: readonly Photo[]): void;
  warnUnkept(full: boolean): void;
  settleRerun(id: string, error: UserError | null): void;
}

/** All that the runner works with. */
export interface Ports {
  readonly worker: WorkerPort;
  readonly stage: StagePort;
  readonly page: PagePort;
  /** Null until the databases were read: what comes before is stored then. */
  readonly storage: () => Pick<QueueStorage, 'save' | 'saveTruth' | 'forget' | 'saveSetup'> | null;
  readonly state: () => QueueState;
  readonly dispatch: (event: QueueEvent) => void;
}
