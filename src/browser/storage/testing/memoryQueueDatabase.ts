import type { queueDatabase, QueueSetup, StoredModelFile, StoredPhoto } from '../queueDatabase.ts';

type Database = typeof queueDatabase;

/** The queue's databases in memory, with the room and the errors that a test wants. */
export class MemoryQueueDatabase implements Database {
  entries = new Map<string, StoredPhoto>();
  files = new Map<string, Blob>();
  setups = new Map<string, QueueSetup>();
  models = new Map<string, StoredModelFile>();
  /** What is written, in order. */
  log: string[] = [];
  /** Thrown by the next writes of photos. */
  error: Error | null = null;

  private refuse(): void {
    if (this.error) throw this.error;
  }
  listStoredPhotos = async (): Promise<StoredPhoto[]> =>
    [...this.entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  readStoredFiles: Database['readStoredFiles'] = async (ids) =>
    new Map(
      ids.map((id) => {
        const kinds = (['photo', 'truth', 'result'] as const).filter((kind) => this.files.has(`${id}/${kind}`));
        return [id, Object.fromEntries(kinds.map((kind) => [kind, this.files.get(`${id}/${kind}`)!]))];
      }),
    );
  storePhoto: Database['storePhoto'] = async (photo, given) => {
    this.refuse();
    this.log.push(`photo ${photo.id} ${Object.keys(given).join('+')}`);
    for (const [kind, file] of Object.entries(given)) this.files.set(`${photo.id}/${kind}`, file);
    this.entries.set(photo.id, photo);
  };
  updateStoredPhoto: Database['updateStoredPhoto'] = async (photo) => {
    this.refuse();
    this.log.push(`entry ${photo.id} ${photo.state}`);
    this.entries.set(photo.id, photo);
  };
  storeResult: Database['storeResult'] = async (photo, result) => {
    this.refuse();
    this.log.push(`result ${photo.id}`);
    const onDisk = new Blob([result]);
    this.files.set(`${photo.id}/result`, onDisk);
    this.entries.set(photo.id, photo);
    return onDisk;
  };
  storeTruth: Database['storeTruth'] = async (id, truth) => {
    this.log.push(`truth ${id}`);
    this.files.set(`${id}/truth`, truth);
  };
  removeStoredPhotos: Database['removeStoredPhotos'] = async (ids) => {
    this.log.push(`remove ${ids.join(' ')}`);
    for (const id of ids) {
      this.entries.delete(id);
      for (const kind of ['photo', 'truth', 'result']) this.files.delete(`${id}/${kind}`);
    }
  };
  sweepStoredFiles = async (): Promise<void> => Promise.reject(new Error('in its own time'));
  listQueues = async (): Promise<string[]> => [
    ...new Set([...[...this.entries.values()].map(({ queue }) => queue), ...this.setups.keys()]),
  ];
  readSetup: Database['readSetup'] = async (queue) => this.setups.get(queue) ?? null;
  storeSetup: Database['storeSetup'] = async (queue, setup) => {
    this.log.push(`setup ${setup.model} ${setup.strength}`);
    this.setups.set(queue, setup);
  };
  listModelFiles: Database['listModelFiles'] = async (queue) =>
    [...this.models].filter(([key]) => key.startsWith(`${queue}/`)).map(([, model]) => model);
  storeModelFile: Database['storeModelFile'] = async (queue, model) => {
    this.log.push(`model ${model.id}`);
    this.models.set(`${queue}/${model.id}`, model);
  };
  removeSetup: Database['removeSetup'] = async (queue) => void this.setups.delete(queue);
}
