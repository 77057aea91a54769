import type { KernelExports, ThreadStart } from './engine.ts';
import { webAssembly } from './webAssembly.ts';

/** The whole life of a helping thread; returns when the backend is removed. Blocks the thread that calls it. */
export function serveThread({ module, memory, control, thread }: ThreadStart): void {
  const kernels = new webAssembly.Instance(module, { env: { memory } }).exports as KernelExports;
  kernels.serve(control, thread);
}
