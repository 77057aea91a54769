import { useRoute } from '../routing/route.ts';
import { chosenModel, deskSettings, lookedAt } from './chosen.ts';
import { compareNow, interruptOthers, modelArrived, showStrength, startOver } from './desk.ts';
import { ask } from './derainer.ts';
import { currentPhoto, useDesk } from './deskStore.ts';
import { useStageView } from './stage/stageView.ts';

/** A moving picture is spoken of so often, milliseconds. */
const LOOK_MS = 100;

let following = false;
let telling: ReturnType<typeof setTimeout> | undefined;

/** From now on a change of the settings, of the models there are, or of what is looked at shows at once. */
export function followSettings(): void {
  if (following) return;
  following = true;
  let before = { ...deskSettings(), model: chosenModel() };
  const look = (): void => {
    const now = { ...deskSettings(), model: chosenModel() };
    const was = before;
    before = now;
    if (was.model === null && now.model !== null) return modelArrived();
    if (now.model !== was.model || now.best !== was.best) return startOver();
    if (now.strength !== was.strength) void showStrength();
    const hasOther = `${now.compare} ${now.show}`.includes(':');
    const comparisonMoves =
      now.compare !== was.compare ||
      now.show !== was.show ||
      now.gain !== was.gain ||
      (now.strength !== was.strength && hasOther);
    if (!comparisonMoves) return;
    interruptOthers();
    void compareNow();
  };
  useRoute.subscribe(look);
  useDesk.subscribe((state, previous) => {
    if (state.models !== previous.models) look();
  });
  useStageView.subscribe(({ view }, previous) => {
    if (view !== previous.view) telling ??= setTimeout(tellWhere, LOOK_MS);
  });
}

/** What is looked at now is done next. */
function tellWhere(): void {
  telling = undefined;
  const desk = useDesk.getState();
  const photo = currentPhoto(desk);
  const isRunning = photo?.state === 'working' || desk.comparing !== null;
  if (photo?.size && isRunning) void ask((api) => api.setFocus(photo.id, lookedAt(photo.size!)));
}
