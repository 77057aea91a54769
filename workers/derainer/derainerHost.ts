import type { Imaging } from '../../src/browser/photoImaging.ts';
import type { OnnxSession } from '../../src/core/inference/onnx/onnxRuntime.ts';
import type { StringStore } from '../../src/core/ops/webgpu/autotune.ts';
import type { Backend } from '../../src/core/backend/chooseBackend.ts';

/** What the deraining worker needs of its host. */
export interface DerainerHost {
  readonly backend: Backend;
  readonly imaging: Imaging;
  /** Remembers how fast networks are on this device. */
  readonly speeds?: StringStore;
  /** Opens an ONNX model, whose runtime is loaded for it. Rejects with ForeignFileError where it cannot be run. */
  openOnnx(bytes: Uint8Array): Promise<OnnxSession>;
  /** Whether a training runs beside this worker. */
  isTraining(): Promise<boolean>;
  /** Yields to the host's event loop. */
  yieldToEventLoop(): Promise<void>;
}
