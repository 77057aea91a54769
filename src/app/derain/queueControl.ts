import { notify } from '../ui/notices.ts';
import { endRun, lookAt, wake } from './desk.ts';
import { useDesk, withoutPhoto, withPhoto } from './deskStore.ts';
import type { DeskPhoto, PhotoState } from './deskStore.ts';
import { forgetResult, keptFile, setKeptFile } from './results.ts';
import { stageLayers } from './stage/stageLayers.ts';
import { closeForGood } from './workerPhotos.ts';

const OPEN: readonly PhotoState[] = ['waiting', 'opening', 'working'];

/** Takes a photo off the desk, and out of the browser's storage. */
export function removePhoto(id: string): void {
  if (!useDesk.getState().photos.some((photo) => photo.id === id)) return;
  letGo(id);
  const wasCurrent = useDesk.getState().currentId === id;
  if (wasCurrent) stageLayers.clear();
  const next = withoutPhoto(useDesk.getState(), id);
  useDesk.setState({ ...next, currentId: wasCurrent ? null : next.currentId });
  if (wasCurrent && next.currentId) lookAt(next.currentId);
}

/** Ends the work on a photo that waits or runs. */
export function cancelPhoto(id: string): void {
  useDesk.setState((state) => withPhoto(state, id, { state: 'cancelled' }));
  endRun(id);
}

/** Begins nothing new, and lets the running photo wait. */
export function pauseQueue(): void {
  useDesk.setState({ paused: true });
  endRun();
}

export function resumeQueue(): void {
  useDesk.setState({ paused: false, begunOtherwise: false });
  wake();
}

/** Ends everything that waits or runs. */
export function cancelAll(): void {
  useDesk.setState((state) => ({
    paused: false,
    begunOtherwise: false,
    photos: state.photos.map((photo) => (OPEN.includes(photo.state) ? { ...photo, state: 'cancelled' } : photo)),
  }));
  endRun();
}

/** Tries everything again that was cancelled or failed. */
export function retryAll(): void {
  useDesk.setState((state) => ({
    photos: state.photos.map((photo) =>
      photo.state === 'cancelled' || photo.state === 'failed'
        ? { ...photo, state: 'waiting', share: 0, trouble: null }
        : photo,
    ),
  }));
  wake();
}

/** Takes all photos off the desk; for a moment they can be brought back with their results. */
export function clearDesk(): void {
  const { photos } = useDesk.getState();
  const results = photos.map(({ id }) => [id, keptFile(id)] as const);
  stageLayers.clear();
  useDesk.setState({ photos: [], currentId: null, paused: false, begunOtherwise: false });
  for (const { id } of photos) letGo(id);
  const bringBack = (): void => {
    for (const [id, file] of results) if (file) setKeptFile(id, file);
    useDesk.setState((state) => ({ photos: [...photos.map(settled), ...state.photos] }));
    if (!useDesk.getState().currentId && photos[0]) lookAt(photos[0].id);
    wake();
  };
  notify({
    text: photos.length === 1 ? 'The desk was cleared.' : `${photos.length} photos were taken off the desk.`,
    action: { label: 'Undo', run: bringBack },
  });
}

function letGo(id: string): void {
  endRun(id);
  closeForGood(id);
  forgetResult(id);
}

/** As it is when nothing works on it any more. */
function settled(photo: DeskPhoto): DeskPhoto {
  const lost = photo.state === 'done' && photo.result === null;
  return OPEN.includes(photo.state) || lost ? { ...photo, state: 'waiting', share: 0, msLeft: null } : photo;
}
