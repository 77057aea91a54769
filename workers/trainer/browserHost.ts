import { browserHost } from '../../src/browser/backendHost/browserHost.ts';
import { createBreathing } from '../../src/browser/breathe.ts';
import {
  discardCheckpoints,
  listCheckpoints,
  readNewestCheckpoint,
  saveCheckpoint,
} from '../../src/browser/checkpoints.ts';
import { whileTraining } from '../../src/browser/jobLocks.ts';
import { openImageSource, TRAINING_PIXELS } from '../../src/browser/libraryImageSource.ts';
import { readPhoto } from '../../src/browser/photoReader.ts';
import { createBackend } from '../../src/core/backend/chooseBackend.ts';
import type { AdapterHost } from './adapterApi.ts';
import type { TrainerHost } from './trainerHost.ts';

/** The training worker's host in a browser. */
export function createBrowserHost(): TrainerHost & AdapterHost {
  return {
    backend: createBackend(browserHost),
    checkpoints: {
      save: saveCheckpoint,
      list: listCheckpoints,
      readNewest: async (decode) => (await readNewestCheckpoint(decode))?.checkpoint ?? null,
      discard: discardCheckpoints,
    },
    openSource: () => openImageSource(),
    decode: (file) => readPhoto(file, { maxPixels: TRAINING_PIXELS }),
    whileTraining,
    clock: () => performance.now(),
    breathe: createBreathing(),
    now: () => Date.now(),
  };
}
