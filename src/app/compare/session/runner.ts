import type { BackendPreference, BackendReport } from '../../../core/backend/backendReport.ts';
import type { DerainerApi, DerainEvent, LayerTile, ModelSummary, UserError } from '../../../protocol/derainer.ts';
import type { CompareEffect, CompareEvent } from '../run/reduce.ts';
import type { ComparedImage } from '../run/state.ts';

/** What the tensors of one tile may take, bytes. */
const TILE_BYTES = 400e6;

/** Where the parts of an image are drawn while it is derained. */
export interface LayersPort {
  begin(image: string, model: string): void;
  add(image: string, model: string, tile: LayerTile): void;
  finish(image: string, model: string): void;
}

export interface RunnerOptions {
  readonly worker: Pick<DerainerApi, 'evaluate' | 'openPhoto' | 'closePhoto' | 'derain' | 'save' | 'cancel'> & {
    prepareModel(id: string): Promise<ModelSummary | UserError>;
  };
  readonly layers: LayersPort;
  readonly backend: () => BackendPreference;
  readonly reportBackend: (report: BackendReport) => void;
  readonly dispatch: (event: CompareEvent) => void;
  readonly offerUndo: (image: ComparedImage, at: number) => void;
}

type EffectOf<Type extends CompareEffect['type']> = Extract<CompareEffect, { readonly type: Type }>;

/** Carries out what follows from events, and tells what came of it. */
export function createRunner(options: RunnerOptions): (effect: CompareEffect) => void {
  const { worker, layers, backend, reportBackend, dispatch, offerUndo } = options;
  /** The photo that the worker holds. */
  let held: string | null = null;
  /** Runs that were cancelled before the worker had begun them. */
  let cancelled = false;

  /** Has the worker hold this image and no other. Throws a CallError. */
  const hold = async ({ id, file }: ComparedImage): Promise<void> => {
    if (held === id) return;
    if (held !== null) await worker.closePhoto(held);
    held = null;
    const opened = accepted(await worker.openPhoto(id, file));
    opened.bitmap.close();
    held = id;
  };

  const derain = async ({ run, image, model }: EffectOf<'derain'>): Promise<void> => {
    cancelled = false;
    accepted(await worker.prepareModel(model));
    await hold(image);
    if (cancelled) return dispatch({ type: 'derainStopped', run });
    const end = await removeRain(run, image, model);
    if (end === null) return dispatch({ type: 'derainStopped', run });
    const file = { photo: image.id, model, format: 'image/png', quality: 1, metadata: 'strip' } as const;
    const output = written(await worker.save({ ...file, layer: { kind: 'derained', strength: 1 } }));
    const rainMap = written(await worker.save({ ...file, layer: { kind: 'rainMap', gain: 1 } }));
    dispatch({ type: 'derained', run, ms: end, output, rainMap });
    layers.finish(image.id, model);
  };

  /** Milliseconds that it took; null when it was stopped. Throws a CallError. */
  const removeRain = async (run: number, image: ComparedImage, model: string): Promise<number | null> => {
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
    const job = {
      photo: image.id,
      model,
      backend: backend(),
      strength: 1,
      ensemble: false,
      focus: { x: image.size.width / 2, y: image.size.height / 2 },
      memoryBytes: TILE_BYTES,
    };
    await worker.derain(job, (batch) => batch.forEach(hear));
    if (failure) throw failure as CallError;
    return ms;
  };

  const evaluate = async ({ run, image, output, rainMap, model }: EffectOf<'evaluate'>): Promise<void> => {
    const summary = model === null ? null : await worker.prepareModel(model);
    const hasOwnMap = summary?.refused === false && (summary.role === 'teacher' || summary.estimatesRain === true);
    const { file, truth } = image;
    const request = { rainy: file, output, rainMap: hasOwnMap ? rainMap : null, truth };
    const { rows } = accepted(await worker.evaluate(request));
    dispatch({ type: 'evaluated', run, rows });
  };

  return (effect) => {
    switch (effect.type) {
      case 'derain':
        derain(effect).catch((error: unknown) => {
          held = null; // It may have been the worker that died.
          dispatch({ type: 'derainFailed', run: effect.run, error: words(error) });
        });
        break;
      case 'evaluate':
        evaluate(effect).catch((error: unknown) =>
          dispatch({ type: 'evaluationFailed', run: effect.run, error: words(error) }),
        );
        break;
      case 'cancelDerain':
        cancelled = true;
        worker.cancel().catch(() => undefined);
        break;
      case 'offerUndo':
        offerUndo(effect.image, effect.at);
        break;
      default:
        effect satisfies never;
    }
  };
}

/** An expected error, on its way to where it is told. */
class CallError extends Error {
  constructor(readonly error: { readonly reason: string; readonly hint: string }) {
    super(error.reason);
  }
}

function accepted<Answer extends { readonly refused: boolean }>(
  answer: Answer,
): Exclude<Answer, { readonly refused: true }> {
  if (answer.refused) throw new CallError(answer as unknown as UserError);
  return answer as Exclude<Answer, { readonly refused: true }>;
}

function written(answer: Blob | UserError): Blob {
  if (answer instanceof Blob) return answer;
  throw new CallError(answer);
}

function words(error: unknown): { readonly reason: string; readonly hint: string } {
  if (error instanceof CallError) return { reason: error.error.reason, hint: error.error.hint };
  const reason = error instanceof Error ? error.message : String(error);
  return { reason, hint: 'Try again; a smaller photo or another backend may help.' };
}
