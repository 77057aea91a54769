import { readFile } from 'node:fs/promises';
import { createOnnxDerainer } from '../src/core/inference/onnx/onnxDerainer.ts';
import { imageModelOf, onnxRanges, usualAnswers } from '../src/core/inference/onnx/onnxImageModel.ts';
import { openOnnx } from '../src/core/inference/onnx/onnxRuntime.ts';
import { onnxOverlap } from '../src/core/inference/onnx/onnxTiles.ts';
import { isOnnx, readOnnxHeader } from '../src/core/weights/foreign/onnxHeader.ts';
import { UsageError } from './command.ts';
import type { LoadedModel } from './derainPhoto.ts';
import { choiceOption, wholeOption } from './options.ts';

/** Options of a command that runs ONNX models. */
export const onnxOptions = { range: 'text', multiple: 'text', tile: 'text' } as const;
type OnnxOptions = Readonly<Record<keyof typeof onnxOptions, string | undefined>>;

/**
 * The ONNX model in a file, by onnxruntime-web; null for a file that is none. Throws UsageError where an option is needed that
 * was not given, and ForeignFileError for a model that does not make images of images.
 */
export async function loadOnnx(
  path: string,
  options: OnnxOptions & { ensemble: boolean },
): Promise<LoadedModel | null> {
  const bytes = await readFile(path).then(
    (buffer) => new Uint8Array(buffer),
    () => null, // whoever reads it next says what is wrong
  );
  if (!bytes || !isOnnx(bytes)) return null;
  if (options.ensemble) throw new UsageError('--ensemble is not for ONNX models.');
  const { parameters, ...header } = readOnnxHeader(bytes);
  const model = imageModelOf(header);
  const range = options.range === undefined ? model.range : choiceOption('range', options.range, onnxRanges);
  if (!range) {
    throw new UsageError(
      `${path} does not say which numbers its images have: add --range 0..1 (most models), 0..255 or -1..1.`,
    );
  }
  const multiple = wholeOption('multiple', options.multiple ?? `${model.multiple ?? usualAnswers.multiple}`, 1, 512);
  const usualTile = typeof model.tile === 'number' ? model.tile : usualAnswers.tile;
  const side = wholeOption('tile', options.tile ?? `${usualTile}`, 64, 4096);
  const tile = { width: model.width ?? side, height: model.height ?? side };
  const { InferenceSession, Tensor, env } = await import('onnxruntime-web/wasm');
  env.wasm.numThreads = 1; // its threads do not end in Node
  const session = await openOnnx({ InferenceSession, Tensor }, bytes);
  const channels = model.channels ?? usualAnswers.channels;
  const network = createOnnxDerainer(session, model, { range, channels, multiple, overlap: onnxOverlap(model, tile) });
  return { role: 'student', parameters, network, tile };
}
