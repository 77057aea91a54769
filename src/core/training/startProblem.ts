import { ShapeError } from '../architectures/architecture.ts';
import type { Checkpoint } from './checkpoint.ts';
import { checkConfig } from './config.ts';
import type { TrainingConfig } from './config.ts';
import type { Failed } from './events.ts';
import { failed } from './failures.ts';
import { roomProblem } from './microBatches.ts';
import type { TrainingPorts } from './ports.ts';
import type { Pretrained } from './pretrained.ts';

/** Why a run cannot begin or go on, told before anything is made for it; null when it can. */
export function startProblem(
  config: TrainingConfig,
  { memory }: Pick<TrainingPorts, 'memory'>,
  from: Checkpoint | undefined,
  start: Pretrained,
): Failed | null {
  const [problem] = checkConfig(config);
  if (problem)
    return failed('config', `The setting ${problem.path} ${problem.message}.`, 'Correct it and start again.');
  if (config.hyperparameters.mode === 'student' && !from && !start.teacher) {
    return failed(
      'config',
      'The student alone can only learn from a teacher that was trained before, and none is given.',
      'Choose a teacher, or another order of the updates.',
    );
  }
  try {
    const room = roomProblem(from?.config ?? config, memory);
    return room === null ? null : failed('config', room, 'Choose fewer filters or blocks, or a smaller crop.');
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    return failed('config', `The network that the settings ask for ${error.message}.`, 'Choose another size.');
  }
}
