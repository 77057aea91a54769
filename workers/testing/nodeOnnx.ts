import { expose } from 'comlink';
import type { OnnxRuntime, OnnxSession } from '../../src/core/inference/onnx/onnxRuntime.ts';
import { openInThread } from '../derainer/onnxThread.ts';
import type { OnnxWorker } from '../derainer/onnxThread.ts';
import { createOnnxApi } from '../onnx/onnxApi.ts';

/** onnxruntime-web on one thread: its threads do not end in Node. */
export async function nodeRuntime(): Promise<OnnxRuntime> {
  const { InferenceSession, Tensor, env } = await import('onnxruntime-web/wasm');
  env.wasm.numThreads = 1;
  return { InferenceSession, Tensor };
}

/** A port in place of a worker that holds an ONNX model. */
export function onnxWorkerInNode(load = nodeRuntime): OnnxWorker & EventTarget {
  const { port1, port2 } = new MessageChannel();
  expose(createOnnxApi(load), port2);
  port2.start();
  return Object.assign(port1, {
    terminate: () => {
      port1.close();
      port2.close();
    },
  });
}

/** Opens an ONNX model as the deraining worker does, behind a port in place of a worker. */
export function openOnnxInNode(bytes: Uint8Array): Promise<OnnxSession> {
  return openInThread(onnxWorkerInNode(), bytes);
}
