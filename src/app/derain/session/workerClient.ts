import { proxy } from 'comlink';
import type { DerainerApi, ModelSummary, UserError as Refused } from '../../../protocol/derainer.ts';
import { useBackendChoice } from '../../device/backendChoice.ts';
import type { MeasuredSpeed } from '../../device/MeasureSection.tsx';
import type { ModelImporter } from '../../models/importModelFiles.ts';
import { addModelFile, listedModelOf, nextFileId, openModels, readModelFile } from '../../models/registry.ts';
import { rememberSummary, useModels } from '../../models/registry.ts';
import { noteSpeed, suggestStudent, useStudentSpeeds } from '../../models/suggestion.ts';
import { startDerainerWorker } from '../../workers/derainerWorker.ts';
import { createWorkerClient } from '../../workers/workerClient.ts';
import type { WorkerPort } from '../queue/ports.ts';
import { TILE_BYTES } from '../queue/schedule.ts';
import { derainSettings } from './settings.ts';

/** Models that the worker has read, and reads under way: a second read would take the first one's weights away. */
const loaded = new Map<string, Promise<ModelSummary | Refused>>();

/** The deraining worker. */
const { call: ask, onDeath } = createWorkerClient<DerainerApi>('deraining', () => startDerainerWorker('derainer'));
onDeath(() => loaded.clear());

/** Calls `watcher` when the worker has died and everything it held is gone. */
export const onWorkerDeath: (watcher: () => void) => void = onDeath;

/** The worker's calls, as the page makes them. */
export const derainer: WorkerPort & Pick<DerainerApi, 'transcode' | 'rainMap'> = {
  openPhoto: (id, file, onWhole) =>
    ask((api) => (onWhole ? api.openPhoto(id, file, proxy(onWhole)) : api.openPhoto(id, file))),
  closePhoto: (id) => ask((api) => api.closePhoto(id)),
  derain: (job, onEvents) => ask((api) => api.derain(job, proxy(onEvents))),
  setFocus: (photo, focus) => ask((api) => api.setFocus(photo, focus)),
  cancel: () => ask((api) => api.cancel()),
  compose: (photo, model, layer, region, onTiles) =>
    ask((api) => api.compose(photo, model, layer, region, proxy(onTiles))),
  save: (request) => ask((api) => api.save(request)),
  transcode: (request) => ask((api) => api.transcode(request)),
  rainMap: (photo, model) => ask((api) => api.rainMap(photo, model)),
  score: (id, model, layer, truth) => ask((api) => api.score(id, model, layer, truth)),
  prepareModel(id) {
    const before = loaded.get(id);
    if (before) return before;
    const loading = loadModel(id);
    loaded.set(id, loading);
    // What was refused, or cut off, is tried again next time.
    const forget = (): void => {
      if (loaded.get(id) === loading) loaded.delete(id);
    };
    loading.then(({ refused }) => refused && forget(), forget);
    return loading;
  },
};

/** Reads model files of other formats. */
export const importer: ModelImporter = {
  importModel: (files, as) => ask((api) => api.importModel(files, as)),
};

async function loadModel(id: string): Promise<ModelSummary | Refused> {
  const file = await readModelFile(id);
  return file instanceof Blob ? readInWorker(id, file) : file;
}

async function readInWorker(id: string, file: Blob): Promise<ModelSummary | Refused> {
  const answer = await ask((api) => api.loadModel(id, file));
  if (!answer.refused) rememberSummary(id, answer);
  return answer;
}

/** Takes a model file in, `passing` if only for this visit: the id of the choice, a new one unless it is listed already; or why it is refused. */
export async function takeModel(
  file: File,
  passing = false,
): Promise<{ readonly refused: false; readonly id: string; readonly role: ModelSummary['role'] } | Refused> {
  const listed = await listedModelOf(file);
  if (listed) return { refused: false, id: listed.id, role: listed.role };
  const id = nextFileId();
  const answer = await readInWorker(id, file);
  if (answer.refused) return answer;
  loaded.set(id, Promise.resolve(answer));
  await addModelFile(id, file, answer, passing);
  return { refused: false, id, role: answer.role };
}

/** Id of the model in use: the chosen one, else the one that suits this device; null when there is none. */
export function currentModel(): string | null {
  const { models } = useModels.getState();
  const chosen = derainSettings().model;
  if (models?.some(({ id }) => id === chosen)) return chosen;
  const { choice } = useBackendChoice.getState();
  return suggestStudent(models, choice, useStudentSpeeds.getState().seconds).model?.id ?? null;
}

/** Whether the model in use was chosen, and is not just what the page begins with. */
export function isModelChosen(): boolean {
  const { model } = derainSettings();
  return model !== null && currentModel() === model;
}

/** Gets the student and what computes it ready, so that the first derained part need not wait for that, and notes its speed. */
export async function warmUp(): Promise<void> {
  const model = currentModel();
  if (!model) return;
  const ready = await derainer.prepareModel(model);
  if (ready.refused) return;
  const { choice } = useBackendChoice.getState();
  const seconds = await ask((api) => api.warmUp(model, choice, TILE_BYTES));
  if (seconds !== null) noteSpeed(model, choice, seconds, false);
}

/** Measures this machine with the backend and the model chosen now. */
export async function measureSpeed(): Promise<MeasuredSpeed | Refused> {
  const { models } = useModels.getState();
  if (!models) await openModels();
  const chosen = currentModel();
  const model = chosen && !(await derainer.prepareModel(chosen)).refused ? chosen : null;
  const backend = useBackendChoice.getState().choice;
  const { ensemble } = derainSettings();
  const answer = await ask((api) => api.measure({ backend, model, ensemble, memoryBytes: TILE_BYTES }));
  if (answer.refused) return answer;
  const { secondsFor12Mp, shared } = answer;
  const isTelling = model !== null && secondsFor12Mp !== null && !ensemble && !shared;
  if (isTelling) noteSpeed(model, backend, secondsFor12Mp, true);
  return { ...answer, model: useModels.getState().models?.find(({ id }) => id === model)?.title ?? null };
}
