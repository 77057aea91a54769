import type { ThreadStart } from '../../core/ops/wasm/engine.ts';
import { serveThread } from '../../core/ops/wasm/thread.ts';

/** A helping thread of the WASM kernels. Its one message is its start; it ends with the backend. */
addEventListener('message', (event: MessageEvent<ThreadStart>) => {
  serveThread(event.data);
  close();
});
