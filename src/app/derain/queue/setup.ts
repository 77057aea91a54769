import type { Draft } from './effects.ts';
import { AGAIN } from './photo.ts';
import type { Photo, PhotoSetup } from './photo.ts';
import { settleRerun, stopTask } from './schedule.ts';
import { currentPhoto, setupOf, withPhoto, withPhotos } from './state.ts';
import type { QueueSettings, QueueState } from './state.ts';
import { layComparison, recompose } from './viewing.ts';

/** A change of the settings, or of the models there are, shows at once. */
export function changeSettings(draft: Draft, settings: QueueSettings): void {
  const { state } = draft;
  const was = state.settings;
  const isSuggestion = was.model !== null && !was.isModelChosen && !settings.isModelChosen;
  const photos = isSuggestion && settings.model !== was.model ? keepTogether(state.photos, was.model) : state.photos;
  changeWork(draft, { ...state, photos, settings });
  layIfChanged(draft, was);
}

/**
 * What suits this device became known while photos are there for which nobody chose: all of them get one model. Where one is
 * done they keep theirs, so that no result is lost; else they take the new one, the photo under way from its beginning.
 */
function keepTogether(photos: readonly Photo[], model: string | null): readonly Photo[] {
  const isShared = ({ own, state }: Photo): boolean => own.model === undefined && state !== 'refused';
  if (!photos.some((photo) => isShared(photo) && photo.state === 'done')) return photos;
  return photos.map((photo) => (isShared(photo) ? { ...photo, own: { ...photo.own, model } } : photo));
}

/** The same for every photo: what was chosen for single ones gives way. */
export function setUpAll(draft: Draft, change: Partial<PhotoSetup>): void {
  const { photos, settings } = draft.state;
  const isOwn = ([name]: [string, unknown]): boolean => !(name in change);
  const without = ({ own }: Photo): Photo['own'] => Object.fromEntries(Object.entries(own).filter(isOwn));
  const isModelChosen = settings.isModelChosen || 'model' in change;
  changeWork(draft, {
    ...draft.state,
    photos: photos.map((photo) => ({ ...photo, own: without(photo) })),
    settings: { ...settings, ...change, isModelChosen },
  });
}

/** Takes over a state in which photos are to be derained with something else, and does what follows for each of them. */
export function changeWork(draft: Draft, next: QueueState): void {
  const before = draft.state;
  draft.state = next;
  const wasSetUp = new Map(before.photos.map((photo) => [photo.id, setupOf(before.settings, photo)]));
  const changed = new Set<string>();
  for (const photo of next.photos) {
    const [was, now] = [wasSetUp.get(photo.id)!, setupOf(next.settings, photo)];
    if (was.model === null && now.model !== null) {
      if (photo.state === 'noModel') draft.state = withPhoto(draft.state, photo.id, { state: 'waiting' });
    } else if (was.model !== now.model || was.ensemble !== now.ensemble) changed.add(photo.id);
  }
  if (changed.size > 0) restart(draft, changed);
  const current = currentPhoto(draft.state);
  const isOtherStrength =
    current !== null && wasSetUp.get(current.id)!.strength !== setupOf(next.settings, current).strength;
  if (!isOtherStrength || changed.has(current.id)) return;
  recompose(draft, 'strength');
  if (showsOtherResult(draft.state.settings)) layComparison(draft);
}

/** What is looked at may have been changed with the settings. */
function layIfChanged(draft: Draft, was: QueueSettings): void {
  const { settings, task } = draft.state;
  const isOtherFile = settings.show === 'saved' && JSON.stringify(settings.save) !== JSON.stringify(was.save);
  const isOtherLook =
    settings.compare !== was.compare || settings.show !== was.show || settings.gain !== was.gain || isOtherFile;
  if (!isOtherLook) return;
  if (task?.side && settings[task.side === 'compare' ? 'compare' : 'show'] !== task.model) stopTask(draft);
  layComparison(draft);
}

/** Whether another model's result, or the result's file, is looked at: it changes with the strength. */
export function showsOtherResult({ compare, show }: QueueSettings): boolean {
  return `${compare} ${show}`.includes(':') || show === 'saved';
}

/** Does photos again: another model or quality was chosen for them. */
function restart(draft: Draft, ids: ReadonlySet<string>): void {
  const { task, reruns, stage, currentId, encoding } = draft.state;
  if (task && ids.has(task.id)) stopTask(draft);
  const lost = { ms: null, residual: null, scores: null, result: null };
  const isAgain = ({ id, state }: Photo): boolean => ids.has(id) && state !== 'refused';
  draft.state = withPhotos(draft.state, isAgain, { ...AGAIN, ...lost });
  for (const { id } of reruns.filter((one) => ids.has(one.id)))
    settleRerun(draft, id, { reason: 'Another model was chosen meanwhile.', hint: 'Wait for its result.' });
  const kept = Object.fromEntries(Object.entries(encoding).filter(([id]) => !ids.has(id)));
  draft.state = { ...draft.state, modelError: null, otherModel: false, encoding: kept };
  if (currentId === null || !ids.has(currentId)) return;
  draft.state = { ...draft.state, stage: { ...stage, derained: 'none' } };
  draft.effects.push({ type: 'removeLayer', layer: 'derained' });
  layComparison(draft); // Of a photo that is not done there is nothing to compare.
}
