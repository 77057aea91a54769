import { chosenModel, deskSettings } from './chosen.ts';
import { ask } from './derainer.ts';
import { useDesk, withPhoto } from './deskStore.ts';

/** Figures against the truth, where it is known. */
export async function score(id: string): Promise<void> {
  const photo = useDesk.getState().photos.find((one) => one.id === id);
  const model = chosenModel();
  if (!photo?.truth || !model) return;
  const { truth } = photo;
  const scores = await ask((api) => api.score(id, model, deskSettings().strength / 100, truth));
  useDesk.setState((state) => withPhoto(state, id, scores.refused ? { scores: null } : { scores }));
}

/** Gives a photo its picture without rain, to be measured against. */
export function setTruth(id: string, truth: Blob): void {
  useDesk.setState((state) => withPhoto(state, id, { truth }));
  void score(id);
}
