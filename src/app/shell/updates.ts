import { create } from 'zustand';
import { unlessBusy } from '../../browser/jobLocks.ts';
import { notify } from '../ui/notices.ts';
import { reloadWithTakenUpdate, TAKE_OVER_MS } from './updateReload.ts';

const SCRIPT = './serviceWorker.js';
const LOOK_EVERY_MS = 60 * 60 * 1000;
/** What is looked at first comes first. */
const REST_AFTER_MS = 3_000;

/** A newer version that is on this device and waits to be used. */
export const useUpdate = create<{ readonly waiting: ServiceWorker | null }>(() => ({ waiting: null }));

/** Says that the person takes the update that waits. */
let tellTaken = (): void => {};

/** From now on an update that the person takes, in this tab or another, loads this page anew. */
export function expectUpdates(): void {
  const container = navigator.serviceWorker;
  if (container) tellTaken = reloadWithTakenUpdate(container, () => location.reload());
}

/** Keeps the app on this device, so that it opens without its server, and looks for newer versions now and then. */
export async function keepAppReady(): Promise<void> {
  const container = navigator.serviceWorker;
  if (!container || import.meta.env.DEV) return;
  const registration = await container.register(SCRIPT, { updateViaCache: 'none' }).catch(() => null);
  if (!registration) return; // No secure address, or switched off: the page works, with its server.
  subscribe(registration);
  void storeTheRest();
  setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY_MS);
}

/** Loads the page anew with the version that waits, unless something is running in this tab or another. */
export async function takeNewVersion(): Promise<void> {
  const { waiting } = useUpdate.getState();
  if (!waiting) return;
  const isFree = await unlessBusy(() => {
    if (waiting.state !== 'installed') location.reload(); // In charge by now, but later than this page waited for it.
    tellTaken();
    waiting.postMessage('take over');
    return new Promise((resolve) => {
      setTimeout(resolve, TAKE_OVER_MS); // The page is gone by then.
    });
  });
  if (!isFree) notify({ text: 'The update waits until the running work has ended. Choose it again then.' });
}

/** The sample images come onto this device too, unless the person spares the connection. */
async function storeTheRest(): Promise<void> {
  const { connection } = navigator as { connection?: { readonly saveData?: boolean } };
  if (connection?.saveData) return;
  const { active } = await navigator.serviceWorker.ready;
  setTimeout(() => active?.postMessage('store the rest'), REST_AFTER_MS);
}

function subscribe(registration: ServiceWorkerRegistration): void {
  const container = navigator.serviceWorker;
  if (registration.waiting && container.controller) useUpdate.setState({ waiting: registration.waiting });
  const watched = new Set<ServiceWorker>();
  const watch = (worker: ServiceWorker | null): void => {
    if (!worker || watched.has(worker)) return;
    watched.add(worker);
    const isFirst = container.controller === null;
    worker.addEventListener('statechange', () => {
      if (worker.state === 'installed' && !isFirst) useUpdate.setState({ waiting: worker });
      if (worker.state === 'activated' && isFirst) notify({ text: 'Ready to work offline.', tone: 'good' });
    });
  };
  watch(registration.installing);
  registration.addEventListener('updatefound', () => watch(registration.installing));
}
