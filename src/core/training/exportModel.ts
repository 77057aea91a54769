import { networkShapes } from '../architectures/networks.ts';
import { networkWeights } from '../architectures/registry.ts';
import type { NetworkName } from '../paper/networks.ts';
import type { Provenance } from '../weights/provenance.ts';
import type { Student, Teacher } from '../weights/modelFile.ts';
import type { Checkpoint } from './checkpoint.ts';
import { CheckpointError } from './checkpoint.ts';

/** Which weights: their moving average (what is validated), or those of the last step. */
export type WhichWeights = 'average' | 'latest';

/** The student F3 of a checkpoint. `date` is ISO 8601. */
export function studentOf(checkpoint: Checkpoint, which: WhichWeights, date: string): Student {
  const shape = networkShapes(checkpoint.config.networks).f3;
  return { shape, weights: weightsOf(checkpoint, 'f3', which), provenance: provenanceOf(checkpoint, date) };
}

/** The teacher F1, F2 of a checkpoint. `date` is ISO 8601. */
export function teacherOf(checkpoint: Checkpoint, which: WhichWeights, date: string): Teacher {
  const { f1, f2 } = networkShapes(checkpoint.config.networks);
  return {
    shapes: { f1, f2 },
    weights: { f1: weightsOf(checkpoint, 'f1', which), f2: weightsOf(checkpoint, 'f2', which) },
    provenance: provenanceOf(checkpoint, date),
  };
}

function weightsOf(checkpoint: Checkpoint, network: NetworkName, which: WhichWeights): Map<string, Float32Array> {
  const prefix = which === 'average' ? 'adam/average' : 'weights';
  const weights = new Map<string, Float32Array>();
  for (const { name } of networkWeights(networkShapes(checkpoint.config.networks)[network])) {
    const stored = checkpoint.arrays.get(`${prefix}/${network}/${name}`);
    if (!stored) throw new CheckpointError(`The checkpoint holds no ${network}/${name}.`);
    weights.set(name, stored.data);
  }
  return weights;
}

function provenanceOf({ step, config, images, validations }: Checkpoint, date: string): Provenance {
  const last = validations.at(-1);
  return {
    seed: config.run.seed,
    steps: step,
    preset: config.preset,
    config,
    data: images,
    validation: last ? { images: last.images, psnr: last.psnr, ssim: last.ssim } : null,
    date,
  };
}
