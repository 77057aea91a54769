import { architectureNamed, recognizeNetworks } from '../architectures/registry.ts';
import { ForeignFileError } from './foreign/foreignFile.ts';
import type { ForeignFile } from './foreign/foreignFile.ts';
import { readForeign } from './foreign/readForeign.ts';
import { decodeModel, isOurs, ModelFileError, publishedStudent } from './modelFile.ts';
import type { ModelFile, WantedNetwork } from './modelFile.ts';

/** Bytes that every safetensors file has: a header of less than 2⁴⁸ bytes, which begins as JSON. */
function isSafetensors(bytes: Uint8Array | undefined): bytes is Uint8Array {
  return bytes !== undefined && bytes.length > 8 && bytes[8] === 0x7b && bytes[6] === 0 && bytes[7] === 0;
}

/**
 * The model in a file of any format that can be read, or in the two of a TensorFlow checkpoint: a student or teacher of ours,
 * or a published network in its authors' own file, which counts as a student. `wanted` says which network it is where
 * its arrays fit several. Throws ModelFileError.
 */
export function openModel(files: readonly Uint8Array[], wanted?: WantedNetwork): ModelFile {
  const [first] = files;
  if (files.length === 1 && isSafetensors(first)) return decodeModel(first, wanted);
  const { arrays } = foreign(files);
  const student = publishedStudent(arrays, wanted);
  if (student) return { role: 'student', ...student };
  const names = [...arrays.keys()].slice(0, 3).map((name) => JSON.stringify(name.slice(0, 40)));
  throw new ModelFileError(
    `The file's ${arrays.size} arrays (${names.join(', ')} …) are of no network that is known here.`,
    'Choose the file of a network that is listed.',
  );
}

/** A network that a published file's arrays fit, as people read it: 'UMRL, stored'. */
export interface NetworkReading extends WantedNetwork {
  readonly title: string;
}

/** The networks that the arrays of a published file fit, the most common first; none for a file of our own. Throws ModelFileError. */
export function readingsOf(files: readonly Uint8Array[]): NetworkReading[] {
  const [first] = files;
  if (files.length === 1 && isSafetensors(first) && isOurs(first)) return [];
  const shapes = recognizeNetworks(foreign(files).arrays).map(({ shape }) => shape);
  return shapes.map((shape) => {
    const { architecture, ...values } = shape;
    const rivals = shapes.filter((other) => other.architecture === architecture);
    const choice = Object.entries(values).find(([name, value]) =>
      rivals.some((other) => (other as unknown as typeof values)[name as never] !== value),
    )?.[1];
    const { title } = architectureNamed(architecture);
    if (choice === undefined) return { architecture, title };
    return { architecture, choice: String(choice), title: `${title}, ${String(choice)}` };
  });
}

function foreign(files: readonly Uint8Array[]): ForeignFile {
  try {
    return readForeign(files);
  } catch (error) {
    if (!(error instanceof ForeignFileError)) throw error;
    throw new ModelFileError(error.reason, error.hint, { cause: error });
  }
}
