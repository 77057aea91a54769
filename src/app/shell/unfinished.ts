import { rememberedQueue } from '../../browser/storage/tabQueue.ts';

/** Goes on with the photos that this tab had in its queue before a reload, whichever view is on screen. */
export async function resumeQueue(): Promise<void> {
  if (rememberedQueue() === null) return;
  const { openQueue } = await import('../derain/session/openQueue.ts');
  await openQueue();
}
