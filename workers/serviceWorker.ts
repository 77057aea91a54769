/**
 * Lets the app run without its server, and takes images that other apps share. A new version waits until the page says
 * that nothing is running.
 */
import { newPhotoId, storePhoto } from '../src/browser/storage/queueDatabase.ts';
import { AppFiles } from '../src/browser/offline/appFiles.ts';
import { shareSender } from '../src/browser/offline/shareSender.ts';
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
      ? takeShared(event.request)
      : files.answer(event.request);
  if (answer) event.respondWith(answer);
});

/** Puts shared images into a queue of their own, which the page that is opened then takes over. */
async function takeShared(request: Request): Promise<Response> {
  const sender = shareSender(request, root);
  if (sender === 'foreign') return Response.redirect(`${root}#/derain`, 303);
  const shared = (await request.formData()).getAll('photos').filter((value) => value instanceof File);
  const source = crypto.randomUUID();
  const nothing = { size: null, metadata: [], thumbnail: null, ms: null, error: null, scores: null, result: null };
  let stored = 0;
  for (const [i, file] of shared.entries()) {
    const id = newPhotoId(Date.now(), source.slice(0, 8), i);
    const isStored = await storePhoto(
      { id, queue: source, name: file.name, state: 'waiting', ...nothing },
      { photo: file },
    ).then(
      () => true,
      () => false,
    );
    if (isStored) stored++;
  }
  const missed = shared.length - stored;
  const asks = stored > 0 && sender === 'unknown';
  const query = new URLSearchParams({
    ...(missed > 0 && { missed: `${missed}` }),
    ...(asks && { shared: `${stored}` }),
  });
  return Response.redirect(`${root}#/derain${query.size > 0 ? `?${query}` : ''}`, 303);
}
