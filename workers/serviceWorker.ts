/**
 * Lets the app run without its server, and takes images that other apps share. A new version waits until the page says
 * that nothing is running.
 */
import { storePhoto } from '../src/browser/storage/queueDatabase.ts';
import { AppFiles } from '../src/browser/offline/appFiles.ts';
import { takeShared } from '../src/browser/offline/takeShared.ts';
import type { AppFile } from '../src/browser/offline/appFiles.ts';

/** The build puts the list in place of `self.appFiles`. */
declare const self: ServiceWorkerGlobalScope & { readonly appFiles: readonly AppFile[] };

const root = self.registration.scope;
const files = new AppFiles(self.appFiles, root);
/** As the web app manifest says. */
const SHARE_ADDRESS = `${root}share`;

self.addEventListener('install', (event) => event.waitUntil(files.store('first')));

self.addEventListener('activate', (event) => event.waitUntil(files.dropOthers().then(() => self.clients.claim())));

self.addEventListener('message', (event) => {
  if (event.data === 'take over') void self.skipWaiting();
  if (event.data === 'store the rest') event.waitUntil(files.store('idle'));
});

self.addEventListener('fetch', (event) => {
  const answer =
    event.request.method === 'POST' && event.request.url === SHARE_ADDRESS
      ? takeShared(event.request, root, storePhoto).then((address) => Response.redirect(address, 303))
      : files.answer(event.request);
  if (answer) event.respondWith(answer);
});
