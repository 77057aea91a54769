/** Runs before the test files that compute in Node: gives them the adapter of the system's Vulkan driver, by Dawn. */
import { create, globals } from 'webgpu';

Object.assign(globalThis, globals);
Object.defineProperty(globalThis, 'navigator', {
  value: { gpu: create([]), userAgent: 'node', platform: process.platform },
  configurable: true,
});
const adapter = await navigator.gpu.requestAdapter();
if (!adapter)
  throw new Error(
    'No Vulkan driver offers a WebGPU adapter here, so these tests cannot run. VK_ICD_FILENAMES can name a driver.',
  );
