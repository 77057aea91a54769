import { createAdaptation } from '../../adapt/adaptSession.ts';
import type { AdaptHost } from '../../adapt/adaptSession.ts';
import { chooseForAll, dispatch, rerun } from './derainQueue.ts';
import { changeSettings, derainSettings } from './settings.ts';
import { derainer, takeModel } from './workerClient.ts';

/** Adapting a student to a photo of the queue. */
export const adaptation = createAdaptation({
  seconds: () => derainSettings().adaptSeconds,
  rainMap,
  list: async (title, file) => takeModel(new File([file], `${title}.safetensors`), true),
  view() {
    const { show, compare, mode } = derainSettings();
    return { show, compare, mode };
  },
  changeView({ model, ...view }) {
    if (model !== undefined) chooseForAll({ model });
    changeSettings(view);
  },
  leaveModel(id, base) {
    if (derainSettings().model === id) changeSettings({ model: base });
  },
});

/** The rain that a model found on a photo; computed once more where the worker no longer has it. */
async function rainMap(photo: string, model: string): ReturnType<AdaptHost['rainMap']> {
  const found = await derainer.rainMap(photo, model);
  if (found) return found;
  const error = await rerun(photo);
  const again = error ? null : await derainer.rainMap(photo, model);
  dispatch({ type: 'rerunReleased', id: photo });
  return again ?? error ?? { reason: 'The photo has no result yet.', hint: 'Remove its rain first, then adapt to it.' };
}
