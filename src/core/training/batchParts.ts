import * as tf from '@tensorflow/tfjs';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs';
import type { Batch, Images } from '../paper/notation.ts';

/** A batch in so many equal parts; the caller disposes them. In one part it is the batch itself. Throws Error when it cannot be split so. */
export function splitBatch(batch: Batch, parts: number): Batch[] {
  if (parts === 1) return [batch];
  const size = batch.direction.length / parts;
  if (!Number.isInteger(size))
    throw new Error(`A batch of ${batch.direction.length} cannot be split into ${parts} equal parts.`);
  const cut = (images: Images): Images[] => tf.split(images, parts);
  const [xSyn, yGt, zGt, xReal] = [cut(batch.xSyn), cut(batch.yGt), cut(batch.zGt), cut(batch.xReal)];
  return Array.from({ length: parts }, (_, i) => ({
    xSyn: xSyn[i]!,
    yGt: yGt[i]!,
    zGt: zGt[i]!,
    xReal: xReal[i]!,
    direction: batch.direction.slice(i * size, (i + 1) * size),
  }));
}

/**
 * The mean, name by name, of what is computed for each part, one part after another. Every loss is a mean over images, so
 * that over equal parts the mean of losses is the loss of all, and the mean of gradients its gradient.
 */
export function meanOverParts<Part>(parts: readonly Part[], compute: (part: Part) => NamedTensorMap): NamedTensorMap {
  let sum = compute(parts[0]!);
  for (const part of parts.slice(1)) {
    const next = compute(part);
    sum = replaced(sum, (tensor, name) => tf.add(tensor, next[name]!));
    tf.dispose(next);
  }
  return parts.length === 1 ? sum : replaced(sum, (tensor) => tf.div(tensor, parts.length));
}

/** New tensors in place of those given, which are disposed. */
function replaced(tensors: NamedTensorMap, by: (tensor: Tensor, name: string) => Tensor): NamedTensorMap {
  const next = tf.tidy(() =>
    Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, by(tensor, name)])),
  );
  tf.dispose(tensors);
  return next;
}

/**
 * What `run` returns, given a function that takes the mean over the parts of a batch: the same gradient within rounding, in the
 * memory of one part. Throws Error when the batch cannot be split so.
 */
export function inParts<Result>(
  batch: Batch,
  parts: number,
  run: (meanOver: (compute: (part: Batch) => NamedTensorMap) => NamedTensorMap) => Result,
): Result {
  const pieces = splitBatch(batch, parts);
  try {
    return run((compute) => meanOverParts(pieces, compute));
  } finally {
    if (parts > 1) for (const { xSyn, yGt, zGt, xReal } of pieces) tf.dispose([xSyn, yGt, zGt, xReal]);
  }
}
