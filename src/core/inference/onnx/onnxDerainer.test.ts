import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialWeights, parameterCount, shapeOfSize } from '../../architectures/registry.ts';
import { createPixels } from '../../images/pixels.ts';
import type { Pixels } from '../../images/pixels.ts';
import { registerReferenceKernels } from '../../ops/reference.ts';
import { randomFromSeed } from '../../random.ts';
import { encodeOnnx } from '../../weights/export/onnx.ts';
import { ForeignFileError } from '../../weights/foreign/foreignFile.ts';
import { isOnnx, readOnnxHeader } from '../../weights/foreign/onnxHeader.ts';
import type { OnnxValue } from '../../weights/foreign/onnxHeader.ts';
import { mutant } from '../../weights/foreign/mutants.ts';
import { readForeign } from '../../weights/foreign/readForeign.ts';
import type { ModelFile } from '../../weights/modelFile.ts';
import { concatBytes, message } from '../../weights/protobufWriter.ts';
import type { Field } from '../../weights/protobufWriter.ts';
import { derain, pixelSource } from '../derain.ts';
import { createDerainer } from '../derainer.ts';
import type { AsyncDerainer, Derainer } from '../derainer.ts';
import { createOnnxDerainer } from './onnxDerainer.ts';
import { encodeAnswers, imageModelOf, usualAnswers } from './onnxImageModel.ts';
import type { OnnxImageModel } from './onnxImageModel.ts';
import { openOnnx } from './onnxRuntime.ts';
import type { OnnxSession } from './onnxRuntime.ts';
import { onnxOverlap, onnxTile, tileOfImage } from './onnxTiles.ts';

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
function session(change: (value: number) => number, grow = 1): OnnxSession {
  return {
    run: async (_input, { data, dims }) => ({ data: data.map(change), dims: dims.map((side) => side * grow) }),
    release: async () => {},
  };
}

/** A model of which its file says nothing more. */
const silent: OnnxImageModel = {
  input: 'in',
  output: 'out',
  layout: 'NCHW',
  height: null,
  width: null,
  range: null,
  channels: null,
  multiple: null,
  tile: null,
  overlap: null,
};

describe('an ONNX model', () => {
  it('derains a photo as the student that it was exported from, tiled or whole', async () => {
    const file = encodeOnnx(student);
    const opened = await openOnnx(ort, file);
    const header = readOnnxHeader(file);
    const { inputMetadata, outputMetadata } = await ort.InferenceSession.create(file);
    expect(inputMetadata).toMatchObject(header.inputs);
    expect(outputMetadata).toMatchObject(header.outputs);
    expect(header).toMatchObject({ opset: 17, parameters: parameterCount(shape) });
    const model = imageModelOf(header);
    expect(model).toEqual({
      input: 'image',
      output: 'derained',
      layout: 'NCHW',
      height: null,
      width: null,
      range: '0..1',
      channels: 'RGB',
      multiple: 1,
      tile: 512,
      overlap: 5,
    });
    const settings = { range: model.range!, channels: model.channels!, multiple: model.multiple! };
    const network = createOnnxDerainer(opened, model, { ...settings, overlap: onnxOverlap(model, onnxTile(model)) });
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
      session(change),
      { ...silent, layout },
      { range, channels: 'RGB', multiple: 8, overlap: 0 },
    );
    const x = tf.tensor4d([0.5, 0.6, 0.7, 0.8, 0.9, 1], [1, 1, 2, 3]);
    const { y, z } = await network.derain(x);
    expect(z).toBeNull();
    expect([...y.dataSync()]).toEqual(
      [0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((value) => expect.closeTo(value, 5) as number),
    );
  });

  it('with prescribed sides is given images of just that size, and refuses larger ones', async () => {
    const model: OnnxImageModel = { ...silent, height: 4, width: 6 };
    const given: number[][] = [];
    const noting: OnnxSession = {
      ...session((value) => value),
      run: async (_input, image) => {
        given.push([...image.dims]);
        return image;
      },
    };
    const network = createOnnxDerainer(noting, model, { range: '0..1', channels: 'RGB', multiple: 1, overlap: 0 });
    const x = tf.tensor4d([0.1, 0.2, 0.3], [1, 1, 1, 3]);
    expect([...(await network.derain(x)).y.dataSync()]).toEqual([...x.dataSync()]);
    expect(given).toEqual([[1, 3, 4, 6]]);
    await expect(network.derain(tf.zeros([1, 5, 6, 3]))).rejects.toThrow('6 × 4 only');
  });

  it('whose channels are BGR is given blue first', async () => {
    const dimFirst: OnnxSession = {
      ...session((value) => value),
      run: async (_input, { data, dims }) => ({ data: data.map((value, i) => (i % 3 ? value : 0)), dims }),
    };
    const settings = { range: '0..1', channels: 'BGR', multiple: 1, overlap: 0 } as const;
    const network = createOnnxDerainer(dimFirst, { ...silent, layout: 'NHWC' }, settings);
    const { y } = await network.derain(tf.tensor4d([0.25, 0.5, 0.75], [1, 1, 1, 3]));
    expect([...y.dataSync()]).toEqual([0.25, 0.5, 0]);
  });

  it('says at the end of its file what a person answered', () => {
    const file = encodeOnnx(student);
    const answers = { range: '0..255', channels: 'BGR', multiple: 16, tile: 'whole' } as const;
    const answered = concatBytes([file, encodeAnswers(answers)]);
    expect(imageModelOf(readOnnxHeader(answered))).toMatchObject({ ...answers, input: 'image', overlap: 5 });
    const absurd = concatBytes([file, encodeAnswers({ ...answers, multiple: 1e9, tile: 7 })]);
    expect(imageModelOf(readOnnxHeader(absurd))).toMatchObject({ multiple: null, tile: null });
  });

  it('is given tiles as its file prescribes or says, or the whole of an image that is not too large', () => {
    expect(onnxTile(silent)).toEqual({ width: 512, height: 512 });
    expect(onnxTile({ ...silent, tile: 256, height: 64 })).toEqual({ width: 256, height: 64 });
    expect(onnxOverlap(silent, { width: 512, height: 64 })).toBe(16);
    expect(onnxOverlap({ ...silent, overlap: 5 }, { width: 512, height: 512 })).toBe(5);
    const whole = onnxTile({ ...silent, tile: 'whole' });
    expect(onnxOverlap(silent, whole)).toBe(Infinity);
    expect(tileOfImage(whole, { width: 1000, height: 700 })).toEqual({ width: 1000, height: 700 });
    expect(() => tileOfImage(whole, { width: 4000, height: 3000 })).toThrow('12.0 megapixels');
  });

  it('that is damaged is refused in words, or read as one from images to images', () => {
    const file = concatBytes([encodeOnnx(student), encodeAnswers(usualAnswers)]);
    let refused = 0;
    for (let i = 0; i < 400; i++) {
      const damaged = mutant(file, (limit) => random.below(limit));
      try {
        const { tile, multiple } = imageModelOf(readOnnxHeader(damaged));
        expect(tile === null || tile === 'whole' || (tile >= 64 && tile <= 4096)).toBe(true);
        expect(multiple ?? 1).toBeGreaterThan(0);
      } catch (error) {
        if (!(error instanceof ForeignFileError)) throw error;
        expect(error.reason).toMatch(/\.$/);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(150);
  });

  it.each<[string, (graph: Field[]) => Field[], string]>([
    [
      'weights of another size',
      (graph) => [
        ...graph,
        [
          5,
          message([
            [1, 3],
            [2, 1],
            [8, 'w'],
            [9, new Uint8Array(8)],
          ]),
        ],
      ],
      'holds 2',
    ],
    [
      'weights elsewhere',
      (graph) => [
        ...graph,
        [
          5,
          message([
            [1, 3],
            [2, 1],
            [8, 'w'],
            [14, 1],
          ]),
        ],
      ],
      'in another file',
    ],
    [
      'absurd sides',
      (graph) => [
        ...graph,
        [
          5,
          message([
            [1, 2 ** 40],
            [1, 2 ** 40],
            [2, 1],
            [8, 'w'],
          ]),
        ],
      ],
      'which is none',
    ],
    ['no operation', () => [], 'computes nothing'],
  ])('with %s is refused', (_, change, words) => {
    const graph: Field[] = [[1, message([[4, 'Relu']])]];
    expect(() =>
      readOnnxHeader(
        message([
          [1, 8],
          [7, message(change(graph))],
          [8, message([[2, 17]])],
        ]),
      ),
    ).toThrow(words);
  });

  it('that makes an image of another size is refused', async () => {
    const network = createOnnxDerainer(
      session((value) => value, 2),
      silent,
      { range: '0..1', channels: 'RGB', multiple: 1, overlap: 0 },
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
    const of = (inputs: OnnxValue[], outputs: OnnxValue[]) => () =>
      imageModelOf({ inputs, outputs, metadata: new Map() });
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
