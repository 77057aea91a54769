import { createAdaptation } from '../../adapt/adaptSession.ts';
import type { AdaptHost } from '../../adapt/adaptSession.ts';
import type { UserError as Refused } from '../../../protocol/derainer.ts';
import { useBackendChoice } from '../../device/backendChoice.ts';
import { saveSettings } from '../../export/saveChoice.ts';
import { importModelFiles } from '../../models/importModelFiles.ts';
import { checkpointName, groupModelFiles } from '../../models/modelFileNames.ts';
import { useModels } from '../../models/registry.ts';
import type { Photo, PhotoSetup } from '../queue/photo.ts';
import { currentPhoto } from '../queue/state.ts';
import type { QueueSettings } from '../queue/state.ts';
import { dispatch, rerun, useQueue } from './derainQueue.ts';
import { changeSettings, derainSettings } from './settings.ts';
import { currentModel, derainer, importer, isModelChosen, takeModel } from './workerClient.ts';

/** Everything that the queue works with, as it is chosen now. */
function currentSettings(): QueueSettings {
  const { strength, ensemble, compare, show, gain } = derainSettings();
  return {
    model: currentModel(),
    isModelChosen: isModelChosen(),
    models: modelIds(),
    strength,
    ensemble,
    compare,
    show,
    gain,
    backend: useBackendChoice.getState().choice,
    save: saveSettings(),
  };
}

/** Chooses for a photo: alone among others, else for the queue, and so for the address. */
export function choose(photo: Photo | null, change: Partial<PhotoSetup>): void {
  const { photos } = useQueue.getState();
  if (photo && photos.length > 1) dispatch({ type: 'photoSetUp', id: photo.id, own: change });
  else chooseForAll(change);
}

/** Chooses for every photo; what is done with something else is done again. */
export function chooseForAll(change: Partial<PhotoSetup>): void {
  // The address follows; by itself it would leave photos alone that have a choice of their own.
  tellSettings(); // a model may be new
  dispatch({ type: 'allSetUp', change });
  changeSettings(change);
}

let ids: { readonly of: unknown; readonly list: readonly string[] } = { of: null, list: [] };

/** Ids of all models there are. */
export function modelIds(): readonly string[] {
  const { models } = useModels.getState();
  if (ids.of !== models) ids = { of: models, list: models?.map(({ id }) => id) ?? [] };
  return ids.list;
}

/** Tells the queue of a change to what it works with. */
export function tellSettings(): void {
  const settings = currentSettings();
  if (JSON.stringify(settings) !== JSON.stringify(useQueue.getState().settings))
    dispatch({ type: 'settingsChanged', settings });
}

/** Models are read one after another: there may be something to ask about each. */
let takingModels: Promise<void> = Promise.resolve();

/** Takes model files of any format in and uses them: a student to derain with, a teacher to compare with. */
export function takeModelFiles(files: readonly File[]): void {
  for (const group of groupModelFiles(files)) takingModels = takingModels.then(() => takeGroup(group));
}

async function takeGroup(group: readonly File[]): Promise<void> {
  const opened = await importModelFiles(importer, group).catch(unreadable);
  if (!opened) return;
  const answer = opened.refused ? opened : await takeModel(opened.file).catch(unreadable);
  const error = answer.refused ? { name: checkpointName(group), reason: answer.reason, hint: answer.hint } : null;
  dispatch({ type: 'modelFileOpened', error });
  if (answer.refused) return;
  if (answer.role === 'teacher') changeSettings({ compare: answer.id });
  else choose(currentPhoto(useQueue.getState()), { model: answer.id });
}

function unreadable(error: unknown): Refused {
  const reason = error instanceof Error ? error.message : String(error);
  return { refused: true, reason, hint: 'Choose the file again.' };
}

/** Adapting a student to a photo of the queue. */
export const adaptation = createAdaptation({
  seconds: () => derainSettings().adaptSeconds,
  rainMap,
  list: async (title, file) => takeModel(new File([file], `${title}.safetensors`), true),
  view() {
    const { show, compare, mode } = derainSettings();
    return { show, compare, mode };
  },
  changeView({ model, ...view }) {
    if (model !== undefined) chooseForAll({ model });
    changeSettings(view);
  },
  leaveModel(id, base) {
    if (derainSettings().model === id) changeSettings({ model: base });
  },
});

/** The rain that a model found on a photo; computed once more where the worker no longer has it. */
async function rainMap(photo: string, model: string): ReturnType<AdaptHost['rainMap']> {
  const found = await derainer.rainMap(photo, model);
  if (found) return found;
  const error = await rerun(photo);
  const again = error ? null : await derainer.rainMap(photo, model);
  dispatch({ type: 'rerunReleased', id: photo });
  return again ?? error ?? { reason: 'The photo has no result yet.', hint: 'Remove its rain first, then adapt to it.' };
}
