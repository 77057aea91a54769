import * as tf from '@tensorflow/tfjs';
import { mirrored } from '../../images/mirror.ts';
import type { Images } from '../../paper/notation.ts';
import { ForeignFileError } from '../../weights/foreign/foreignFile.ts';
import type { AsyncDerainer } from '../derainer.ts';
import type { OnnxAnswers, OnnxImageModel, OnnxRange } from './onnxImageModel.ts';
import type { OnnxSession } from './onnxRuntime.ts';

/** What a model is run with. */
export interface OnnxSettings extends Pick<OnnxAnswers, 'range' | 'channels' | 'multiple'> {
  /** Pixels by which tiles overlap on each side; Infinity: the whole image is one tile. */
  readonly overlap: number;
}

/** Choice: numbers per pixel that a restoration network of unknown size is taken to keep alive. */
const ALIVE = 400;

/** 0…1 → the model's numbers: x · scale + offset. */
const scales: Readonly<Record<OnnxRange, { readonly scale: number; readonly offset: number }>> = {
  '0..1': { scale: 1, offset: 0 },
  '0..255': { scale: 255, offset: 0 },
  '-1..1': { scale: 2, offset: -1 },
};

/**
 * An ONNX model as a derainer. Images are continued by their mirror image to a multiple, or to the sides that the file
 * prescribes, and cut again. `derain` rejects with a ForeignFileError where the model makes an image of another size.
 */
export function createOnnxDerainer(session: OnnxSession, model: OnnxImageModel, settings: OnnxSettings): AsyncDerainer {
  return {
    radius: settings.overlap,
    multiple: 1,
    alive: ALIVE,
    octaves: () => 1,
    derain: async (x) => ({ y: await derained(session, model, settings, x), z: null }),
    dispose: () => void session.release(),
  };
}

async function derained(
  session: OnnxSession,
  { input, output, layout, height: fixedHeight, width: fixedWidth }: OnnxImageModel,
  { range, channels, multiple }: OnnxSettings,
  x: Images,
): Promise<Images> {
  const [count, height, width] = x.shape;
  const whole: Grid = {
    height: fixedHeight ?? Math.ceil(height / multiple) * multiple,
    width: fixedWidth ?? Math.ceil(width / multiple) * multiple,
    layout,
  };
  if (height > whole.height || width > whole.width) {
    throw new ForeignFileError(
      `The ONNX model takes images of ${whole.width} × ${whole.height} only; it was given ${width} × ${height}.`,
      'Use tiles of its size.',
    );
  }
  const values = (await x.data()) as Float32Array;
  const { scale, offset } = scales[range];
  const flip = channels === 'BGR';
  const results = new Float32Array(values.length);
  const size = height * width * 3;
  for (let n = 0; n < count; n++) {
    const given = new Float32Array(whole.height * whole.width * 3);
    forEachNumber(whole, flip, (at, row, column, c) => {
      const from = n * size + (mirrored(row, height) * width + mirrored(column, width)) * 3 + c;
      given[at] = values[from]! * scale + offset;
    });
    const { data, dims } = await session.run(input, { data: given, dims: dimensions(whole) }, output);
    if (dims.join() !== dimensions(whole).join()) {
      throw new ForeignFileError(
        `The ONNX model makes [${dims.join(', ')}] of an image of [${dimensions(whole).join(', ')}].`,
        'Only models whose result is as large as their image can be used.',
      );
    }
    forEachNumber(whole, flip, (at, row, column, c) => {
      if (row < height && column < width)
        results[n * size + (row * width + column) * 3 + c] = (data[at]! - offset) / scale;
    });
  }
  return tf.tensor4d(results, [count, height, width, 3]);
}

interface Grid {
  readonly height: number;
  readonly width: number;
  readonly layout: 'NCHW' | 'NHWC';
}

function dimensions({ height, width, layout }: Grid): number[] {
  return layout === 'NCHW' ? [1, 3, height, width] : [1, height, width, 3];
}

/** Calls `visit` with the place of every number in the model's layout, and with its row, column and channel; `flip`: blue stands first. */
function forEachNumber(
  { height, width, layout }: Grid,
  flip: boolean,
  visit: (at: number, row: number, column: number, channel: number) => void,
): void {
  const [perChannel, perPixel] = layout === 'NCHW' ? [height * width, 1] : [1, 3];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const pixel = (row * width + column) * perPixel;
      for (let c = 0; c < 3; c++) visit(pixel + c * perChannel, row, column, flip ? 2 - c : c);
    }
  }
}
