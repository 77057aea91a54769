import { proxy } from 'comlink';
import { create } from 'zustand';
import { deleteModel, ModelStoreError, saveModel } from '../../../browser/models.ts';
import type { StoredModel } from '../../../browser/models.ts';
import type { AdapterApi } from '../../../protocol/adapter.ts';
import { useBackendChoice } from '../../device/backendChoice.ts';
import { readModelFile, removeModelFile, useModels } from '../../models/registry.ts';
import { listSamples } from '../../samples/samples.ts';
import { notify } from '../../ui/notices.ts';
import { createWorkerClient } from '../../workers/workerClient.ts';
import type { Photo, UserError } from '../queue/state.ts';
import { chooseForAll, dispatch, rerun } from '../session/derainQueue.ts';
import { changeSettings, derainSettings } from '../session/settings.ts';
import { derainer, takeModel } from '../session/workerClient.ts';
import { adaptTo, cancelAdapting, discardAdapted, keepAdapted } from './adapting.ts';
import type { Adapting, AdaptPorts } from './adapting.ts';

/** The student that is being adapted in this tab. */
export const useAdapting = create<Adapting>(() => ({ phase: 'idle' }));

/** The training worker once more, for the time of one adaptation: its memory goes with it. */
const worker = createWorkerClient<AdapterApi>(
  'adapting',
  () =>
    new Worker(new URL('../../../../workers/trainer/trainer.worker.ts', import.meta.url), {
      type: 'module',
      name: 'adapter',
    }),
);

const ports: AdaptPorts = {
  get: () => useAdapting.getState(),
  set: (state) => useAdapting.setState(state, true),
  rainMap,
  modelFile: readModelFile,
  cleanImages,
  async adapt(job, onEvents) {
    const { choice } = useBackendChoice.getState();
    try {
      await worker.call((api) => api.adapt({ ...job, backend: choice }, proxy(onEvents)));
    } finally {
      worker.end();
    }
  },
  stop: () => worker.call((api) => api.stopAdapting()),
  list: async (title, file) => takeModel(new File([file], `${title}.safetensors`), true),
  unlist: removeModelFile,
  async store(title, file, photo, base) {
    try {
      return { id: `mine:${(await saveModel(file.slice(0), title, { photo, base })).id}` };
    } catch (error) {
      if (error instanceof ModelStoreError) return { reason: error.reason, hint: error.hint };
      return {
        reason: 'The browser could not store this student.',
        hint: 'It stays in this tab until you close it.',
      };
    }
  },
  view: () => {
    const { show, compare, mode } = derainSettings();
    return { show, compare, mode };
  },
  changeView({ model, ...view }) {
    if (model !== undefined) chooseForAll({ model });
    changeSettings(view);
  },
};

/** Adapts a student to a photo; `useAdapting` says how far it is. */
export function adaptToPhoto(photo: Photo, model: string): Promise<void> {
  return adaptTo(ports, photo, model, derainSettings().adaptSeconds);
}

export function cancel(): Promise<void> {
  return cancelAdapting(ports);
}

export function keep(): Promise<void> {
  return keepAdapted(ports);
}

export function discard(): Promise<void> {
  return discardAdapted(ports);
}

/** Deletes an adapted student that was kept, and goes back to the one that it was made of. */
export async function discardKept({ id, title, adapted }: StoredModel): Promise<void> {
  const isThere = useModels.getState().models?.some((model) => model.id === adapted?.base);
  const base = isThere ? adapted!.base : null;
  if (derainSettings().model === `mine:${id}`) changeSettings({ model: base });
  const restore = await deleteModel(id);
  notify({ text: `“${title}” was discarded.`, action: { label: 'Undo', run: () => void restore() } });
}

async function rainMap(photo: string, model: string): ReturnType<AdaptPorts['rainMap']> {
  const found = await derainer.rainMap(photo, model);
  if (found) return found;
  const error: UserError | null = await rerun(photo);
  const again = error ? null : await derainer.rainMap(photo, model);
  dispatch({ type: 'rerunReleased', id: photo });
  return again ?? error ?? { reason: 'The photo has no result yet.', hint: 'Remove its rain first, then adapt to it.' };
}

/** The bundled samples without rain. Rejects when none can be reached. */
async function cleanImages(): Promise<Blob[]> {
  const addresses = (await listSamples()).flatMap(({ clean }) => (clean ? [clean] : []));
  if (addresses.length === 0) throw new Error('The sample images could not be loaded.');
  return Promise.all(
    addresses.map(async (address) => {
      const response = await fetch(address);
      if (!response.ok) throw new Error(`The sample image ${address} could not be loaded.`);
      return response.blob();
    }),
  );
}
