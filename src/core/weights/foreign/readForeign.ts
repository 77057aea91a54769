import { decodeSafetensors, SafetensorsError } from '../safetensors.ts';
import { isCaffemodel, readCaffemodel } from './caffemodel.ts';
import { ArrayCollector, ForeignFileError } from './foreignFile.ts';
import type { ForeignFile } from './foreignFile.ts';
import { isLevelTable } from './levelTable.ts';
import { isMatlab, readMatlab } from './matlab.ts';
import { isOnnx } from './onnxHeader.ts';
import { isLegacyPytorch, readLegacyPytorch, readZipPytorch } from './pytorch.ts';
import { isZip } from './storedZip.ts';
import { readTensorflow } from './tensorflow.ts';

/**
 * The weights in one file, or in the two of a TensorFlow checkpoint (in any order). The format is recognized by what the
 * bytes say, not by a name. Nothing in a file is run, and nothing larger than four times the file is allocated before its
 * arrays are known to be there. Throws ForeignFileError that says what was found.
 */
export function readForeign(files: readonly Uint8Array[]): ForeignFile {
  const index = files.find(isLevelTable);
  if (index) return readTensorflow(index, dataBeside(index, files));
  const [bytes, ...more] = files;
  if (!bytes || more.length > 0) {
    throw new ForeignFileError(
      `${files.length} files were chosen, none of them the .index of a TensorFlow checkpoint.`,
      'Choose one file, or an .index and its .data file together.',
    );
  }
  if (isLegacyPytorch(bytes)) return readLegacyPytorch(bytes);
  if (isZip(bytes)) return readZipPytorch(bytes);
  if (isMatlab(bytes)) return readMatlab(bytes);
  if (isSafetensors(bytes)) return readPublishedSafetensors(bytes);
  if (isCaffemodel(bytes)) return readCaffemodel(bytes);
  if (isOnnx(bytes)) {
    throw new ForeignFileError(
      'This is an ONNX model: a whole program rather than weights.',
      'Compare and Derain run it as it is; nothing here can be trained with it.',
    );
  }
  throw new ForeignFileError(`The file is of no known format (${beginningOf(bytes)}).`, KNOWN);
}

function dataBeside(index: Uint8Array, files: readonly Uint8Array[]): Uint8Array {
  const others = files.filter((file) => file !== index);
  if (others.length === 1) return others[0]!;
  throw new ForeignFileError(
    others.length === 0
      ? 'This is the .index of a TensorFlow checkpoint, without its numbers.'
      : `${others.length} files lie beside the .index of a TensorFlow checkpoint; one is expected.`,
    'Choose the .index and its .data-00000-of-00001 file together.',
  );
}

function isSafetensors(bytes: Uint8Array): boolean {
  return bytes.length > 8 && bytes[8] === 0x7b && bytes[6] === 0 && bytes[7] === 0;
}

function readPublishedSafetensors(bytes: Uint8Array): ForeignFile {
  try {
    const collector = new ArrayCollector(bytes.length);
    for (const [name, { shape, data }] of decodeSafetensors(bytes).tensors) {
      collector.claim(name, shape);
      collector.add(name, shape, data);
    }
    return collector.finish('safetensors');
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    throw new ForeignFileError(error.message, undefined, { cause: error });
  }
}

const KNOWN =
  'Choose a .pth or .pt, a .safetensors, a .caffemodel or a .mat file, or the .index and .data files of a TensorFlow checkpoint.';

/** The first bytes, so that a message says what was found. */
function beginningOf(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'it is empty';
  const first = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `${bytes.length} bytes, which begin ${first}`;
}
