import type { Imaging } from '../../src/browser/photoImaging.ts';
import type { StringStore } from '../../src/core/ops/webgpu/autotune.ts';
import type { Backend } from '../../src/core/backend/chooseBackend.ts';

/** What the deraining worker needs of its host. */
export interface DerainerHost {
  readonly backend: Backend;
  readonly imaging: Imaging;
  /** Remembers how fast networks are on this device. */
  readonly speeds?: StringStore;
  /** Whether a training runs beside this worker. */
  isTraining(): Promise<boolean>;
  /** Yields to the host's event loop. */
  yieldToEventLoop(): Promise<void>;
}
