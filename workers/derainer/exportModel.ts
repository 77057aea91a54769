import { GraphError } from '../../src/core/weights/export/networkGraph.ts';
import { encodeOnnx } from '../../src/core/weights/export/onnx.ts';
import { encodePytorch } from '../../src/core/weights/export/pytorch.ts';
import { encodeTfjs, WEIGHTS_FILE } from '../../src/core/weights/export/tfjs.ts';
import { decodeModel, ModelFileError } from '../../src/core/weights/modelFile.ts';
import type { ModelFile } from '../../src/core/weights/modelFile.ts';
import type { ExportedFiles, ExportFormat, UserError } from '../../src/protocol/derainer.ts';
import { userError } from './userError.ts';

type Content = readonly (readonly [name: string, content: Uint8Array | string])[];

const writers: Readonly<Record<ExportFormat, (model: ModelFile) => Content>> = {
  onnx: (model) => [['model.onnx', encodeOnnx(model)]],
  pytorch: (model) => [['model.safetensors', encodePytorch(model)]],
  tfjs: (model) => {
    const { json, weights } = encodeTfjs(model);
    return [
      ['model.json', json],
      [WEIGHTS_FILE, weights],
    ];
  },
};

/** A student's or teacher's file in another program's format. */
export async function exportModel(file: Blob, format: ExportFormat): Promise<ExportedFiles | UserError> {
  try {
    const model = decodeModel(new Uint8Array(await file.arrayBuffer()));
    const files = writers[format](model).map(([name, content]) => ({ name, file: new Blob([content as BlobPart]) }));
    return { refused: false, files };
  } catch (error) {
    if (error instanceof GraphError) return userError(error.message, 'Take the weights in PyTorch’s layout.');
    if (error instanceof ModelFileError) return userError(error.reason, error.hint);
    throw error;
  }
}
