import { Button } from '../../ui/Button.tsx';
import { cancelStart } from './trainer.ts';
import { useTraining } from './trainingStore.ts';

/** Calls a start off; nothing where none is under way. */
export function CancelStart() {
  const phase = useTraining((state) => state.phase);
  if (phase !== 'starting' && phase !== 'stopping') return null;
  return (
    <Button busy={phase === 'stopping'} onClick={() => void cancelStart()}>
      Cancel
    </Button>
  );
}
