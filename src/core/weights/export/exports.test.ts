import * as tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { NetworkShape } from '../../architectures/architecture.ts';
import { edsr } from '../../architectures/edsr.ts';
import {
  applyNetwork,
  initialWeights,
  networkWeights,
  registerArchitecture,
  shapeOfSize,
} from '../../architectures/registry.ts';
import { registerReferenceKernels } from '../../ops/reference.ts';
import { randomFromSeed } from '../../random.ts';
import { readForeign } from '../foreign/readForeign.ts';
import type { ModelFile, WeightArrays } from '../modelFile.ts';
import { GraphError } from './networkGraph.ts';
import { encodeOnnx } from './onnx.ts';
import { encodePytorch } from './pytorch.ts';
import { encodeTfjs } from './tfjs.ts';

const random = randomFromSeed(5);
/** Weights whose network changes its input: fresh tails are small, and fresh biases zero. */
const weightsOf = (shape: NetworkShape): WeightArrays =>
  new Map(
    [...initialWeights(shape, random)].map(([name, values]) => [
      name,
      values.map(
        (value) => (name.startsWith('tail') ? 5 * value : value) + (name.endsWith('bias') ? 0.02 * random.normal() : 0),
      ),
    ]),
  );
const size = { blocks: 1, filters: 2 };
const student = (architecture: string): Extract<ModelFile, { role: 'student' }> => {
  const shape = shapeOfSize(architecture, { ...size, imageSkip: true });
  return { role: 'student', shape, weights: weightsOf(shape), provenance: null };
};
const teacher = (architecture: string): ModelFile => {
  const f1 = shapeOfSize(architecture, { ...size, imageSkip: false });
  const f2 = shapeOfSize('edsr', { ...size, imageSkip: true });
  return { role: 'teacher', shapes: { f1, f2 }, weights: { f1: weightsOf(f1), f2: weightsOf(f2) }, provenance: null };
};
const models: readonly (readonly [string, ModelFile])[] = [
  ['a student', student('edsr')],
  ['a teacher', teacher('edsr')],
  ['a pyramid', student('pyramid')],
  ['a teacher with a pyramid', teacher('pyramid')],
];
/** One octave each but the last, which has three; odd sides, and sides that need no padding. */
const sizes = [
  [8, 8],
  [13, 21],
  [66, 64],
] as const;
const outputNames = ['derained', 'rain_map'];

beforeAll(async () => {
  registerReferenceKernels('cpu');
  await tf.setBackend('cpu');
  ort.env.wasm.numThreads = 1;
});

/** y, and z of a teacher, by the architecture itself. */
function computed(model: ModelFile, x: Tensor4D): Tensor4D[] {
  const run = (input: Tensor4D, shape: NetworkShape, weights: WeightArrays): Tensor4D => {
    const tensors = networkWeights(shape).map(
      ({ name, shape: dims }) => [name, tf.tensor(weights.get(name)!, [...dims])] as const,
    );
    return applyNetwork(input, new Map(tensors), shape);
  };
  if (model.role === 'student') return [run(x, model.shape, model.weights)];
  const z = run(x, model.shapes.f1, model.weights.f1);
  return [run(tf.sub(x, z), model.shapes.f2, model.weights.f2), z];
}

function largestDifference(a: Tensor4D, b: Tensor4D): number {
  expect(a.shape).toEqual(b.shape);
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
}

/** Checks `run` (x → outputs in the order of `outputNames`) against the architecture at every size. */
async function expectSame(model: ModelFile, run: (x: Tensor4D) => Promise<Tensor4D[]>): Promise<void> {
  for (const [height, width] of sizes) {
    const pixels = Float32Array.from({ length: height * width * 3 }, () => random.uniform());
    const x = tf.tensor4d(pixels, [1, height, width, 3]);
    const wanted = computed(model, x);
    const outputs = await run(x);
    expect(outputs).toHaveLength(wanted.length);
    outputs.forEach((output, i) => expect(largestDifference(output, wanted[i]!)).toBeLessThan(2e-5));
    expect(largestDifference(wanted[0]!, x)).toBeGreaterThan(0.05);
  }
}

describe('encodeOnnx', () => {
  it.each(models)('lets onnxruntime compute what %s does, at any size', async (_, model) => {
    const session = await ort.InferenceSession.create(encodeOnnx(model));
    await expectSame(model, async (x) => {
      const planes = tf.transpose(x, [0, 3, 1, 2]);
      const image = new ort.Tensor('float32', planes.dataSync() as Float32Array, planes.shape);
      const outputs = await session.run({ image });
      return session.outputNames.map((name, i) => {
        expect(name).toBe(outputNames[i]);
        const { dims, data } = outputs[name]!;
        return tf.transpose(tf.tensor4d(data as Float32Array, dims as [number, number, number, number]), [0, 2, 3, 1]);
      });
    });
    await session.release();
  });
});

describe('encodeTfjs', () => {
  it.each(models)('lets TensorFlow.js compute what %s does, at any size', async (_, model) => {
    const { json, weights } = encodeTfjs(model);
    const { weightsManifest, ...artifacts } = JSON.parse(json) as tf.io.ModelJSON;
    const handler = tf.io.fromMemory({
      ...artifacts,
      generatedBy: artifacts.generatedBy ?? '',
      convertedBy: artifacts.convertedBy ?? null,
      weightSpecs: weightsManifest[0]!.weights,
      weightData: weights.slice().buffer,
    });
    const graph = await tf.loadGraphModel(handler);
    await expectSame(model, async (image) => {
      const wanted = outputNames.slice(0, model.role === 'student' ? 1 : 2);
      return [(await graph.executeAsync({ image }, wanted)) as Tensor4D | Tensor4D[]].flat();
    });
    graph.dispose();
  });
});

describe('encodePytorch', () => {
  it('writes filters as [out,in,kh,kw] under the names of modules', () => {
    const model = student('edsr');
    const { arrays } = readForeign([encodePytorch(model)]);
    expect([...arrays.keys()].join(' ')).toBe(
      'head.weight head.bias blocks.0.conv1.weight blocks.0.conv1.bias blocks.0.conv2.weight blocks.0.conv2.bias ' +
        'body.weight body.bias tail.weight tail.bias',
    );
    const { shape, data } = arrays.get('head.weight')!;
    expect(shape).toEqual([2, 3, 3, 3]);
    const transposed = tf.transpose(tf.tensor(model.weights.get('head.weight')!, [3, 3, 3, 2]), [3, 2, 0, 1]);
    expect(data).toEqual(transposed.dataSync());
  });

  it('writes both networks of a teacher', () => {
    const names = [...readForeign([encodePytorch(teacher('pyramid'))]).arrays.keys()];
    expect(names).toContain('f1.blocks.0.conv1.weight');
    expect(names).toContain('f2.tail.bias');
  });
});

describe('a network without a graph', () => {
  const unregister = registerArchitecture({ ...edsr, id: 'toy', title: 'Toy' });
  const { shape, weights } = student('edsr');
  const toy: ModelFile = { role: 'student', shape: { ...shape, architecture: 'toy' }, weights, provenance: null };

  it('is refused by name, but its weights can be had', () => {
    expect(() => encodeOnnx(toy)).toThrow(GraphError);
    expect(() => encodeTfjs(toy)).toThrow(/Toy/);
    expect(readForeign([encodePytorch(toy)]).arrays.size).toBe(10);
    unregister();
  });
});
