import { useEffect, useState } from 'react';
import { usableThreads } from '../../../core/backend/limits.ts';
import type { TrainingConfig } from '../../../core/training/config.ts';
import { useBackendChoice } from '../../device/backendChoice.ts';
import { useDevice } from '../../device/deviceStore.ts';
import { expectedBackend, useLastPace, wordsOfEstimate } from './estimate.ts';
import { askTrainer } from './trainer.ts';
import { useTraining } from './trainingStore.ts';

/** A slider that is dragged asks once, milliseconds. */
const REST_MS = 250;

export interface RunEstimateProps {
  readonly config: TrainingConfig;
  /** Stands before it where it is not plain what takes so long: 'New run'. */
  readonly label?: string;
}

/** How long a new run with these settings will take; nothing while one is under way. */
export function RunEstimate({ config, label }: RunEstimateProps) {
  const idle = useTraining(({ phase }) => phase === 'idle');
  const pace = useLastPace(({ pace }) => pace);
  const { report, adapter } = useDevice();
  const choice = useBackendChoice((state) => state.choice);
  const [operations, setOperations] = useState<number | null>(null);
  useEffect(() => {
    if (!idle) return;
    let isCurrent = true;
    const ask = async (): Promise<void> => {
      const found = await askTrainer((api) => api.stepOperations(config)).catch(() => null);
      if (isCurrent) setOperations(found);
    };
    const timer = setTimeout(() => void ask(), REST_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [config, idle]);
  if (!idle || operations === null) return null;
  const threads = usableThreads(navigator.hardwareConcurrency, globalThis);
  const backend = expectedBackend({ report, adapter, choice, threads });
  const words = wordsOfEstimate({ operations, steps: config.run.steps, pace, backend });
  return <p>{label ? `${label}: ${words[0]!.toLowerCase()}${words.slice(1)}` : words}</p>;
}
