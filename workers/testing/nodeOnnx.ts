import { expose } from 'comlink';
import type { OnnxSession } from '../../src/core/inference/onnx/onnxRuntime.ts';
import { openInThread } from '../derainer/onnxThread.ts';
import type { OnnxWorker } from '../derainer/onnxThread.ts';
import { createOnnxApi } from '../onnx/onnxApi.ts';

/** Opens an ONNX model as the deraining worker does, behind a port in place of a worker. */
export function openOnnxInNode(bytes: Uint8Array): Promise<OnnxSession> {
  const { port1, port2 } = new MessageChannel();
  const api = createOnnxApi(async () => {
    const { InferenceSession, Tensor, env } = await import('onnxruntime-web/wasm');
    env.wasm.numThreads = 1; // its threads do not end in Node
    return { InferenceSession, Tensor };
  });
  expose(api, port2);
  port2.start();
  const worker: OnnxWorker = Object.assign(port1, {
    terminate: () => {
      port1.close();
      port2.close();
    },
  });
  return openInThread(worker, bytes);
}
