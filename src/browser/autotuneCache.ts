import { createStore, get, set } from 'idb-keyval';

const store = createStore('petrichor-device', 'kernels');

/**
 * Which WebGPU kernels were fastest on which adapter, and how fast networks are, so that it is measured once. Where the browser
 * blocks this site's data (`indexedDB.open` then throws at once) nothing is remembered, and all is measured at every visit.
 */
export const autotuneCache = {
  async get(key: string): Promise<string | undefined> {
    try {
      const stored = await get<unknown>(key, store);
      return typeof stored === 'string' ? stored : undefined;
    } catch {
      return undefined;
    }
  },
  async set(key: string, value: string): Promise<void> {
    try {
      await set(key, value, store);
    } catch {
      return; // Measured again.
    }
  },
};
