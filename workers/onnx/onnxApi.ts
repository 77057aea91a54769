import { transfer } from 'comlink';
import { openOnnx } from '../../src/core/inference/onnx/onnxRuntime.ts';
import type { OnnxArray, OnnxRuntime, OnnxSession } from '../../src/core/inference/onnx/onnxRuntime.ts';
import { ForeignFileError } from '../../src/core/weights/foreign/foreignFile.ts';
import type { UserError } from '../../src/protocol/derainer.ts';
import { userError } from '../derainer/userError.ts';

/** A worker that holds one ONNX model. While it runs it hears nothing: who wants it to stop ends the worker. */
export interface OnnxApi {
  /** Opens the one model; null when it can be run. */
  open(bytes: Uint8Array): Promise<UserError | null>;
  /** The output of that name for this input; the numbers move both ways. */
  run(input: string, image: OnnxArray, output: string): Promise<OnnxArray | UserError>;
}

/** `load` gets the runtime, when the model is opened. */
export function createOnnxApi(load: () => Promise<OnnxRuntime>): OnnxApi {
  let session: OnnxSession | null = null;
  return {
    open: (bytes) =>
      expected(async () => {
        session = await openOnnx(await load(), bytes);
        return null;
      }),
    run: (input, image, output) =>
      expected(async () => {
        if (!session) throw new Error('No ONNX model was opened.');
        const { data, dims } = await session.run(input, image, output);
        // The runtime's own memory, where it lies there, cannot be moved.
        const own = data.byteLength === data.buffer.byteLength ? data : data.slice();
        return transfer({ data: own, dims }, [own.buffer as ArrayBuffer]);
      }),
  };
}

async function expected<Result>(work: () => Promise<Result>): Promise<Result | UserError> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ForeignFileError)) throw error;
    return userError(error.reason, error.hint);
  }
}
