import { autotuneCache } from '../../src/browser/autotuneCache.ts';
import { browserHost } from '../../src/browser/backendHost/browserHost.ts';
import { createBreathing } from '../../src/browser/yieldToEventLoop.ts';
import { isTraining } from '../../src/browser/jobLocks.ts';
import { browserImaging } from '../../src/browser/photoImaging.ts';
import { createBackend } from '../../src/core/backend/chooseBackend.ts';
import type { DerainerHost } from './derainerHost.ts';
import { openInThread } from './onnxThread.ts';

/** The deraining worker's host in a browser. */
export function createBrowserHost(): DerainerHost {
  return {
    backend: createBackend(browserHost),
    imaging: browserImaging,
    speeds: autotuneCache,
    openOnnx: (bytes) =>
      openInThread(
        new Worker(new URL('../onnx/onnx.worker.ts', import.meta.url), { type: 'module', name: 'onnx' }),
        bytes,
      ),
    isTraining,
    yieldToEventLoop: createBreathing(),
  };
}
