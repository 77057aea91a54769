import { createNetworks, disposeNetwork, networkShapes } from '../architectures/networks.ts';
import { splitDataset } from '../data/split.ts';
import type { DatasetSplit } from '../data/split.ts';
import { batchOf } from '../data/batchSquares.ts';
import { Sampler } from '../data/sampler.ts';
import { createAdam } from '../paper/adam.ts';
import type { Adam } from '../paper/adam.ts';
import { leastStepsPerEpoch } from '../paper/hyperparameters.ts';
import { networkNames } from '../paper/networks.ts';
import type { Networks } from '../paper/networks.ts';
import type { Batch } from '../paper/notation.ts';
import { variablesOf } from '../paper/trainingStep.ts';
import { randomFromSeed } from '../random.ts';
import { restoreArrays, snapshotWeights } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { TrainingConfig } from './config.ts';
import { FixedTeacher, fixedTeacherSquares } from './fixedTeacher.ts';
import type { ParallelSampler, TrainingPorts } from './ports.ts';
import { assignPretrained } from './pretrained.ts';
import type { Pretrained } from './pretrained.ts';
import { previewSamples, validationSamples } from './validation.ts';
import type { ValidationSample } from './validation.ts';

/** What a run works with from its first step to its last. */
export interface RunParts {
  readonly split: DatasetSplit;
  readonly samples: {
    readonly preview: readonly ValidationSample[];
    readonly validation: readonly ValidationSample[];
  };
  readonly networks: Networks;
  readonly adam: Adam;
  /** The weights that the run begins with. */
  readonly arrays: Checkpoint['arrays'];
  readonly stepsPerEpoch: number;
  /** The batch of step number `step`, from 0, with what a fixed teacher says of its real squares. The caller disposes it. */
  batch(step: number): Promise<Batch>;
  dispose(): void;
}

/** Rejects with the errors of images that cannot be read, and of weights that do not fit. */
export async function prepareParts(
  config: TrainingConfig,
  { source, teacherOutputs, openSampler }: Pick<TrainingPorts, 'source' | 'teacherOutputs' | 'openSampler'>,
  from: Checkpoint | undefined,
  start: Pretrained,
): Promise<RunParts> {
  const split = splitDataset(source, config.data.heldOut, config.data.heldOutIds);
  const { seed, batch: batchSize, crop } = config.run;
  const isTeacherFixed = config.hyperparameters.mode === 'student';
  const realSquares = isTeacherFixed ? { realSquares: fixedTeacherSquares(crop) } : {};
  const options = { seed, batch: batchSize, crop, ...config.data, ...realSquares };
  const sampler = new Sampler(source, split.train, options);
  const samples = {
    preview: await previewSamples(source, split, config),
    validation: await validationSamples(source, split.heldOut, config),
  };
  const shapes = networkShapes(config.networks);
  const networks = createNetworks(shapes, randomFromSeed(seed).split('weights'));
  let adam: Adam | null = null;
  let ahead: ParallelSampler | null = null;
  const dispose = (): void => {
    ahead?.close();
    adam?.dispose();
    for (const name of networkNames) disposeNetwork(networks[name]);
  };
  try {
    assignPretrained(networks, shapes, start);
    adam = createAdam(variablesOf(networks, networkNames));
    if (from) restoreArrays(from, networks, adam);
    const arrays = from?.arrays ?? (await snapshotWeights(networks, adam));
    const teacher = isTeacherFixed ? new FixedTeacher(networks, teacherArrays(arrays), teacherOutputs) : null;
    const stepsPerEpoch = Math.max(leastStepsPerEpoch, Math.ceil(sampler.syntheticCount / batchSize));
    ahead = openSampler?.(split.train, options) ?? null;
    const squares = ahead ?? sampler;
    const batch = async (step: number): Promise<Batch> => {
      const drawn = batchOf(await squares.squares(step), crop);
      return teacher ? { ...drawn, onReal: await teacher.outputsOn(drawn.xReal, sampler.realSquaresOf(step)) } : drawn;
    };
    return { split, samples, networks, adam, arrays, stepsPerEpoch, batch, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function teacherArrays(arrays: Checkpoint['arrays']): Checkpoint['arrays'] {
  return new Map([...arrays].filter(([name]) => /^weights\/f[12]\//.test(name)));
}
