import { newPhotoId } from '../storage/queueDatabase.ts';
import type { storePhoto } from '../storage/queueDatabase.ts';
import { shareSender } from './shareSender.ts';

/**
 * Puts shared images into a queue of their own, and resolves with the address of the page that takes it over. What another site's
 * form sends is not even read.
 */
export async function takeShared(
  request: Pick<Request, 'referrer' | 'formData'>,
  root: string,
  store: typeof storePhoto,
): Promise<string> {
  const sender = shareSender(request, root);
  if (sender === 'foreign') return `${root}#/derain`;
  const shared = (await request.formData()).getAll('photos').filter((value) => value instanceof File);
  const source = crypto.randomUUID();
  const nothing = { size: null, metadata: [], thumbnail: null, ms: null, error: null, scores: null, result: null };
  let stored = 0;
  for (const [i, file] of shared.entries()) {
    const id = newPhotoId(Date.now(), source.slice(0, 8), i);
    const isStored = await store(
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
  return `${root}#/derain${query.size > 0 ? `?${query}` : ''}`;
}
