import type { Pixels } from '../../src/core/images/pixels.ts';
import { finiteScore, meanScore } from '../../src/core/metrics/meanScore.ts';
import { scoresOf } from '../../src/core/metrics/metrics.ts';
import type { Metric, MetricDescription, Scores } from '../../src/core/metrics/metrics.ts';
import type { EvaluationModel } from '../evaluationModels.ts';
import type { SuiteImage, SuiteRule, SuiteSection } from './sections.ts';

/** One number of the input and of each model; null where it says nothing. */
export interface SuiteRow extends Pick<MetricDescription, 'unit' | 'digits' | 'higherIsBetter'> {
  readonly id: string;
  readonly label: string;
  readonly images: number;
  readonly input: number | null;
  /** In the order of the models. */
  readonly values: readonly (number | null)[];
}

/** What was measured of one image: of the input, then of each model. Equal images have PSNR 99 rather than ∞. */
export interface SuiteMeasurement {
  readonly section: string;
  readonly image: string;
  readonly scores: readonly Scores[];
}

export interface SuiteReport {
  readonly models: readonly string[];
  readonly rows: readonly SuiteRow[];
  readonly measurements: readonly SuiteMeasurement[];
}

/** Who hears how a suite gets on. */
export interface SuiteListener {
  /** Before an image is measured, and at the end. */
  onImage(done: number, total: number, name: string): void;
  /** After every section: what is known so far. */
  onSection?(report: SuiteReport): Promise<void>;
}

/** Runs the models over every image of the sections. */
export async function runSuite(
  sections: readonly SuiteSection[],
  models: readonly EvaluationModel[],
  { onImage, onSection }: SuiteListener,
): Promise<SuiteReport> {
  const total = sections.reduce((sum, { images }) => sum + images.length, 0);
  const measurements: SuiteMeasurement[] = [];
  const rows: SuiteRow[] = [];
  const report: SuiteReport = { models: models.map(({ name }) => name), rows, measurements };
  for (const section of sections) {
    const table = [...new Set(section.rules.map(({ metric }) => metric))];
    const own: SuiteMeasurement[] = [];
    for (const image of section.images) {
      onImage(measurements.length + own.length, total, `${section.id} ${image.id}`);
      own.push({ section: section.id, image: image.id, scores: await measured(image, section, models, table) });
    }
    measurements.push(...own);
    rows.push(...section.rules.map((rule) => suiteRow(rule, own)));
    await onSection?.(report);
  }
  onImage(total, total, 'done');
  return report;
}

async function measured(
  image: SuiteImage,
  { rainFree }: SuiteSection,
  models: readonly EvaluationModel[],
  table: readonly Metric[],
): Promise<Scores[]> {
  const { input, clean } = await image.read();
  if (clean && (clean.width !== input.width || clean.height !== input.height)) {
    throw new Error(
      `${image.id} is ${input.width} × ${input.height} with rain and ${clean.width} × ${clean.height} without.`,
    );
  }
  const nothing: Scores = Object.fromEntries(table.map(({ name }) => [name, null]));
  const scored = (output: Pixels): Scores =>
    Object.fromEntries(
      Object.entries(scoresOf({ output, rainy: null, clean }, table)).map(([name, score]) => [
        name,
        score && finiteScore(score),
      ]),
    );
  const scores = [rainFree ? nothing : scored(input)];
  for (const model of models) scores.push(scored((await model.derain(input)).derained));
  return scores;
}

function suiteRow({ id, label, metric, take }: SuiteRule, measurements: readonly SuiteMeasurement[]): SuiteRow {
  const columns = measurements[0]!.scores.map((_, column) =>
    measurements.map(({ scores }) => scores[column]![metric.name] ?? null),
  );
  const means = columns.map(meanScore);
  const [input, ...values] = {
    mean: () => means,
    gain: () => means.map((mean, column) => (column === 0 || mean === null ? null : mean - means[0]!)),
    lowest: () => columns.map(lowest),
  }[take]();
  const { unit, digits, higherIsBetter } = metric;
  return { id, label, unit, digits, higherIsBetter, images: measurements.length, input: input!, values };
}

function lowest(scores: readonly (number | null)[]): number | null {
  const present = scores.filter((score) => score !== null);
  return present.length ? Math.min(...present) : null;
}
