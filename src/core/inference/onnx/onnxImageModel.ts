import { ForeignFileError } from '../../weights/foreign/foreignFile.ts';
import type { OnnxHeader, OnnxValue } from '../../weights/foreign/onnxHeader.ts';
import { message } from '../../weights/protobufWriter.ts';

/** The numbers that a model means by black and white. */
export const onnxRanges = ['0..1', '0..255', '-1..1'] as const;
export type OnnxRange = (typeof onnxRanges)[number];
const channelOrders = ['RGB', 'BGR'] as const;
export type OnnxChannels = (typeof channelOrders)[number];

/** How a model wants its images: what the person says of it where its file does not. */
export interface OnnxAnswers {
  readonly range: OnnxRange;
  readonly channels: OnnxChannels;
  /** Sides of what the model is given are multiples of this: 8 for three halvings, and so on. */
  readonly multiple: number;
  /** Side of the tiles, pixels; 'whole' for a model that must see all of an image at once. */
  readonly tile: number | 'whole';
}

/** What a file says of its model as one from images to images; of each answer null where it does not say. */
export interface OnnxImageModel extends Readonly<{ [Name in keyof OnnxAnswers]: OnnxAnswers[Name] | null }> {
  readonly input: string;
  readonly output: string;
  /** Where the channels stand: [n,3,h,w] or [n,h,w,3]. */
  readonly layout: 'NCHW' | 'NHWC';
  /** Sides that the file prescribes; null where it leaves them open. */
  readonly height: number | null;
  readonly width: number | null;
  /** Pixels by which tiles overlap on each side: what an output pixel sees. */
  readonly overlap: number | null;
}

/** What is usual where neither file nor person says anything. Choice: the overlap. */
export const usualAnswers = { range: '0..1', channels: 'RGB', multiple: 8, tile: 512, overlap: 32 } as const;
/** Choice: larger multiples and tiles than any model is run with. */
const [MAX_MULTIPLE, MIN_TILE, MAX_TILE] = [512, 64, 4096];

/**
 * The model's image input and output. Where there are several outputs, the first is meant. Throws ForeignFileError that says what
 * was found where it is no model from one RGB image to another.
 */
export function imageModelOf({
  inputs,
  outputs,
  metadata,
}: Pick<OnnxHeader, 'inputs' | 'outputs' | 'metadata'>): OnnxImageModel {
  const [input, ...more] = inputs;
  if (!input || more.length > 0)
    throw new ForeignFileError(`The ONNX model takes ${inputs.length} inputs (${described(inputs)}).`, NEEDED);
  const layout = layoutOf(input);
  const output = outputs[0];
  if (!layout || !output || (output.shape.length > 0 && !layoutOf(output)))
    throw new ForeignFileError(`The ONNX model makes ${described(outputs)} of ${described(inputs)}.`, NEEDED);
  const [height, width] = layout === 'NCHW' ? [input.shape[2], input.shape[3]] : [input.shape[1], input.shape[2]];
  const says = (key: string): string => metadata.get(key)?.trim() ?? '';
  const tile = says('tile');
  return {
    input: input.name,
    output: output.name,
    layout,
    height: prescribed(height),
    width: prescribed(width),
    range: onnxRanges.find((range) => range === says('range')) ?? null,
    channels: channelOrders.find((order) => (says('channels') || says('layout')).startsWith(order)) ?? null,
    multiple: within(says('multiple'), 1, MAX_MULTIPLE),
    tile: tile === 'whole' ? tile : within(tile, MIN_TILE, MAX_TILE),
    overlap: within(says('overlap'), 0, MAX_TILE / 4),
  };
}

/** Metadata that goes to the end of an ONNX file, so that it says all this itself. */
export function encodeAnswers(answers: OnnxAnswers): Uint8Array<ArrayBuffer> {
  const METADATA = 14;
  return message(
    Object.entries(answers).map(([key, value]) => [
      METADATA,
      message([
        [1, key],
        [2, String(value)],
      ]),
    ]),
  );
}

/** A whole number from `least` to `most`; null for anything else. */
function within(text: string, least: number, most: number): number | null {
  return /^\d{1,5}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : null;
}

/** Null for what is no float32 image of three channels. */
function layoutOf({ type, shape }: OnnxValue): OnnxImageModel['layout'] | null {
  if (type !== 'float32' || shape.length !== 4) return null;
  if (shape[1] === 3) return 'NCHW';
  if (shape[3] === 3) return 'NHWC';
  return typeof shape[1] === 'string' ? 'NCHW' : null;
}

function prescribed(side: number | string | undefined): number | null {
  return typeof side === 'number' && side > 0 ? side : null;
}

function described(values: readonly OnnxValue[]): string {
  const short = (text: string): string => text.slice(0, 40);
  const each = values
    .slice(0, 4)
    .map(({ name, type, shape }) => `${short(name)}: ${type} [${shape.map(String).map(short).join(', ')}]`);
  return each.join('; ') || 'nothing';
}

const NEEDED = 'It needs one input, an RGB image [1, 3, height, width] of float32, and makes another.';
