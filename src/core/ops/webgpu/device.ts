import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** Features that some of our kernels use when they are there; tfjs itself asks for the timestamps only. */
const wantedFeatures = [
  'subgroups',
  'shader-f16',
  'timestamp-query',
  'bgra8unorm-storage',
] as string[] as GPUFeatureName[];

/** Limits raised to what the adapter has; the defaults are those of the smallest device. */
const wantedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
] as const;

/**
 * Opens a device with everything our kernels can use and registers it as tfjs' `webgpu` backend, in place of tfjs' own
 * way to start it (and of an earlier backend, whose tensors are lost). It is then up to the caller to
 * `tf.setBackend('webgpu')` and to register the kernels. Rejects with Error when there is no adapter.
 */
export async function openWebgpuDevice(gpu: GPU): Promise<GPUDevice> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('There is no WebGPU adapter.');
  const device = await adapter.requestDevice({
    requiredFeatures: wantedFeatures.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(wantedLimits.map((limit) => [limit, adapter.limits[limit]])),
  });
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3);
  return device;
}
