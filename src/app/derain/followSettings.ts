import { useRoute } from '../shell/route.ts';
import { chosenModel, deskSettings } from './chosen.ts';
import { compareNow, interruptOthers, modelArrived, showStrength, startOver } from './desk.ts';
import { useDesk } from './deskStore.ts';

let following = false;

/** From now on a change of the settings, or of the models there are, shows at once. */
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
    const comparisonMoves = now.compare !== was.compare || now.show !== was.show || now.gain !== was.gain || (now.strength !== was.strength && hasOther);
    if (!comparisonMoves) return;
    interruptOthers();
    void compareNow();
  };
  useRoute.subscribe(look);
  useDesk.subscribe((state, previous) => {
    if (state.models !== previous.models) look();
  });
}
