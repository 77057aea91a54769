import { describe, expect, it } from 'vitest';
import { architectureNamed } from '../architectures/registry.ts';
import { asPublished } from '../architectures/testing/publishedFile.ts';
import { randomFromSeed } from '../random.ts';
import { caffemodelFile, legacyPytorchFile, tensorflowFiles, zipPytorchFile } from './foreign/sampleFiles.ts';
import { encodeStudent, ModelFileError } from './modelFile.ts';
import { openModel, readingsOf } from './openModel.ts';
import { encodeSafetensors } from './safetensors.ts';

const student = (architecture: string, blocks: number, filters: number) => {
  const { ofSize, init, weights } = architectureNamed(architecture);
  const shape = ofSize({ blocks, filters, imageSkip: true });
  const values = init(shape, randomFromSeed(1));
  return { shape, weights: values, arrays: asPublished(weights(shape), values), provenance: null };
};
const prenet = student('prenet', 2, 3);
const jorder = student('jorder', 1, 2);

describe('openModel', () => {
  it('opens a file of ours', () => {
    const { arrays: _, ...ours } = prenet;
    expect(openModel([encodeStudent(ours)])).toEqual({ role: 'student', ...ours });
  });

  it.each([
    ['safetensors', encodeSafetensors(prenet.arrays, {})],
    ['PyTorch, old', legacyPytorchFile(prenet.arrays)],
    ['PyTorch, zip', zipPytorchFile(prenet.arrays)],
  ])('opens a published network from its authors’ file: %s', (_format, bytes) => {
    const model = openModel([bytes]);
    expect(model).toEqual({ role: 'student', shape: prenet.shape, weights: prenet.weights, provenance: null });
  });

  it('opens a .caffemodel, and the two files of a TensorFlow checkpoint', () => {
    expect(openModel([caffemodelFile(jorder.arrays)])).toMatchObject({ shape: jorder.shape });
    const clear = student('clear', 1, 2);
    const names: Record<string, string> = { conv1: 'conv2d', conv2: 'conv2d_1', conv3: 'conv2d_transpose' };
    const theirs = asPublished(architectureNamed('clear').weights(clear.shape), clear.weights, (name) => {
      const [layer, kind] = name.split('.') as [string, string];
      return {
        name: `DerainNet/${names[layer]}/${kind === 'weight' ? 'kernel' : 'bias'}`,
        transposed: layer === 'conv3',
      };
    });
    expect(openModel(tensorflowFiles(theirs))).toMatchObject({ shape: clear.shape });
  });

  it('takes the other network of the same arrays when that is wanted', () => {
    const bytes = legacyPytorchFile(prenet.arrays);
    expect(openModel([bytes], { architecture: 'prenet-real' })).toMatchObject({
      shape: { architecture: 'prenet-real' },
    });
    expect(() => openModel([bytes], { architecture: 'umrl', choice: 'stored' })).toThrow(
      /"umrl:stored".*prenet or prenet-real/,
    );
  });

  it('says what was found in a file of no known network, or of no format', () => {
    const unknown = legacyPytorchFile(new Map([['layer.weight', { shape: [2], data: Float32Array.of(1, 2) }]]));
    expect(() => openModel([unknown])).toThrow('1 arrays ("layer.weight" …) are of no network');
    expect(() => openModel([Uint8Array.of(1, 2, 3)])).toThrow(ModelFileError);
    expect(() => openModel([])).toThrow(ModelFileError);
  });
});

describe('readingsOf', () => {
  it('names every network that a file may hold, so that a person can be asked', () => {
    expect(readingsOf([zipPytorchFile(prenet.arrays)])).toEqual([
      { architecture: 'prenet', title: 'PReNet' },
      { architecture: 'prenet-real', title: 'PReNet (real)' },
    ]);
    const architecture = architectureNamed('umrl');
    const shape = architecture.parse({ blocks: 1, filters: 2, imageSkip: true, statistics: 'stored' });
    const values = architecture.init(shape, randomFromSeed(1));
    const umrl = encodeSafetensors(
      asPublished(architecture.weights(shape), values, (name) => ({
        name,
        transposed: /trans_block[\d_]+\.conv1\.weight$/.test(name),
      })),
      {},
    );
    expect(readingsOf([umrl])).toEqual([
      { architecture: 'umrl', choice: 'image', title: 'UMRL, image' },
      { architecture: 'umrl', choice: 'stored', title: 'UMRL, stored' },
    ]);
    for (const reading of readingsOf([umrl]))
      expect(openModel([umrl], reading)).toMatchObject({ shape: { statistics: reading.choice } });
  });

  it('asks nothing of a file of ours, and refuses what is no model', () => {
    const { arrays: _, ...ours } = prenet;
    expect(readingsOf([encodeStudent(ours)])).toEqual([]);
    expect(() => readingsOf([new Uint8Array(100)])).toThrow(ModelFileError);
  });
});
