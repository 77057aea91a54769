/** A version that was taken is in charge within this time, milliseconds; when it is not, the page goes on with the old one. */
export const TAKE_OVER_MS = 10_000;

/** Tabs tell each other on this channel that the person took an update. */
const CHANNEL = 'petrichor-update';

/**
 * Reloads the page when another service worker takes charge because the person took an update, in this tab or another. A
 * worker that goes or comes for any other reason (storage cleared, developer tools, a first visit) reloads nothing: what is
 * on screen is not lost. Called as the page starts, so that no word of another tab is missed. Returns what the tab that
 * takes an update calls first.
 */
export function reloadWithTakenUpdate(
  container: Pick<ServiceWorkerContainer, 'controller' | 'addEventListener'>,
  reload: () => void,
  now: () => number = () => performance.now(),
  channel = new BroadcastChannel(CHANNEL),
): () => void {
  // Another tab's word and the change of worker arrive in either order.
  let takenAt = -Infinity;
  let changedAt = -Infinity;
  let { controller } = container;
  const reloadIfBoth = (): void => {
    if (Math.abs(takenAt - changedAt) <= TAKE_OVER_MS) reload();
  };
  channel.addEventListener('message', () => {
    takenAt = now();
    reloadIfBoth();
  });
  container.addEventListener('controllerchange', () => {
    const isFirst = controller === null;
    ({ controller } = container);
    if (isFirst) return; // A page reloaded for this one would miss the update that follows it.
    changedAt = now();
    reloadIfBoth();
  });
  return () => {
    takenAt = now();
    channel.postMessage('taken');
  };
}
