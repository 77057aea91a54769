import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialWeights, shapeOfSize } from '../../architectures/registry.ts';
import { createPixels } from '../../images/pixels.ts';
import type { Pixels } from '../../images/pixels.ts';
import { registerReferenceKernels } from '../../ops/reference.ts';
import { randomFromSeed } from '../../random.ts';
import { encodeOnnx } from '../../weights/export/onnx.ts';
import { ForeignFileError } from '../../weights/foreign/foreignFile.ts';
import { isOnnx, onnxMetadata } from '../../weights/foreign/onnxMetadata.ts';
import { readForeign } from '../../weights/foreign/readForeign.ts';
import type { ModelFile } from '../../weights/modelFile.ts';
import { derain, pixelSource } from '../derain.ts';
import { createDerainer } from '../derainer.ts';
import type { AsyncDerainer, Derainer } from '../derainer.ts';
import { createOnnxDerainer } from './onnxDerainer.ts';
import { imageModelOf } from './onnxImageModel.ts';
import type { OnnxImageModel } from './onnxImageModel.ts';
import { openOnnx } from './onnxRuntime.ts';
import type { OnnxSession, OnnxValue } from './onnxRuntime.ts';

const shape = shapeOfSize('edsr', { blocks: 1, filters: 2, imageSkip: true });
const random = randomFromSeed(8);
const weights = new Map(
  [...initialWeights(shape, random)].map(([name, values]) => [name, name === 'tail.bias' ? values.fill(-0.1) : values]),
);
const student: ModelFile = { role: 'student', shape, weights, provenance: null };

beforeAll(async () => {
  registerReferenceKernels('cpu');
  await tf.setBackend('cpu');
  ort.env.wasm.numThreads = 1;
});

function photo(width: number, height: number): Pixels {
  const image = createPixels(width, height);
  for (let i = 0; i < image.data.length; i++) image.data[i] = i % 4 === 3 ? 255 : random.below(256);
  return image;
}

/** The derained photo, put together from its tiles. */
async function results(image: Pixels, network: Derainer | AsyncDerainer, tile: number): Promise<Uint8ClampedArray> {
  const out = createPixels(image.width, image.height);
  for await (const fact of derain({
    image: pixelSource(image),
    network,
    tile,
    order: 'rows',
    strength: 1,
    yieldToEventLoop: async () => {},
    now: () => 0,
    stop: { aborted: false },
  })) {
    if (fact.type !== 'tiled') continue;
    const { rect, pixels } = fact;
    for (let y = 0; y < rect.height; y++) {
      const row = pixels.data.subarray(y * rect.width * 4, (y + 1) * rect.width * 4);
      out.data.set(row, ((rect.top + y) * out.width + rect.left) * 4);
    }
  }
  return out.data;
}

/** A model of one operation: every number becomes another. */
function session(layout: OnnxImageModel['layout'], change: (value: number) => number, grow = 1): OnnxSession {
  const image = layout === 'NCHW' ? [1, 3, 'h', 'w'] : [1, 'h', 'w', 3];
  const value = (name: string): OnnxValue => ({ name, type: 'float32', shape: image });
  return {
    inputs: [value('in')],
    outputs: [value('out')],
    run: async (_input, { data, dims }) => ({ data: data.map(change), dims: dims.map((side) => side * grow) }),
    release: async () => {},
  };
}

describe('an ONNX model', () => {
  it('derains a photo as the student that it was exported from, tiled or whole', async () => {
    const file = encodeOnnx(student);
    const opened = await openOnnx(ort, file);
    const model = imageModelOf(opened, onnxMetadata(file));
    expect(model).toEqual({
      input: 'image',
      output: 'derained',
      layout: 'NCHW',
      height: null,
      width: null,
      range: '0..1',
    });
    const network = createOnnxDerainer(opened, model, { range: model.range!, multiple: 1, overlap: 7 });
    const image = photo(41, 30);
    const expected = await results(image, createDerainer(student), 1000);
    for (const tile of [1000, 24]) {
      const difference = (await results(image, network, tile)).map((value, i) => Math.abs(value - expected[i]!));
      expect(Math.max(...difference)).toBeLessThanOrEqual(1);
    }
    expect(expected).not.toEqual(image.data);
    network.dispose();
  });

  it.each([
    ['0..255', 'NCHW', (value: number) => value - 25.5],
    ['-1..1', 'NHWC', (value: number) => value - 0.2],
    ['0..1', 'NHWC', (value: number) => value - 0.1],
  ] as const)('in the range %s, %s, gets and gives such numbers', async (range, layout, change) => {
    const network = createOnnxDerainer(
      session(layout, change),
      { input: 'in', output: 'out', layout, height: null, width: null, range: null },
      { range, multiple: 8, overlap: 0 },
    );
    const x = tf.tensor4d([0.5, 0.6, 0.7, 0.8, 0.9, 1], [1, 1, 2, 3]);
    const { y, z } = await network.derain(x);
    expect(z).toBeNull();
    expect([...y.dataSync()]).toEqual(
      [0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((value) => expect.closeTo(value, 5) as number),
    );
  });

  it('with prescribed sides is given images of just that size, and refuses larger ones', async () => {
    const model: OnnxImageModel = { input: 'in', output: 'out', layout: 'NCHW', height: 4, width: 6, range: '0..1' };
    const given: number[][] = [];
    const noting: OnnxSession = {
      ...session('NCHW', (value) => value),
      run: async (_input, image) => {
        given.push([...image.dims]);
        return image;
      },
    };
    const network = createOnnxDerainer(noting, model, { range: '0..1', multiple: 1, overlap: 0 });
    const x = tf.tensor4d([0.1, 0.2, 0.3], [1, 1, 1, 3]);
    expect([...(await network.derain(x)).y.dataSync()]).toEqual([...x.dataSync()]);
    expect(given).toEqual([[1, 3, 4, 6]]);
    await expect(network.derain(tf.zeros([1, 5, 6, 3]))).rejects.toThrow('6 × 4 only');
  });

  it('that makes an image of another size is refused', async () => {
    const model: OnnxImageModel = {
      input: 'in',
      output: 'out',
      layout: 'NCHW',
      height: null,
      width: null,
      range: null,
    };
    const network = createOnnxDerainer(
      session('NCHW', (value) => value, 2),
      model,
      { range: '0..1', multiple: 1, overlap: 0 },
    );
    await expect(network.derain(tf.zeros([1, 2, 2, 3]))).rejects.toThrow(ForeignFileError);
  });

  it('from anything but one image is refused with what was found', () => {
    const value = (name: string, shape_: (number | string)[], type = 'float32'): OnnxValue => ({
      name,
      type,
      shape: shape_,
    });
    const image = value('x', [1, 3, 'h', 'w']);
    const of = (inputs: OnnxValue[], outputs: OnnxValue[]) => () => imageModelOf({ inputs, outputs }, new Map());
    expect(of([image, value('noise', [1])], [image])).toThrow('2 inputs');
    expect(of([value('tokens', ['n', 128], 'int64')], [image])).toThrow('tokens: int64 [n, 128]');
    expect(of([image], [value('classes', [1, 1000])])).toThrow('classes: float32 [1, 1000]');
    expect(of([], [])).toThrow(ForeignFileError);
  });

  it('is known by its content, and no file of weights', async () => {
    const file = encodeOnnx(student);
    expect(isOnnx(file)).toBe(true);
    expect(isOnnx(file.subarray(0, -1))).toBe(false);
    expect(() => readForeign([file])).toThrow('ONNX');
    await expect(openOnnx(ort, file.subarray(0, 400))).rejects.toThrow(ForeignFileError);
  });
});
