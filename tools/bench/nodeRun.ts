import { create, globals } from 'webgpu';
import type { SuiteRequest, WebgpuFigures } from './protocol.ts';

/** Runs the webgpu suite in this process on Dawn, which takes the system's graphics card. */
export async function runInNode(request: SuiteRequest, say: (text: string) => void): Promise<WebgpuFigures> {
  Object.assign(globalThis, globals);
  const gpu = create([]) as GPU;
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu, userAgent: 'node', platform: process.platform },
    configurable: true,
  });
  const { webgpuSuite } = await import('./webgpuSuite.ts');
  return webgpuSuite(request, say);
}
