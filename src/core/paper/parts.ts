import * as tf from '@tensorflow/tfjs';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs';
import type { Batch, Images } from './notation.ts';

/** A batch in so many equal parts; the caller disposes them. In one part it is the batch itself. Throws Error when it cannot be cut so. */
export function cutBatch(batch: Batch, parts: number): Batch[] {
  if (parts === 1) return [batch];
  const size = batch.direction.length / parts;
  if (!Number.isInteger(size))
    throw new Error(`A batch of ${batch.direction.length} cannot be cut into ${parts} equal parts.`);
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
 * The mean, name by name, of what is computed for each part, one part after another. Every loss is a mean over pictures, so
 * that over equal parts the mean of losses is the loss of all, and the mean of gradients its gradient.
 */
export function meanOver<Part>(parts: readonly Part[], compute: (part: Part) => NamedTensorMap): NamedTensorMap {
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
