import * as tf from '@tensorflow/tfjs';
import { registerReferenceKernels } from '../core/ops/reference.ts';
import { isSoftwareAdapter } from '../core/ops/webgpu/softwareAdapter.ts';
import type { BackendName, BackendPreference, BackendReport } from '../core/backend/backendReport.ts';
import { kernelChoices } from './kernelChoices.ts';

/** A backend was asked for by name and cannot be had; the message says why. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
}

/** What made a WebGPU device unusable. */
export type DeviceTrouble = (reason: string) => void;

const automatic: readonly BackendName[] = ['webgpu', 'wasm', 'webgl', 'cpu'];

/**
 * Makes tfjs compute on the preferred backend, with our kernels. 'auto' takes WebGPU on real hardware, else WASM, else
 * WebGL, else plain JavaScript; a software WebGPU adapter is far slower than WASM, so it must be asked for by name.
 *
 * `onTrouble` hears of a lost device and of WebGPU errors that nothing else reports: after one, results cannot be trusted.
 * Rejects with BackendError when a backend asked for by name is not there. Callable in a tab and in a worker.
 */
export async function chooseBackend(
  preference: BackendPreference,
  onTrouble: DeviceTrouble = () => {},
): Promise<BackendReport> {
  if (preference === 'webgpu-half') return startWebgpu(true, onTrouble);
  if (preference !== 'auto') return start(preference, onTrouble);
  const reasons: string[] = [];
  for (const name of automatic) {
    try {
      if (name === 'webgpu' && (await describeAdapter())?.software)
        throw new BackendError('WebGPU has only a software adapter, which is slower than WASM.');
      const report = await start(name, onTrouble);
      return { ...report, fellBack: reasons.length ? reasons.join(' ') : null };
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new BackendError(`No way to compute was found. ${reasons.join(' ')}`);
}

/** Frees the variables of a backend whose device was lost; the next `chooseBackend` opens a new device. */
export function forgetBackend(): void {
  tf.disposeVariables();
  openDevice = null;
}

/** Choice: a training step may take half of this machine's memory, and never more than this, bytes. */
const MOST_STEP_BYTES = 4e9;
/** What the machine is taken to have when it does not say, gigabytes. */
const USUAL_MEMORY_GB = 8;

/** What a training step may take on the backend in use, bytes: its tensors together, and the largest of them. */
export function stepMemory(): { readonly bytes: number; readonly largestTensor: number } {
  const { deviceMemory = USUAL_MEMORY_GB } = navigator as { deviceMemory?: number };
  const bytes = Math.min(MOST_STEP_BYTES, deviceMemory * 5e8);
  const limits = tf.getBackend() === 'webgpu' ? openDevice?.limits : undefined;
  return {
    bytes,
    largestTensor: limits ? Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize) : Infinity,
  };
}

async function start(name: BackendName, onTrouble: DeviceTrouble): Promise<BackendReport> {
  switch (name) {
    case 'webgpu':
      return startWebgpu(false, onTrouble);
    case 'wasm':
      return startWasm(onTrouble);
    case 'webgl':
      await activate('webgl', 'This browser offers no WebGL here.');
      registerReferenceKernels('webgl');
      return report('webgl', 'WebGL', false);
    case 'cpu':
      await activate('cpu', 'Plain JavaScript could not be started.');
      registerReferenceKernels('cpu');
      return report('cpu', 'plain JavaScript', true);
    default:
      return name satisfies never;
  }
}

/** The device in use, and who hears of its trouble. */
let openDevice: {
  readonly report: BackendReport;
  readonly limits: GPUSupportedLimits;
  readonly half: boolean;
  onTrouble: DeviceTrouble;
} | null = null;

async function startWebgpu(half: boolean, onTrouble: DeviceTrouble): Promise<BackendReport> {
  if (openDevice?.half === half && tf.getBackend() === 'webgpu') {
    openDevice.onTrouble = onTrouble;
    return openDevice.report;
  }
  const adapter = await describeAdapter();
  if (!adapter) throw new BackendError('This browser offers no WebGPU adapter.');
  if (half && !adapter.half) throw new BackendError(`${adapter.description} has no half precision (shader-f16).`);
  const [{ openWebgpuDevice }, { registerWebgpuKernels }] = await Promise.all([
    import('../core/ops/webgpu/device.ts'),
    import('../core/ops/webgpu/register.ts'),
  ]);
  const device = await openWebgpuDevice(navigator.gpu);
  await activate('webgpu', 'The WebGPU device could not be opened.');
  const words = half ? `${adapter.description}, half precision` : adapter.description;
  const opened = { report: report('webgpu', words, adapter.software), limits: device.limits, half, onTrouble };
  const trouble = (reason: string): void => {
    if (openDevice === opened) openDevice = null;
    opened.onTrouble(reason);
  };
  // A buffer beyond the device's limits gives wrong numbers without an exception; only this event tells.
  device.addEventListener('uncapturederror', (event) => trouble(event.error.message));
  void device.lost.then(
    ({ reason, message }) => reason !== 'destroyed' && trouble(message || 'The graphics device was lost.'),
  );
  await registerWebgpuKernels({ memory: kernelChoices, clock: () => performance.now(), half });
  openDevice = opened;
  return opened.report;
}

async function startWasm(onTrouble: DeviceTrouble): Promise<BackendReport> {
  const { useWasm } = await import('./backend/wasmThreads.ts');
  const { threads } = await useWasm(onTrouble).catch((error: unknown) => {
    throw new BackendError(
      `WebAssembly could not be started: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  return report('wasm', threads === 1 ? '1 thread, SIMD' : `${threads} threads, SIMD`, false, threads);
}

/** `setBackend` can return false, or leave another backend in place; both are refusals. */
async function activate(name: BackendName, refusal: string): Promise<void> {
  const done = await tf.setBackend(name).catch(() => false);
  if (!done) throw new BackendError(refusal);
  await tf.ready();
  if (tf.getBackend() !== name) throw new BackendError(refusal);
}

/** The adapter that WebGPU would use, in words; null without one. */
async function describeAdapter(): Promise<{ description: string; software: boolean; half: boolean } | null> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return null;
  const { vendor, architecture, description } = adapter.info;
  const software = isSoftwareAdapter(adapter.info);
  const words = [
    description || [vendor, architecture].filter(Boolean).join(' ') || 'graphics card',
    software ? '(software)' : '',
  ];
  return { description: words.filter(Boolean).join(' '), software, half: adapter.features.has('shader-f16') };
}

function report(backend: BackendName, description: string, software: boolean, threads = 1): BackendReport {
  return { backend, description, software, threads, fellBack: null };
}
