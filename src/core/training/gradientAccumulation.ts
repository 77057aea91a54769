import * as tf from '@tensorflow/tfjs';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs';
import type { Batch, Images } from '../paper/notation.ts';

/** A batch in so many equal micro-batches; the caller disposes them. One is the batch itself. Throws Error when it cannot be split so. */
export function splitBatch(batch: Batch, microBatches: number): Batch[] {
  if (microBatches === 1) return [batch];
  const size = batch.direction.length / microBatches;
  if (!Number.isInteger(size))
    throw new Error(`A batch of ${batch.direction.length} cannot be split into ${microBatches} equal parts.`);
  const cut = (images: Images): Images[] => tf.split(images, microBatches);
  const [xSyn, yGt, zGt, xReal] = [cut(batch.xSyn), cut(batch.yGt), cut(batch.zGt), cut(batch.xReal)];
  const [z, y] = batch.onReal ? [cut(batch.onReal.z), cut(batch.onReal.y)] : [];
  return Array.from({ length: microBatches }, (_, i) => ({
    xSyn: xSyn[i]!,
    yGt: yGt[i]!,
    zGt: zGt[i]!,
    xReal: xReal[i]!,
    direction: batch.direction.slice(i * size, (i + 1) * size),
    ...(z && y && { onReal: { z: z[i]!, y: y[i]! } }),
  }));
}

/** Frees the tensors of a batch. */
export function disposeBatch({ xSyn, yGt, zGt, xReal, onReal }: Batch): void {
  tf.dispose([xSyn, yGt, zGt, xReal, ...(onReal ? [onReal.z, onReal.y] : [])]);
}

/**
 * The mean, name by name, of what is computed for each micro-batch, one after another. Every loss is a mean over images, so
 * that over equal micro-batches the mean of losses is the loss of all, and the mean of gradients its gradient.
 */
export function accumulateGradients<MicroBatch>(
  microBatches: readonly MicroBatch[],
  compute: (microBatch: MicroBatch) => NamedTensorMap,
): NamedTensorMap {
  let sum = compute(microBatches[0]!);
  for (const microBatch of microBatches.slice(1)) {
    const next = compute(microBatch);
    sum = replaced(sum, (tensor, name) => tf.add(tensor, next[name]!));
    tf.dispose(next);
  }
  return microBatches.length === 1 ? sum : replaced(sum, (tensor) => tf.div(tensor, microBatches.length));
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
 * What `run` returns, given a function that takes the mean over the micro-batches: the same gradient within rounding, in the
 * memory of one micro-batch. Throws Error when the batch cannot be split so.
 */
export function inMicroBatches<Result>(
  batch: Batch,
  microBatches: number,
  run: (accumulateGradients: (compute: (microBatch: Batch) => NamedTensorMap) => NamedTensorMap) => Result,
): Result {
  const pieces = splitBatch(batch, microBatches);
  try {
    return run((compute) => accumulateGradients(pieces, compute));
  } finally {
    if (microBatches > 1) for (const piece of pieces) disposeBatch(piece);
  }
}
