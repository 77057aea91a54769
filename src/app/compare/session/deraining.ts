import type { BackendPreference, BackendReport } from '../../../core/backend/backendReport.ts';
import type { DerainerApi, DerainEvent, LayerTile, ModelSummary, UserError } from '../../../protocol/derainer.ts';
import type { CompareEvent } from '../run/reduce.ts';
import type { ComparedImage } from '../run/state.ts';
import { accepted, CallError, written } from './callErrors.ts';

/** What the tensors of one tile may take, bytes. */
const TILE_BYTES = 400e6;

/** Where the parts of an image are drawn while it is derained. */
export interface LayersPort {
  begin(image: string, model: string): void;
  add(image: string, model: string, tile: LayerTile): void;
  finish(image: string, model: string): void;
}

export interface DerainingOptions {
  readonly worker: Pick<DerainerApi, 'openPhoto' | 'closePhoto' | 'derain' | 'save' | 'cancel'> & {
    prepareModel(id: string): Promise<ModelSummary | UserError>;
  };
  readonly layers: LayersPort;
  readonly backend: () => BackendPreference;
  readonly reportBackend: (report: BackendReport) => void;
  readonly dispatch: (event: CompareEvent) => void;
}

/** An image and the derainer that takes its rain away; facts about it carry the number of the run. */
interface Job {
  readonly run: number;
  readonly image: ComparedImage;
  readonly model: string;
}

/** Removes rain on the worker, which holds one photo at a time, and tells how far it is and what came of it. */
export class Deraining {
  /** The photo that the worker holds. */
  private held: string | null = null;
  /** A run was cancelled, perhaps before the worker had begun it. */
  private cancelled = false;

  constructor(private readonly options: DerainingOptions) {}

  /** Dispatches `derained`, or `derainStopped`. Throws a CallError where the model or the image cannot be used. */
  async derain(job: Job): Promise<void> {
    const { worker, layers, dispatch } = this.options;
    const { run, image, model } = job;
    this.cancelled = false;
    accepted(await worker.prepareModel(model));
    await this.hold(image);
    const ms = this.cancelled ? null : await this.removeRain(job);
    if (ms === null) return dispatch({ type: 'derainStopped', run });
    const file = { photo: image.id, model, format: 'image/png', quality: 1, metadata: 'strip' } as const;
    const output = written(await worker.save({ ...file, layer: { kind: 'derained', strength: 1 } }));
    const rainMap = written(await worker.save({ ...file, layer: { kind: 'rainMap', gain: 1 } }));
    dispatch({ type: 'derained', run, ms, output, rainMap });
    layers.finish(image.id, model);
  }

  cancel(): void {
    this.cancelled = true;
    this.options.worker.cancel().catch(() => undefined);
  }

  /** Forgets what the worker holds: after an error it may have been the worker that died. */
  forget(): void {
    this.held = null;
  }

  /** Has the worker hold this image and no other. Throws a CallError. */
  private async hold({ id, file }: ComparedImage): Promise<void> {
    const { worker } = this.options;
    if (this.held === id) return;
    if (this.held !== null) await worker.closePhoto(this.held);
    this.held = null;
    const opened = accepted(await worker.openPhoto(id, file));
    opened.bitmap.close();
    this.held = id;
  }

  /** Milliseconds that the network took; null when it was stopped. Throws a CallError. */
  private async removeRain({ run, image, model }: Job): Promise<number | null> {
    const { worker, layers, backend, reportBackend, dispatch } = this.options;
    let ms: number | null = null;
    let failure: CallError | null = null;
    const hear = (event: DerainEvent): void => {
      switch (event.type) {
        case 'derainStarted':
          reportBackend(event.report);
          layers.begin(image.id, model);
          break;
        case 'tileDerained':
          layers.add(image.id, model, event.tile);
          dispatch({ type: 'progressed', run, share: event.share, msLeft: event.msLeft });
          break;
        case 'derained':
          ms = event.networkMs;
          break;
        case 'cancelled':
          break;
        case 'derainFailed':
          failure = new CallError(event);
          break;
        default:
          event satisfies never;
      }
    };
    const focus = { x: image.size.width / 2, y: image.size.height / 2 };
    const whole = { strength: 1, ensemble: false, focus, memoryBytes: TILE_BYTES };
    await worker.derain({ photo: image.id, model, backend: backend(), ...whole }, (batch) => batch.forEach(hear));
    if (failure) throw failure as CallError;
    return ms;
  }
}
