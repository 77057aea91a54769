/**
 * The whole contract between the page and its workers: types only. Commands are calls; news are events, in order and in
 * batches. Ids, plain data and buffers cross; tensors never do.
 */
import type { Point, Rect } from '../src/core/inference/tiles.ts';
import type { PairScores } from '../src/core/metrics/pairScores.ts';
import type { LiveChange, TrainingConfig } from '../src/core/training/config.ts';
import type { TrainingEvent } from '../src/core/training/events.ts';
import type { Provenance } from '../src/core/weights/provenance.ts';

export type BackendName = 'webgpu' | 'wasm' | 'webgl' | 'cpu';
/**
 * 'auto': WebGPU on real hardware, else WASM, else WebGL. A software WebGPU adapter is used only when asked for by name.
 * 'webgpu-half': WebGPU whose kernels may hold their tiles in half precision, where that is faster.
 */
export type BackendPreference = 'auto' | 'webgpu-half' | BackendName;

/** What is computing, in words for the device chip. */
export interface BackendReport {
  readonly backend: BackendName;
  /** E.g. 'Apple M3', 'SwiftShader (software)', '8 threads, SIMD'. */
  readonly description: string;
  readonly software: boolean;
  /** Threads that compute (WASM), else 1. */
  readonly threads: number;
  /** Why a preferred backend was not taken; null when it was. */
  readonly fellBack: string | null;
}

/** Besides training's own events: which backend runs, a lost device that was recovered, and what is in memory. */
export type TrainerEvent =
  | TrainingEvent
  | { readonly type: 'backendReady'; readonly report: BackendReport }
  | { readonly type: 'deviceLost'; readonly reason: string; readonly recovering: boolean }
  | { readonly type: 'memory'; readonly bytes: number; readonly tensors: number };

/** A stored checkpoint that training can continue from. */
export interface CheckpointSummary {
  readonly step: number;
  readonly totalSteps: number;
  readonly savedAt: number;
  readonly bytes: number;
  readonly config: TrainingConfig;
  /** Student's PSNR at the last validation, dB; null before the first. */
  readonly psnr: number | null;
}

export interface StartRequest {
  readonly config: TrainingConfig;
  readonly backend: BackendPreference;
  /** 'fresh' discards the stored checkpoint (after the first new one is safe); 'continue' goes on from it with its own config. */
  readonly from: 'fresh' | 'continue';
}

/** The training worker. Every method resolves; trouble comes as a `failed` event. */
export interface TrainerApi {
  /** Runs until stopped or finished; resolves when the run has ended and its last checkpoint is stored. */
  start(request: StartRequest, onEvents: (events: readonly TrainerEvent[]) => void): Promise<void>;
  /** Takes effect before the next step. */
  update(change: LiveChange): Promise<void>;
  /** Stops after the current step, writes a checkpoint, and lets `start` resolve. */
  stop(): Promise<void>;
  /** The newest readable checkpoint, or null. */
  latestCheckpoint(): Promise<CheckpointSummary | null>;
  discardCheckpoints(): Promise<void>;
  /** The student of the running or latest checkpoint as a .safetensors file; 'average' is the moving average. Null: none yet. */
  exportStudent(which: 'average' | 'latest'): Promise<ArrayBuffer | null>;
  /** The teacher (F1 and F2) likewise. */
  exportTeacher(which: 'average' | 'latest'): Promise<ArrayBuffer | null>;
}

// ── Deraining ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Trouble that can be expected: what is wrong, and what the person can do. */
export interface Refusal {
  readonly refused: true;
  readonly reason: string;
  readonly advice: string;
}

/** A model that is ready to run. */
export interface ModelSummary {
  readonly refused: false;
  readonly role: 'student' | 'teacher';
  readonly parameters: number;
  /** E.g. '4 blocks × 16 filters'. */
  readonly size: string;
  /** Null when its file does not say. */
  readonly provenance: Provenance | null;
}

/** A decoded picture. The worker keeps its pixels until `closePhoto`; the page gets it as a bitmap to show. */
export interface OpenedPhoto {
  readonly refused: false;
  readonly width: number;
  readonly height: number;
  /** MIME type of the file. */
  readonly type: string;
  /** The whole photo, in its size or, where a larger one is still to come, smaller. */
  readonly bitmap: ImageBitmap;
  /** What the file carries besides its pixels, e.g. ['EXIF', 'ICC profile']. */
  readonly metadata: readonly string[];
  /** The pixels are to be shown in this colour space. */
  readonly colorSpace: PredefinedColorSpace;
}

export interface DerainJob {
  /** Ids given to `openPhoto` and `loadModel`. */
  readonly photo: string;
  readonly model: string;
  readonly backend: BackendPreference;
  /** 0…1.5; 1 takes away all that the network finds. */
  readonly strength: number;
  /** Eight turns and mirrorings instead of one: better, and eight times slower. */
  readonly ensemble: boolean;
  /** Where the person looks: tiles nearest to it come first. `lookAt` moves it. */
  readonly centre: Point;
  /** What the tensors of one tile may take, bytes. */
  readonly memoryBytes: number;
}

/** What of a derained photo is looked at or saved: the result, or the rain map times a gain. */
export type Layer =
  { readonly kind: 'derained'; readonly strength: number } | { readonly kind: 'rainMap'; readonly gain: number };

export interface LayerTile {
  readonly rect: Rect;
  /** Moves to the page, which closes it. */
  readonly bitmap: ImageBitmap;
}

/** News of one `derain`, in order. It ends with `derained`, `cancelled` or `derainFailed`. */
export type DerainEvent =
  | { readonly type: 'derainStarted'; readonly report: BackendReport; readonly tiles: number; readonly tile: number }
  | {
      readonly type: 'tileDerained';
      readonly tile: LayerTile;
      /** Share of the picture that is done, 0…1. */
      readonly share: number;
      /** Estimated time left, milliseconds. */
      readonly msLeft: number;
    }
  | { readonly type: 'derained'; readonly ms: number }
  | { readonly type: 'cancelled' }
  | { readonly type: 'derainFailed'; readonly reason: string; readonly advice: string };

export type PhotoFormat = 'image/png' | 'image/jpeg' | 'image/webp';

/** How a file is written. */
export interface FileKind {
  readonly format: PhotoFormat;
  /** 0…1, for JPEG and WebP. */
  readonly quality: number;
  /** 'keep' copies EXIF, XMP and ICC profile of the original; 'strip' leaves all but the ICC profile out. */
  readonly metadata: 'keep' | 'strip';
}

export interface SaveRequest extends FileKind {
  readonly photo: string;
  readonly model: string;
  readonly layer: Layer;
}

export interface RewriteRequest extends FileKind {
  /** A result that was saved as PNG, and the photo that it was made of. */
  readonly result: Blob;
  readonly original: Blob;
}

/** What is measured: the backend, and on it a model that was loaded. */
export interface SpeedRequest {
  readonly backend: BackendPreference;
  /** Id given to `loadModel`; null measures the kernels alone. */
  readonly model: string | null;
  /** Eight turns and mirrorings instead of one. */
  readonly ensemble: boolean;
  /** What the tensors of one tile may take, bytes. */
  readonly memoryBytes: number;
}

export interface Speed {
  readonly refused: false;
  readonly report: BackendReport;
  /** Billions of multiplications and additions a second, convolutions only: forward, and forward and backward together. */
  readonly forwardGflops: number;
  readonly trainingGflops: number;
  /** Seconds for a photo of 12 megapixels with the model; null without one. */
  readonly secondsFor12Mp: number | null;
  /** Training ran at the same time, here or in another tab, and took its share. */
  readonly shared: boolean;
}

/** The deraining worker. Every method resolves; expected trouble is a `Refusal` or a `derainFailed` event. */
export interface DerainerApi {
  /** Reads a model file under an id of the caller's; the same id again replaces it. */
  loadModel(id: string, file: Blob): Promise<ModelSummary | Refusal>;
  /** Starts the backend, unless one was started already, and puts a model on it: a first `derain` need not wait for that. Trouble is left for it to tell. */
  warmUp(model: string, backend: BackendPreference): Promise<void>;
  /**
   * Decodes a photo, or shows the one that it holds by this id once more. With `onWhole`, a photo whose colours take long to
   * put right comes small at first, and in its size soon after, unless it was closed meanwhile.
   */
  openPhoto(id: string, file: Blob, onWhole?: (bitmap: ImageBitmap) => void): Promise<OpenedPhoto | Refusal>;
  /** Frees a photo and everything derived from it. */
  closePhoto(id: string): Promise<void>;
  /** One at a time; resolves after the last event. What it finds is kept until the photo is closed. */
  derain(job: DerainJob, onEvents: (events: readonly DerainEvent[]) => void): Promise<void>;
  /** The person looks elsewhere on this photo: a running `derain` of it goes on nearest to there. */
  lookAt(photo: string, centre: Point): Promise<void>;
  /** Ends the running `derain` after the tile in hand. */
  cancel(): Promise<void>;
  /**
   * What an earlier `derain` found, as another layer: no network runs. `region` first (the rest follows, or is left out
   * when a newer call arrives). Resolves to false when it was overtaken, or nothing was found yet.
   */
  compose(
    photo: string,
    model: string,
    layer: Layer,
    region: Rect,
    onTiles: (tiles: readonly LayerTile[]) => void,
  ): Promise<boolean>;
  /** The whole picture as a file. */
  save(request: SaveRequest): Promise<Blob | Refusal>;
  /** A saved result as another kind of file. No network runs, and no photo need be open. */
  rewrite(request: RewriteRequest): Promise<Blob | Refusal>;
  /** Figures against a picture without rain, of the same size. */
  score(photo: string, model: string, strength: number, truth: Blob): Promise<DerainScores | Refusal>;
  /** Takes a few seconds. Refused while a photo is worked on; a `derain` that comes meanwhile waits for it. */
  measure(request: SpeedRequest): Promise<Speed | Refusal>;
}

export interface DerainScores {
  readonly refused: false;
  /** The rainy photo itself against the truth. */
  readonly rainy: PairScores;
  readonly derained: PairScores;
}
