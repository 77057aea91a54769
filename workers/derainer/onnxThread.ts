import { transfer, wrap } from 'comlink';
import type { Endpoint } from 'comlink';
import type { OnnxSession } from '../../src/core/inference/onnx/onnxRuntime.ts';
import { ForeignFileError } from '../../src/core/weights/foreign/foreignFile.ts';
import type { UserError } from '../../src/protocol/derainer.ts';
import type { OnnxApi } from '../onnx/onnxApi.ts';

/** A worker, as far as a thread of ONNX needs it. */
export interface OnnxWorker extends Endpoint {
  terminate(): unknown;
}

/**
 * Opens an ONNX model in a worker of its own, so that `release` ends even a run under way, which then rejects. Its memory goes
 * with it. Rejects with ForeignFileError where the model cannot be run.
 */
export async function openInThread(worker: OnnxWorker, bytes: Uint8Array): Promise<OnnxSession> {
  const api = wrap<OnnxApi>(worker);
  let end = (_reason: Error): void => {};
  const ended = new Promise<never>((_, reject) => {
    end = (reason) => {
      worker.terminate();
      reject(reason);
    };
  });
  ended.catch(() => undefined);
  worker.addEventListener('error', ((event: Event) => {
    event.preventDefault();
    const { message } = event as ErrorEvent;
    end(
      new ForeignFileError(`The ONNX model’s worker ended: ${message || 'it gave no reason'}.`, 'Use smaller tiles.'),
    );
  }) as EventListener);
  const answered = async <Answer>(answer: Promise<Answer | UserError>): Promise<Answer> => {
    const result = await Promise.race([answer, ended]);
    if (!isRefused(result)) return result;
    throw new ForeignFileError(result.reason, result.hint);
  };
  try {
    await answered(api.open(transfer(bytes, [bytes.buffer as ArrayBuffer])));
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    run: (input, image, output) =>
      answered(api.run(input, transfer(image, [image.data.buffer as ArrayBuffer]), output)),
    release: async () => end(new Error('The ONNX model was closed.')),
  };
}

function isRefused<Answer>(answer: Answer | UserError): answer is UserError {
  return typeof answer === 'object' && answer !== null && 'refused' in answer;
}
