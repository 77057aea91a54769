import type { NetworkShape } from '../architectures/architecture.ts';
import { networkShapes } from '../architectures/networks.ts';
import { footprint, parameterCount } from '../architectures/registry.ts';
import type { TrainingConfig } from './config.ts';

/** What the tensors of a training step may take, bytes. */
export interface StepMemory {
  /** All together. */
  readonly bytes: number;
  /** The largest one: a graphics device takes only so much in one buffer. */
  readonly largestTensor: number;
}

/** Choice: 4 GB, where the host does not know better. */
export const usualStepMemory: StepMemory = { bytes: 4e9, largestTensor: Infinity };

type StepConfig = Pick<TrainingConfig, 'networks' | 'hyperparameters' | 'run'>;

/**
 * Into how many micro-batches a step's batch is split: as `run.microBatches` says, else the fewest that stay within `memory`; one
 * image at a time when even that does not help.
 */
export function microBatchCount(config: StepConfig, memory: StepMemory = usualStepMemory): number {
  const { batch, microBatches } = config.run;
  if (microBatches) return microBatches;
  for (let count = 1; count < batch; count++) {
    if (
      batch % count === 0 &&
      stepBytes(config, count) <= memory.bytes &&
      largestTensor(config, count) <= memory.largestTensor
    )
      return count;
  }
  return batch;
}

/** What is held for a weight: itself, its moments, its average and its gradient, up to eight numbers. */
const WEIGHT_BYTES = 8 * 4;

/** Partial sums of filter gradients, of which a score wait for WebGPU to take its commands, bytes; they hardly depend on the size. */
export const waitingBytes = 2e8;

/**
 * What a step takes at most, bytes. Each weight is held up to eight times: with its moments, its average and its gradient.
 * Each layer's output is held 2.5 times while a gradient is taken: itself, its gradient, and a sum of gradients where a
 * residual block begins. Teacher and student count together although they follow each other, because WebGPU keeps a freed
 * buffer for the next tensor of the same size.
 */
export function stepBytes(config: StepConfig, microBatches: number): number {
  const { f1, f2, f3 } = networkShapes(config.networks);
  const { mode } = config.hyperparameters;
  const { batch, crop } = config.run;
  const teacherBatches = { alternating: 1, joint: 2, teacher: 1, student: 0, supervised: 0 }[mode];
  const teacher = teacherBatches * (layerBytes(f1, crop) + layerBytes(f2, crop));
  const studentBatches = { alternating: 2, joint: 2, teacher: 0, student: 2, supervised: 1 }[mode];
  const student = studentBatches * layerBytes(f3, crop);
  const weights = parameterCount(f1) + parameterCount(f2) + parameterCount(f3);
  return waitingBytes + WEIGHT_BYTES * weights + (2.5 * (teacher + student) * batch) / microBatches;
}

/** `stepBytes` is an upper bound; what goes so many times beyond the memory has no room for certain. */
const CERTAIN = 2;

/**
 * Why there is no room here for the networks, or for a step of theirs with one image at a time; null when there is. Told before
 * anything is made of them.
 */
export function roomProblem(config: StepConfig, memory: StepMemory = usualStepMemory): string | null {
  const { f1, f2, f3 } = networkShapes(config.networks);
  const parameters = parameterCount(f1) + parameterCount(f2) + parameterCount(f3);
  const bytes = WEIGHT_BYTES * parameters;
  const gigabytes = (value: number): string => `${(value / 1e9).toFixed(1)} GB`;
  if (bytes <= memory.bytes) {
    const step = stepBytes(config, config.run.batch);
    if (step <= CERTAIN * memory.bytes) return null;
    const { crop } = config.run;
    return `A step with one crop of ${crop} × ${crop} takes over ${gigabytes(step / CERTAIN)}, and there is room for ${gigabytes(memory.bytes)}.`;
  }
  return (
    `These networks have ${Math.round(parameters / 1e6).toLocaleString('en')} million parameters: ` +
    `training them takes over ${gigabytes(bytes)}, and there is room for ${gigabytes(memory.bytes)}.`
  );
}

/** Outputs of all layers for one image, bytes. */
function layerBytes(shape: NetworkShape, crop: number): number {
  return footprint(shape).kept * crop * crop * 4;
}

/** The widest layer of a part, bytes; the student sees two images for each one of the batch. */
function largestTensor(config: StepConfig, microBatches: number): number {
  const { f1, f2, f3 } = networkShapes(config.networks);
  const widest = Math.max(footprint(f1).widest, footprint(f2).widest, 2 * footprint(f3).widest);
  const { batch, crop } = config.run;
  return (widest * crop * crop * 4 * batch) / microBatches;
}
