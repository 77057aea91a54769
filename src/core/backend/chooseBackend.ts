import * as tf from '@tensorflow/tfjs';
import type { BackendHost } from './backendHost.ts';
import type { BackendName, BackendPreference, BackendReport } from './backendReport.ts';
import { stepMemory } from './limits.ts';
import { BackendError, STARTERS } from './starters.ts';
import type { DeviceErrorListener, OpenDevice } from './starters.ts';

/** Best first. */
const AUTOMATIC: readonly BackendName[] = ['webgpu', 'wasm', 'webgl', 'cpu'];

export interface ChoiceOptions {
  /**
   * Hears of a lost device, and of device errors that no call reports (a WebGPU buffer beyond the limits gives wrong
   * numbers without an exception): after one, results cannot be trusted.
   */
  readonly onDeviceError?: DeviceErrorListener;
  /** False refuses a software adapter even when WebGPU is asked for by name. */
  readonly software?: boolean;
}

/** The backend that tfjs computes on, in one thread. */
export interface Backend {
  /**
   * Makes tfjs compute on the preferred backend, with our kernels. 'auto' takes WebGPU on real hardware, else WASM, else
   * WebGL, else plain JavaScript; a software WebGPU adapter is far slower than WASM, so it must be asked for by name.
   * Rejects with BackendError when a backend asked for by name is not there.
   */
  choose(preference: BackendPreference, options?: ChoiceOptions): Promise<BackendReport>;
  /** Gives up a backend whose device was lost, and its variables; the next `choose` opens a new device. */
  forget(): void;
  /** What a training step may take on the backend in use, bytes. */
  stepMemory(): ReturnType<typeof stepMemory>;
}

/** The choice of a backend on a host. */
export function createBackend(host: BackendHost): Backend {
  let device: OpenDevice | null = null;
  const onDeviceGone = (gone: OpenDevice): void => {
    if (device === gone) device = null;
  };

  const start = async (name: BackendName, half: boolean, options: ChoiceOptions): Promise<BackendReport> => {
    const { onDeviceError = () => {}, software = true } = options;
    if (!host.offers.has(name)) throw new BackendError('missing', `${name} does not exist here.`);
    if (name === 'webgpu' && device?.half === half && tf.getBackend() === 'webgpu') {
      device.onError = onDeviceError;
      return device.report;
    }
    const started = await STARTERS[name]({ host, half, software, onDeviceError, onDeviceGone });
    if (started.device) device = started.device;
    return started.report;
  };

  const startBest = async (options: ChoiceOptions): Promise<BackendReport> => {
    const reasons: string[] = [];
    for (const name of AUTOMATIC.filter((one) => host.offers.has(one))) {
      try {
        const report = await start(name, false, { ...options, software: false });
        return { ...report, fellBack: reasons.length ? reasons.join(' ') : null };
      } catch (error) {
        reasons.push(error instanceof Error ? error.message : String(error));
      }
    }
    throw new BackendError('failed', `No way to compute was found. ${reasons.join(' ')}`);
  };

  return {
    choose(preference, options = {}) {
      if (preference === 'auto') return startBest(options);
      const half = preference === 'webgpu-half';
      return start(half ? 'webgpu' : preference, half, options);
    },
    forget() {
      tf.disposeVariables();
      device = null;
    },
    stepMemory: () => stepMemory(host.memoryBytes, tf.getBackend() === 'webgpu' ? device?.limits : undefined),
  };
}
