import type { UserError } from '../../protocol/derainer.ts';
import { useBackendChoice } from '../device/backendChoice.ts';
import type { MeasuredSpeed } from '../device/MeasureSection.tsx';
import { chosenModel, deskSettings, TILE_BYTES } from './chosen.ts';
import { ask } from './derainer.ts';
import { meantModel, useDesk } from './deskStore.ts';
import { openModelShelf, prepareModel } from './modelShelf.ts';

/** Measures this machine with the backend and the student chosen now. */
export async function measureSpeed(): Promise<MeasuredSpeed | UserError> {
  if (!useDesk.getState().models) await openModelShelf();
  const chosen = chosenModel();
  const model = chosen && !(await prepareModel(chosen)).refused ? chosen : null;
  const backend = useBackendChoice.getState().choice;
  const answer = await ask((api) =>
    api.measure({ backend, model, ensemble: deskSettings().best, memoryBytes: TILE_BYTES }),
  );
  return answer.refused
    ? answer
    : { ...answer, model: model && (meantModel(useDesk.getState().models, model)?.title ?? null) };
}
