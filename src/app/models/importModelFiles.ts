import { create } from 'zustand';
import type { OnnxAnswers } from '../../core/inference/onnx/onnxImageModel.ts';
import type { NetworkReading } from '../../core/weights/openModel.ts';
import type { DerainerApi, ImportedModel, OnnxQuestion, UserError } from '../../protocol/derainer.ts';
import { checkpointName, modelTitle } from './modelFileNames.ts';

/** Asked of a model's file where it does not say it itself. An answer of null leaves it unopened. */
export type ModelQuestion =
  | {
      readonly kind: 'network';
      readonly name: string;
      /** The networks that its arrays fit. */
      readonly readings: readonly NetworkReading[];
      readonly answer: (reading: NetworkReading | null) => void;
    }
  | {
      readonly kind: 'onnx';
      readonly name: string;
      readonly onnx: OnnxQuestion;
      readonly answer: (answers: OnnxAnswers | null) => void;
    };

export const useModelQuestion = create<{ readonly question: ModelQuestion | null }>()(() => ({ question: null }));

/** A worker that reads model files. */
export type ModelImporter = Pick<DerainerApi, 'importModel'>;

/** A model that was read, as a file of our own or an ONNX file that says all that is needed. */
export interface OpenedModel {
  readonly refused: false;
  readonly file: File;
}

/** Reads files that make up one model; null when the person does not answer what has to be asked. */
export async function importModelFiles(
  importer: ModelImporter,
  group: readonly File[],
): Promise<OpenedModel | UserError | null> {
  const name = checkpointName(group);
  const imported = await importer.importModel(group);
  if (imported.refused) return imported;
  const model = await answered(importer, name, group, imported);
  if (!model || model.refused) return model;
  const title = modelTitle(name, model.reading && model.reading.title);
  return { refused: false, file: new File([model.file], `${title}.${model.onnx ? 'onnx' : 'safetensors'}`) };
}

/** The model as the person says it is, where that is not certain. */
async function answered(
  importer: ModelImporter,
  name: string,
  group: readonly File[],
  imported: ImportedModel,
): Promise<ImportedModel | UserError | null> {
  const { readings, reading, onnx } = imported;
  if (onnx && onnx.open.length > 0) {
    const answers = await ask<OnnxAnswers>((answer) => ({ kind: 'onnx', name, onnx, answer }));
    return answers && importer.importModel(group, answers);
  }
  if (readings.length < 2) return imported;
  const wanted = await ask<NetworkReading>((answer) => ({ kind: 'network', name, readings, answer }));
  if (!wanted || wanted === reading) return wanted && imported;
  return importer.importModel(group, wanted);
}

async function ask<Answer>(
  question: (answer: (value: Answer | null) => void) => ModelQuestion,
): Promise<Answer | null> {
  const value = await new Promise<Answer | null>((resolve) =>
    useModelQuestion.setState({ question: question(resolve) }),
  );
  useModelQuestion.setState({ question: null });
  return value;
}
