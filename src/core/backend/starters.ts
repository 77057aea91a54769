import * as tf from '@tensorflow/tfjs';
import { registerReferenceKernels } from '../ops/reference.ts';
import { isSoftwareAdapter } from '../ops/webgpu/softwareAdapter.ts';
import type { BackendHost } from './backendHost.ts';
import type { BackendName, BackendReport } from './backendReport.ts';
import { adapterName, describeAdapter, describeThreads } from './description.ts';
import { deviceErrorReason } from './deviceError.ts';

/** Why a backend cannot be had: it or its adapter is missing, is software only, lacks half precision, or does not start. */
export type BackendErrorKind = 'missing' | 'software' | 'half' | 'failed';

/** A backend cannot be had; the message says why. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
  constructor(
    readonly kind: BackendErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Hears why a device has become unusable. */
export type DeviceErrorListener = (reason: string) => void;

/** A WebGPU device in use. */
export interface OpenDevice {
  readonly report: BackendReport;
  readonly limits: GPUSupportedLimits;
  readonly half: boolean;
  onError: DeviceErrorListener;
}

interface StartRequest {
  readonly host: BackendHost;
  readonly half: boolean;
  readonly software: boolean;
  readonly onDeviceError: DeviceErrorListener;
  /** A device that was opened is gone. */
  readonly onDeviceGone: (device: OpenDevice) => void;
}

interface Started {
  readonly report: BackendReport;
  readonly device?: OpenDevice;
}

type Starter = (request: StartRequest) => Promise<Started>;

/** How each backend is started: adding a backend adds a row here, a label in `description.ts`, and its kernels. */
export const STARTERS: Readonly<Record<BackendName, Starter>> = {
  webgpu: startWebgpu,
  wasm: startWasm,
  webgl: () => startStock('webgl', 'There is no WebGL here.', false),
  cpu: () => startStock('cpu', 'Plain JavaScript could not be started.', true),
};

async function startWebgpu({ host, half, software, onDeviceError, onDeviceGone }: StartRequest): Promise<Started> {
  const gpu = await host.gpu();
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!gpu || !adapter) throw new BackendError('missing', 'There is no WebGPU adapter here.');
  const isSoftware = isSoftwareAdapter(adapter.info);
  if (isSoftware && !software)
    throw new BackendError('software', 'WebGPU has only a software adapter, which is slower than WASM.');
  const name = adapterName(adapter.info);
  if (half && !adapter.features.has('shader-f16'))
    throw new BackendError('half', `${name} has no half precision (shader-f16).`);
  const [{ openWebgpuDevice }, { registerWebgpuKernels }] = await Promise.all([
    import('../ops/webgpu/device.ts'),
    import('../ops/webgpu/register.ts'),
  ]);
  host.adoptGpu?.(gpu);
  const device = await openWebgpuDevice(gpu);
  await activate('webgpu', `The WebGPU device of ${name} could not be opened.`);
  const report = reportOf('webgpu', describeAdapter(name, { software: isSoftware, half }), isSoftware);
  const open: OpenDevice = { report, limits: device.limits, half, onError: onDeviceError };
  const fail = (reason: string): void => {
    onDeviceGone(open);
    open.onError(reason);
  };
  device.addEventListener('uncapturederror', (event) => fail(deviceErrorReason(event.error)));
  void device.lost.then(
    ({ reason, message }) => reason !== 'destroyed' && fail(message || 'The graphics device was lost.'),
  );
  await registerWebgpuKernels({
    ...(host.autotuneCache && { memory: host.autotuneCache }),
    clock: () => host.now(),
    half,
  });
  return { report, device: open };
}

async function startWasm({ host, onDeviceError }: StartRequest): Promise<Started> {
  try {
    const [{ registerWasmBackend }, files] = await Promise.all([import('../ops/wasm/register.ts'), host.wasm()]);
    const wasm = { ...files, onError: onDeviceError };
    // Some engines say that memory can be shared and refuse to hand it to a thread.
    const facts = await registerWasmBackend(wasm).catch((error: unknown) => {
      if (files.threads === 1) throw error;
      return registerWasmBackend({ ...wasm, threads: 1 });
    });
    await activate('wasm', 'tfjs refused the WASM backend.');
    const simd = facts.relaxedSimd ? 'relaxed SIMD' : 'SIMD';
    return { report: reportOf('wasm', describeThreads(facts.threads, simd), false, facts.threads) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BackendError('failed', `WebAssembly could not be started: ${reason}`, { cause: error });
  }
}

/** tfjs' own backends, with the reference kernels in place of ours. */
async function startStock(name: 'webgl' | 'cpu', failure: string, software: boolean): Promise<Started> {
  await activate(name, failure);
  registerReferenceKernels(name);
  return { report: reportOf(name, '', software) };
}

/** `setBackend` can return false, or leave another backend in place; both are errors. */
async function activate(name: BackendName, failure: string): Promise<void> {
  const done = await tf.setBackend(name).catch(() => false);
  if (!done) throw new BackendError('failed', failure);
  await tf.ready();
  if (tf.getBackend() !== name) throw new BackendError('failed', failure);
}

function reportOf(backend: BackendName, description: string, software: boolean, threads = 1): BackendReport {
  return { backend, description, software, threads, fellBack: null };
}
