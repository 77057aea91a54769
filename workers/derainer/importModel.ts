import { encodeAnswers, imageModelOf } from '../../src/core/inference/onnx/onnxImageModel.ts';
import type { OnnxAnswers } from '../../src/core/inference/onnx/onnxImageModel.ts';
import { ForeignFileError } from '../../src/core/weights/foreign/foreignFile.ts';
import { isOnnx, readOnnxHeader } from '../../src/core/weights/foreign/onnxHeader.ts';
import { encodeStudent, ModelFileError } from '../../src/core/weights/modelFile.ts';
import { openModel, readingsOf } from '../../src/core/weights/openModel.ts';
import type { NetworkReading } from '../../src/core/weights/openModel.ts';
import type { ImportedModel, OnnxQuestion, UserError } from '../../src/protocol/derainer.ts';
import { answersOf } from './onnxModels.ts';
import { userError } from './userError.ts';

/** A model from a file of any format, as a file of our own. A file of ours comes back as it is, an ONNX model with the answers at its end. */
export async function importModel(
  files: readonly Blob[],
  as?: NetworkReading | OnnxAnswers,
): Promise<ImportedModel | UserError> {
  try {
    const bytes = await Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())));
    const answers = as && 'range' in as ? as : undefined;
    if (bytes.length === 1 && isOnnx(bytes[0]!)) return importOnnx(files[0]!, bytes[0]!, answers);
    const wanted = as && 'architecture' in as ? as : undefined;
    const readings = readingsOf(bytes);
    const [reading = null] = wanted ? [wanted] : readings;
    const model = openModel(bytes, reading ?? undefined);
    const isOurs = !reading || model.role === 'teacher';
    const file = isOurs ? files[0]! : new Blob([encodeStudent(model)]);
    return { refused: false, file, readings, reading: isOurs ? null : reading, onnx: null };
  } catch (error) {
    if (!(error instanceof ModelFileError || error instanceof ForeignFileError)) throw error;
    return userError(error.reason, error.hint);
  }
}

function importOnnx(file: Blob, bytes: Uint8Array, answers: OnnxAnswers | undefined): ImportedModel {
  const { opset, parameters, ...values } = readOnnxHeader(bytes);
  const model = imageModelOf(values);
  const usual = answersOf(model);
  const names = Object.keys(usual) as (keyof OnnxAnswers)[];
  const isPrescribed = model.width !== null && model.height !== null;
  const isOpen = (name: keyof OnnxAnswers): boolean =>
    model[name] === null && !(isPrescribed && (name === 'tile' || name === 'multiple'));
  const question: OnnxQuestion = { opset, parameters, usual, open: answers ? [] : names.filter(isOpen) };
  const answered = answers ? new Blob([file, encodeAnswers(answers)]) : file;
  return { refused: false, file: answered, readings: [], reading: null, onnx: question };
}
