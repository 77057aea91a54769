import { useEffect } from 'react';
import { useBackendChoice } from '../device/backendChoice.ts';
import { chosenModel } from './chosen.ts';
import { ask } from './derainer.ts';
import { prepareModel } from './modelShelf.ts';

/** Signs that a photo is about to come. */
const SIGNS = ['dragenter', 'pointerdown', 'keydown'] as const;

/**
 * Gets the student and what computes it ready while the person still drags a photo or looks for it, so that the first
 * derained part need not wait for that. Nothing is loaded before the first sign.
 */
export function useWarmUp(): void {
  useEffect(() => {
    const signs = new AbortController();
    for (const sign of SIGNS) {
      addEventListener(
        sign,
        () => {
          signs.abort();
          warmUp().catch(() => undefined); // What is wrong shows with the first photo.
        },
        { signal: signs.signal },
      );
    }
    return () => signs.abort();
  }, []);
}

async function warmUp(): Promise<void> {
  const model = chosenModel();
  if (!model) return;
  const ready = await prepareModel(model);
  if (!ready.refused) await ask((api) => api.warmUp(model, useBackendChoice.getState().choice));
}
