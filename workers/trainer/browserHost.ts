import { browserHost } from '../../src/browser/backendHost/browserHost.ts';
import { createBreathing } from '../../src/browser/yieldToEventLoop.ts';
import {
  discardBest,
  discardCheckpoints,
  readBest,
  readNewestCheckpoint,
  saveBest,
  saveCheckpoint,
} from '../../src/browser/checkpoints.ts';
import { whileTraining } from '../../src/browser/jobLocks.ts';
import {
  listRuns,
  readPreview,
  readRunCheckpoint,
  readRunCurves,
  readTrainRun,
  saveExperiment,
  saveLabel,
  savePreview,
  saveRunCheckpoint,
  saveState,
  saveTrainRun,
} from '../../src/browser/storage/runDatabase.ts';
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
      readNewest: readNewestCheckpoint,
      discard: discardCheckpoints,
      saveBest,
      readBest,
      discardBest,
    },
    runs: {
      list: listRuns,
      saveLabel,
      saveState,
      saveCheckpoint: saveRunCheckpoint,
      readCheckpoint: readRunCheckpoint,
      readCurves: readRunCurves,
      savePreview: (id, preview) => savePreview(id, preview),
      readPreview: (id) => readPreview(id),
      saveExperiment,
      readTrainRun,
      saveTrainRun,
    },
    openSource: (images) => openImageSource(TRAINING_PIXELS, images),
    decode: (file) => readPhoto(file, { maxPixels: TRAINING_PIXELS }),
    whileTraining,
    clock: () => performance.now(),
    yieldToEventLoop: createBreathing(),
    now: () => Date.now(),
  };
}
