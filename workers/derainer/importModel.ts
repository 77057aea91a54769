import { encodeStudent, ModelFileError } from '../../src/core/weights/modelFile.ts';
import { openModel, readingsOf } from '../../src/core/weights/openModel.ts';
import type { NetworkReading } from '../../src/core/weights/openModel.ts';
import type { ImportedModel, UserError } from '../../src/protocol/derainer.ts';
import { userError } from './userError.ts';

/** A model from a file of any format, as a file of our own. A file of ours comes back as it is. */
export async function importModel(files: readonly Blob[], as?: NetworkReading): Promise<ImportedModel | UserError> {
  try {
    const bytes = await Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())));
    const readings = readingsOf(bytes);
    const [reading = null] = as ? [as] : readings;
    const model = openModel(bytes, reading ?? undefined);
    if (!reading || model.role === 'teacher') return { refused: false, file: files[0]!, readings, reading: null };
    return { refused: false, file: new Blob([encodeStudent(model)]), readings, reading };
  } catch (error) {
    if (!(error instanceof ModelFileError)) throw error;
    return userError(error.reason, error.hint);
  }
}
