/** Runs before every GPU test file: without an adapter the tests would pass on nothing. */
export const adapter = await navigator.gpu?.requestAdapter();
if (!adapter) {
  throw new Error(
    'This Chromium offers no WebGPU adapter, so the GPU tests cannot run. See chromiumFlags in scripts/chromium.ts.',
  );
}
if (!crossOriginIsolated) {
  throw new Error(
    'The test page is not cross-origin isolated, so threads cannot be tested. See ISOLATION in vitest.config.ts.',
  );
}
