/** A helping thread of the WASM kernels in Node; plain JavaScript, because worker threads do not know TypeScript. */
import { workerData } from 'node:worker_threads';

const { module, memory, control, thread } = workerData;
new WebAssembly.Instance(module, { env: { memory } }).exports.serve(control, thread);
