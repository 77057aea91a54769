import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumFlags, findChromium } from './scripts/chromium.ts';

const chromium = findChromium();

/** Shared memory, and with it threads, exist only in a cross-origin isolated page. */
const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default defineConfig({
  test: {
    // Other layers start beside the GPU tests, and others may use the machine too. Read here, and not from a project.
    browser: { connectTimeout: 180_000 },
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['{src,workers,cli,scripts,tools}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.gpu.test.ts', '**/*.vulkan.test.ts'],
          // A step of training in plain JavaScript takes a second or two, and several on a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        server: { headers: ISOLATION },
        optimizeDeps: {
          include: [
            '@tensorflow/tfjs',
            '@tensorflow/tfjs-backend-wasm',
            '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js',
            '@tensorflow/tfjs-backend-webgpu',
          ],
        },
        test: {
          name: 'gpu',
          include: ['{src,workers}/**/*.gpu.test.ts'],
          setupFiles: ['scripts/requireAdapter.ts'],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            fileParallelism: false,
            provider: playwright({
              launchOptions: { ...(chromium ? { executablePath: chromium } : {}), args: chromiumFlags(true) },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        test: {
          name: 'vulkan',
          environment: 'node',
          include: ['src/core/**/webgpu/*.gpu.test.ts', 'src/core/training/*.gpu.test.ts', 'cli/*.vulkan.test.ts'],
          setupFiles: ['scripts/vulkanAdapter.ts'],
          // A driver that imitates a graphics card takes seconds to compile a kernel.
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
