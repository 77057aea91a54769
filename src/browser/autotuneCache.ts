import { createStore, get, set } from 'idb-keyval';

const store = createStore('petrichor-device', 'kernels');

/** Which WebGPU kernels were fastest on which adapter, and how fast networks are, so that it is measured once. */
export const autotuneCache = {
  get: (key: string): Promise<string | undefined> => get<string>(key, store),
  set: (key: string, value: string): Promise<void> => set(key, value, store),
};
