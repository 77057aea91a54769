import { proxy } from 'comlink';
import { create } from 'zustand';
import { deleteModel, ModelStoreError, saveModel } from '../../browser/models.ts';
import type { StoredModel } from '../../browser/models.ts';
import type { AdapterApi } from '../../protocol/adapter.ts';
import { useBackendChoice } from '../device/backendChoice.ts';
import { readModelFile, removeModelFile, useModels } from '../models/registry.ts';
import { listSamples } from '../samples/samples.ts';
import { notify } from '../ui/notices.ts';
import { createWorkerClient } from '../workers/workerClient.ts';
import { adaptTo, cancelAdapting, discardAdapted, keepAdapted } from './adapting.ts';
import type { Adapting, AdaptPorts, PhotoName } from './adapting.ts';

/** The student that is being adapted in this tab. */
export const useAdapting = create<Adapting>(() => ({ phase: 'idle' }));

/** The training worker once more, for the time of one adaptation: its memory goes with it. */
const worker = createWorkerClient<AdapterApi>(
  'adapting',
  () =>
    new Worker(new URL('../../../workers/trainer/trainer.worker.ts', import.meta.url), {
      type: 'module',
      name: 'adapter',
    }),
);

/** What adapting needs of the view with the photo. */
export interface AdaptHost extends Pick<AdaptPorts, 'rainMap' | 'list' | 'view' | 'changeView'> {
  /** Time that adapting takes, seconds. */
  seconds(): number;
  /** Goes back to a student, or to the page's own choice, if a model that is going was chosen. */
  leaveModel(id: string, base: string | null): void;
}

/** What a person does about adapting; `useAdapting` says how far it is. */
export interface Adaptation {
  begin(photo: PhotoName, model: string): Promise<void>;
  cancel(): Promise<void>;
  keep(): Promise<void>;
  discard(): Promise<void>;
  /** Deletes an adapted student that was kept, and goes back to the one that it was made of. */
  discardKept(stored: StoredModel): Promise<void>;
}

export function createAdaptation(host: AdaptHost): Adaptation {
  const ports: AdaptPorts = {
    ...host,
    get: () => useAdapting.getState(),
    set: (state) => useAdapting.setState(state, true),
    modelFile: readModelFile,
    cleanImages,
    adapt: runAdapter,
    stop: () => worker.call((api) => api.stopAdapting()),
    unlist: removeModelFile,
    store,
  };
  return {
    begin: (photo, model) => adaptTo(ports, photo, model, host.seconds()),
    cancel: () => cancelAdapting(ports),
    keep: () => keepAdapted(ports),
    discard: () => discardAdapted(ports),
    async discardKept({ id, title, adapted }) {
      const isThere = useModels.getState().models?.some((model) => model.id === adapted?.base);
      host.leaveModel(`mine:${id}`, isThere ? adapted!.base : null);
      const restore = await deleteModel(id);
      notify({ text: `“${title}” was discarded.`, action: { label: 'Undo', run: () => void restore() } });
    },
  };
}

const runAdapter: AdaptPorts['adapt'] = async (job, onEvents) => {
  const { choice } = useBackendChoice.getState();
  try {
    await worker.call((api) => api.adapt({ ...job, backend: choice }, proxy(onEvents)));
  } finally {
    worker.end();
  }
};

const store: AdaptPorts['store'] = async (title, file, photo, base) => {
  try {
    return { id: `mine:${(await saveModel(file.slice(0), title, { photo, base })).id}` };
  } catch (error) {
    if (error instanceof ModelStoreError) return { reason: error.reason, hint: error.hint };
    return {
      reason: 'The browser could not store this student.',
      hint: 'It stays in this tab until you close it.',
    };
  }
};

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
