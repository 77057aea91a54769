/**
 * The contract between the page and the deraining worker: types only. Commands are calls; news are events, in order and in
 * batches. Ids, plain data, Blobs and bitmaps cross; tensors never do.
 */
import type { BackendPreference, BackendReport } from '../core/backend/backendReport.ts';
import type { Protection } from '../core/inference/protection.ts';
import type { OnnxAnswers } from '../core/inference/onnx/onnxImageModel.ts';
import type { Point, Rect } from '../core/inference/tiles.ts';
import type { Metric, MetricDescription } from '../core/metrics/metrics.ts';
import type { RainMap } from '../core/training/foundRain.ts';
import type { NetworkReading } from '../core/weights/openModel.ts';
import type { Provenance } from '../core/weights/provenance.ts';

/** An error that can be expected: what is wrong, and what the person can do. */
export interface UserError {
  readonly refused: true;
  readonly reason: string;
  readonly hint: string;
}

/** A model that is ready to run. */
export interface ModelSummary {
  readonly refused: false;
  readonly role: 'student' | 'teacher';
  /** Of a model of another kind: it can be run, but not trained, adapted or taught by. */
  readonly format?: 'onnx';
  readonly parameters: number;
  /** Multiply-adds of its convolutions per pixel of a large image; absent of ONNX models, and in summaries that were stored before there were any. */
  readonly multiplyAdds?: number;
  /** A student that estimates a rain map of its own; absent otherwise. */
  readonly estimatesRain?: boolean;
  /** E.g. '4 blocks × 16 filters'. */
  readonly size: string;
  /** Null when its file does not say. */
  readonly provenance: Provenance | null;
}

/** A model out of a file of any format. */
export interface ImportedModel {
  readonly refused: false;
  /** The same model as a file of our own. */
  readonly file: Blob;
  /** The networks that a published file's arrays fit, the most common first; none of a file of our own. */
  readonly readings: readonly NetworkReading[];
  /** The one that was taken; null of a file of our own. */
  readonly reading: NetworkReading | null;
  /** What there is to ask about an ONNX model; null of anything else. */
  readonly onnx: OnnxQuestion | null;
}

/** What an ONNX file leaves open of how its model is run. */
export interface OnnxQuestion {
  /** Version of its operators. */
  readonly opset: number;
  readonly parameters: number;
  /** What the file says, and what is usual where it does not. */
  readonly usual: OnnxAnswers;
  /** What it does not say. */
  readonly open: readonly (keyof OnnxAnswers)[];
}

/** Other programs that a student or teacher can be written for. */
export type ExportFormat = 'onnx' | 'pytorch' | 'tfjs';

/** A model for another program, as files that belong together. */
export interface ExportedFiles {
  readonly refused: false;
  readonly files: readonly { readonly name: string; readonly file: Blob }[];
}

/** A decoded photo. The worker keeps its pixels until `closePhoto`; the page gets it as a bitmap to show. */
export interface OpenedPhoto {
  readonly refused: false;
  readonly width: number;
  readonly height: number;
  /** MIME type of the file. */
  readonly type: string;
  /** The whole photo, in its size or, where a larger one is still to come, smaller. */
  readonly bitmap: ImageBitmap;
  /** What the file carries besides its pixels, of 'EXIF', 'GPS location', 'XMP', 'IPTC', 'ICC profile'. */
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
  /** What stays as it is; left out: nothing. */
  readonly protection?: Protection;
  /** Averages eight flips and rotations: better, and eight times slower. */
  readonly ensemble: boolean;
  /** Tiles nearest to this point come first. `setFocus` moves it. */
  readonly focus: Point;
  /** What the tensors of one tile may take, bytes. */
  readonly memoryBytes: number;
}

/** What of a derained photo is looked at or saved: the result, or the rain map times a gain. */
export type Layer = DerainedLayer | { readonly kind: 'rainMap'; readonly gain: number };

export interface DerainedLayer {
  readonly kind: 'derained';
  /** As in a job. */
  readonly strength: number;
  readonly protection?: Protection;
}

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
      /** Share of the photo that is done, 0…1. */
      readonly share: number;
      /** Estimated time left, milliseconds. */
      readonly msLeft: number;
    }
  | {
      readonly type: 'derained';
      readonly ms: number;
      /** The part of it in which the network ran: without opening the device and loading the model. */
      readonly networkMs: number;
    }
  | { readonly type: 'cancelled' }
  | { readonly type: 'derainFailed'; readonly reason: string; readonly hint: string };

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

export interface TranscodeRequest extends FileKind {
  /** A saved result, and the photo that it was made of. */
  readonly result: Blob;
  readonly original: Blob;
}

/** What is measured: the backend, and on it a model that was loaded. */
export interface SpeedRequest {
  readonly backend: BackendPreference;
  /** Id given to `loadModel`; null measures the kernels alone. */
  readonly model: string | null;
  /** Averages eight flips and rotations. */
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

/** The deraining worker. Every method resolves; an expected error is a `UserError` or a `derainFailed` event. */
export interface DerainerApi {
  /** Reads a model file under an id of the caller's; the same id again replaces it. */
  loadModel(id: string, file: Blob): Promise<ModelSummary | UserError>;
  /**
   * Turns a file of any format (or the two of a TensorFlow checkpoint) into a model file of our own. `as` says which network
   * it is where its arrays fit several; without it the most common is taken. An ONNX model stays one; what a person says of it is
   * written into the file.
   */
  importModel(files: readonly Blob[], as?: NetworkReading | OnnxAnswers): Promise<ImportedModel | UserError>;
  /** Writes a student's or teacher's file for another program. Refused for a network that has no graph in its format. */
  exportModel(file: Blob, format: ExportFormat): Promise<ExportedFiles | UserError>;
  /** Takes weights for LPIPS, which `evaluate` measures from then on. Null when they can be used. */
  loadLpips(file: Blob): Promise<UserError | null>;
  /** Every figure of an image file. No network runs, and no photo need be open. */
  evaluate(request: EvaluationRequest): Promise<Evaluation | UserError>;
  /**
   * Starts the backend, unless one runs already, and uploads a model, so that a first `derain` need not wait. Resolves to about how
   * long 12 megapixels would take with it, seconds, from a speed that is measured once on a device; null when that cannot be told:
   * errors surface on the first `derain`, and a backend that runs already is left to its work.
   */
  warmUp(model: string, backend: BackendPreference, memoryBytes: number): Promise<number | null>;
  /**
   * Decodes a photo, or shows the one that it holds by this id once more. With `onWhole`, a photo whose colours take long to
   * put right comes small at first, and in its size soon after, unless it was closed meanwhile.
   */
  openPhoto(id: string, file: Blob, onWhole?: (bitmap: ImageBitmap) => void): Promise<OpenedPhoto | UserError>;
  /** Frees a photo and everything derived from it. */
  closePhoto(id: string): Promise<void>;
  /** One at a time; resolves after the last event. What it finds is kept until the photo is closed. */
  derain(job: DerainJob, onEvents: (events: readonly DerainEvent[]) => void): Promise<void>;
  /** Moves the focus of the latest job, if it is of this photo: a running `derain` goes on with the tiles nearest to it. */
  setFocus(photo: string, focus: Point): Promise<void>;
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
  /** The whole layer as a file. */
  save(request: SaveRequest): Promise<Blob | UserError>;
  /** A saved result in another file format. No network runs, and no photo need be open. */
  transcode(request: TranscodeRequest): Promise<Blob | UserError>;
  /** The rain that an earlier `derain` found; of a large photo the part with most of it. Null when nothing was found yet. */
  rainMap(photo: string, model: string): Promise<RainMap | null>;
  /** Metrics against a rain-free image of the same size. */
  score(photo: string, model: string, layer: DerainedLayer, truth: Blob): Promise<DerainScores | UserError>;
  /** Takes a few seconds. Refused while a photo is worked on; a `derain` that comes meanwhile waits for it. */
  measure(request: SpeedRequest): Promise<Speed | UserError>;
}

/** Figures against the truth. They carry how they are shown, so that stored ones are shown as they were taken. */
export interface DerainScores {
  readonly refused: false;
  readonly rows: readonly ScoreRow[];
}

/** One metric: of the rainy photo itself against the truth, and of the derained one; null where it cannot be taken. */
export interface ScoreRow extends MetricDescription {
  readonly rainy: number | null;
  readonly derained: number | null;
}

/** What is measured. All images have one size. */
export interface EvaluationRequest {
  readonly rainy: Blob;
  /** The derained image; null measures the rainy one itself. */
  readonly output: Blob | null;
  /** The rain map that the model itself found; null measures rainy − output. */
  readonly rainMap: Blob | null;
  readonly truth: Blob | null;
}

export interface Evaluation {
  readonly refused: false;
  readonly rows: readonly EvaluationRow[];
}

/** One metric; null where there is nothing to compare with, or the image is too small (of LPIPS: too large) for it. */
export interface EvaluationRow extends MetricDescription, Pick<Metric, 'of' | 'channels'> {
  readonly value: number | null;
}
