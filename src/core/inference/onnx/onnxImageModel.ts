import { ForeignFileError } from '../../weights/foreign/foreignFile.ts';
import type { OnnxSession, OnnxValue } from './onnxRuntime.ts';

/** The numbers that a model means by black and white. */
export const onnxRanges = ['0..1', '0..255', '-1..1'] as const;
export type OnnxRange = (typeof onnxRanges)[number];

/** What a file says of its model as one from images to images. */
export interface OnnxImageModel {
  readonly input: string;
  readonly output: string;
  /** Where the channels stand: [n,3,h,w] or [n,h,w,3]. */
  readonly layout: 'NCHW' | 'NHWC';
  /** Sides that the file prescribes; null where it leaves them open. */
  readonly height: number | null;
  readonly width: number | null;
  /** Null where the file does not say. */
  readonly range: OnnxRange | null;
}

/**
 * The model's image input and output. `metadata` may hold `range` and, where there are several outputs, the first is meant.
 * Throws ForeignFileError that says what was found where it is no model from one RGB image to another.
 */
export function imageModelOf(
  { inputs, outputs }: Pick<OnnxSession, 'inputs' | 'outputs'>,
  metadata: ReadonlyMap<string, string>,
): OnnxImageModel {
  const [input, ...more] = inputs;
  if (!input || more.length > 0)
    throw new ForeignFileError(`The ONNX model takes ${inputs.length} inputs (${described(inputs)}).`, NEEDED);
  const layout = layoutOf(input);
  const output = outputs[0];
  if (!layout || !output || (output.shape.length > 0 && !layoutOf(output)))
    throw new ForeignFileError(`The ONNX model makes ${described(outputs)} of ${described(inputs)}.`, NEEDED);
  const [height, width] = layout === 'NCHW' ? [input.shape[2], input.shape[3]] : [input.shape[1], input.shape[2]];
  return {
    input: input.name,
    output: output.name,
    layout,
    height: fixed(height),
    width: fixed(width),
    range: onnxRanges.find((range) => range === metadata.get('range')) ?? null,
  };
}

/** Null for what is no float32 image of three channels. */
function layoutOf({ type, shape }: OnnxValue): OnnxImageModel['layout'] | null {
  if (type !== 'float32' || shape.length !== 4) return null;
  if (shape[1] === 3) return 'NCHW';
  if (shape[3] === 3) return 'NHWC';
  return typeof shape[1] === 'string' ? 'NCHW' : null;
}

function fixed(side: number | string | undefined): number | null {
  return typeof side === 'number' && side > 0 ? side : null;
}

function described(values: readonly OnnxValue[]): string {
  const each = values.slice(0, 4).map(({ name, type, shape }) => `${name.slice(0, 40)}: ${type} [${shape.join(', ')}]`);
  return each.join('; ') || 'nothing';
}

const NEEDED = 'It needs one input, an RGB image [1, 3, height, width] of float32, and makes another.';
