/** Where a model comes from: what its card shows, and what is needed to train it again. */
export interface Provenance {
  readonly seed: number;
  /** Training steps done. */
  readonly steps: number;
  readonly preset: string;
  /** The whole training config, as JSON. */
  readonly config: unknown;
  /** Images it was trained with, after holding out. */
  readonly data: { readonly clean: number; readonly rainy: number; readonly pairs: number };
  /** The last validation on held-out images, on Y (dB and SSIM); null when there was none. */
  readonly validation: ValidationFigures | null;
  /** When it was saved, ISO 8601. */
  readonly date: string;
}

export interface ValidationFigures {
  readonly images: number;
  readonly psnr: { readonly rainy: number; readonly student: number; readonly teacher: number };
  readonly ssim: { readonly rainy: number; readonly student: number; readonly teacher: number };
}

/** The provenance in a JSON value, without anything unknown; null when it is not one. */
export function readProvenance(value: unknown): Provenance | null {
  if (!isRecord(value)) return null;
  const { seed, steps, preset, config, date } = value;
  const data = numbers(value['data'], ['clean', 'rainy', 'pairs']);
  const validation = value['validation'] === null ? null : readValidation(value['validation']);
  if (!isCount(seed) || !isCount(steps) || !isShortText(preset) || !data || validation === undefined) return null;
  if (!isShortText(date) || Number.isNaN(Date.parse(date))) return null;
  return { seed, steps, preset, config: config ?? null, data, validation, date };
}

function readValidation(value: unknown): ValidationFigures | undefined {
  if (!isRecord(value)) return undefined;
  const images = value['images'] ?? value['pictures']; // the older name
  if (!isCount(images)) return undefined;
  const psnr = numbers(value['psnr'], ['rainy', 'student', 'teacher']);
  const ssim = numbers(value['ssim'], ['rainy', 'student', 'teacher']);
  return psnr && ssim ? { images, psnr, ssim } : undefined;
}

function numbers<Key extends string>(value: unknown, keys: readonly Key[]): Record<Key, number> | undefined {
  if (!isRecord(value) || keys.some((key) => !Number.isFinite(value[key]))) return undefined;
  return Object.fromEntries(keys.map((key) => [key, value[key]])) as Record<Key, number>;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 100;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
