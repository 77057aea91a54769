import type { Imaging } from '../../src/browser/photoImaging.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import { createLpips, lpipsMetric, lpipsOrigin } from '../../src/core/metrics/lpips.ts';
import { metrics, scoresOf } from '../../src/core/metrics/metrics.ts';
import type { Measured, Metric } from '../../src/core/metrics/metrics.ts';
import { decodeSafetensors, SafetensorsError } from '../../src/core/weights/safetensors.ts';
import type { Evaluation, EvaluationRequest, EvaluationRow, UserError } from '../../src/protocol/derainer.ts';
import { toUserError, userError } from './userError.ts';

/** LPIPS takes 18 s for a megapixel on a small machine; larger images go without. */
const LPIPS_PIXELS = 1_000_000;

/** Every figure of image files, LPIPS among them once its weights were given. */
export class Evaluator {
  private lpips: Metric | null = null;

  constructor(
    private readonly imaging: Imaging,
    private readonly yieldToEventLoop: () => Promise<void>,
  ) {}

  /** Takes weights for LPIPS from a safetensors file; null when they can be used from now on. */
  async loadLpips(file: Blob): Promise<UserError | null> {
    try {
      const { tensors } = decodeSafetensors(new Uint8Array(await file.arrayBuffer()));
      this.lpips = lpipsMetric(createLpips(tensors));
      return null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return userError(reason, error instanceof SafetensorsError ? lpipsOrigin : 'Choose the whole file.');
    }
  }

  async evaluate({ rainy, output, rainMap, truth }: EvaluationRequest): Promise<Evaluation | UserError> {
    try {
      const photo = await this.imaging.readPixels(rainy);
      const clean = truth && (await this.imaging.readPixels(truth));
      if (clean && !sameSize(clean, photo)) {
        return userError(
          `The rain-free image is ${clean.width} × ${clean.height}, the photo ${photo.width} × ${photo.height}.`,
          'Choose the image that belongs to this photo, in the same size.',
        );
      }
      const measured: Measured = {
        output: output ? await this.imaging.readPixels(output) : photo,
        rainy: photo,
        clean,
        rainMap: rainMap && (await this.imaging.readPixels(rainMap)),
      };
      return { refused: false, rows: await this.rows(measured) };
    } catch (error) {
      return toUserError(error);
    }
  }

  private async rows(measured: Measured): Promise<EvaluationRow[]> {
    const isSmall = measured.output.width * measured.output.height <= LPIPS_PIXELS;
    const table = this.lpips ? [...metrics, this.lpips] : metrics;
    const rows: EvaluationRow[] = [];
    for (const metric of table) {
      const { name, label, unit, digits, higherIsBetter, of, channels } = metric;
      const value = metric === this.lpips && !isSmall ? null : scoreOf(measured, metric);
      rows.push({ name, label, unit, digits, higherIsBetter, of, channels, value });
      await this.yieldToEventLoop();
    }
    return rows;
  }
}

/** Null for an image that is too small for the metric. */
function scoreOf(measured: Measured, metric: Metric): number | null {
  try {
    return scoresOf(measured, [metric])[metric.name] ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function sameSize(a: Pixels, b: Pixels): boolean {
  return a.width === b.width && a.height === b.height;
}
