import { ForeignFileError } from '../../weights/foreign/foreignFile.ts';

export interface OnnxArray {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** An ONNX model, ready to run. */
export interface OnnxSession {
  /** The output of that name for this input. Rejects where the model cannot take it. */
  run(input: string, image: OnnxArray, output: string): Promise<OnnxArray>;
  release(): Promise<void>;
}

/** The part of onnxruntime-web that is used here; a host loads it, and only when an ONNX model is opened. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: { readonly executionProviders: readonly ['wasm'] }): Promise<RuntimeSession>;
  };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => object;
}

interface RuntimeSession {
  // oxlint-disable-next-line typescript/no-explicit-any -- the runtime's own tensors, whose type is not known here
  run(feeds: any, fetches: readonly string[]): Promise<Readonly<Record<string, RuntimeTensor>>>;
  release(): Promise<void>;
}

interface RuntimeTensor {
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** Opens a model's file. Rejects with a ForeignFileError that holds the runtime's reason. */
export async function openOnnx({ InferenceSession, Tensor }: OnnxRuntime, bytes: Uint8Array): Promise<OnnxSession> {
  const session = await InferenceSession.create(bytes, { executionProviders: ['wasm'] }).catch((error: unknown) => {
    throw refusal('The ONNX model cannot be run here', error);
  });
  return {
    run: async (input, { data, dims }, output) => {
      const results = await session
        .run({ [input]: new Tensor('float32', data, dims) }, [output])
        .catch((error: unknown) => {
          throw refusal(`The ONNX model refused an image of [${dims.join(', ')}]`, error);
        });
      const result = results[output];
      if (!(result?.data instanceof Float32Array))
        throw new ForeignFileError(
          `The output ${JSON.stringify(output)} of the ONNX model is no array of floats.`,
          OTHER,
        );
      return { data: result.data, dims: result.dims };
    },
    release: () => session.release(),
  };
}

function refusal(what: string, error: unknown): ForeignFileError {
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return new ForeignFileError(`${what}: ${reason.slice(0, 300).replace(/\.?$/, '.')}`, OTHER, { cause: error });
}

const OTHER = 'Export it again as a float32 model of images.';
