import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { randomFromSeed } from '../../random.ts';
import { encodeSafetensors } from '../safetensors.ts';
import { concatBytes } from '../protobufWriter.ts';
import { encodeUtf8 } from '../utf8.ts';
import { ForeignFileError } from './foreignFile.ts';
import type { ForeignArray } from './foreignFile.ts';
import { readForeign } from './readForeign.ts';
import * as samples from './sampleFiles.ts';
import { pickle } from './sampleFiles.ts';

const random = randomFromSeed(3);
const array = (...shape: number[]): ForeignArray => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
});
const layers = new Map([
  ['conv0.0.weight', array(4, 6, 3, 3)],
  ['conv0.0.bias', array(4)],
  ['conv.0.weight', array(3, 4, 3, 3)],
  ['conv.0.bias', array(3)],
]);
const cells = new Map([
  ['model.weight{0}', array(4, 3, 3, 5)],
  ['model.weight{1}', array(2, 4, 3, 3)],
  ['model.bias{0}', array(4)],
]);
const zeros = new Map([['model.weight{0}', { shape: [64, 64, 3, 3], data: new Float32Array(64 * 64 * 9) }]]);

const refusal = (...files: Uint8Array[]): string => {
  try {
    readForeign(files);
  } catch (error) {
    if (error instanceof ForeignFileError) return error.message;
    throw error;
  }
  throw new Error('The file was read.');
};

describe('readForeign', () => {
  it.each([
    ['pytorch-legacy', layers, [samples.legacyPytorchFile(layers)]],
    ['pytorch-zip', layers, [samples.zipPytorchFile(layers)]],
    ['tensorflow-checkpoint', layers, samples.tensorflowFiles(layers)],
    ['tensorflow-checkpoint', layers, samples.tensorflowFiles(layers).toReversed()],
    ['tensorflow-checkpoint', layers, samples.tensorflowFiles(layers, samples.snappyBlock)],
    ['caffemodel', layers, [samples.caffemodelFile(layers)]],
    ['matlab-v5', cells, [samples.matlabFile(cells)]],
    ['matlab-v5', cells, [samples.matlabFile(cells, (bytes) => zlibSync(bytes, { level: 0 }))]],
    ['matlab-v5', zeros, [samples.matlabFile(zeros, (bytes) => zlibSync(bytes))]],
    ['safetensors', layers, [encodeSafetensors(layers, {})]],
  ] as const)('reads what %s holds', (format, expected, files) => {
    const read = readForeign(files);
    expect(read.format).toBe(format);
    expect([...read.arrays.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [name, { shape, data }] of expected) expect(read.arrays.get(name)).toEqual({ shape: [...shape], data });
  });

  it('reads a file that lies within a larger buffer at any place', () => {
    const file = samples.legacyPytorchFile(layers);
    const within = concatBytes([Uint8Array.of(1, 2, 3), file]).subarray(3);
    expect(readForeign([within]).arrays.get('conv.0.bias')).toEqual(layers.get('conv.0.bias'));
  });

  it('says what it found instead of weights', () => {
    expect(refusal(new Uint8Array(0))).toContain('empty');
    expect(refusal(encodeUtf8('GIF89a, and so on'))).toContain('47 49 46 38');
    expect(refusal(samples.tensorflowFiles(layers)[0])).toContain('.index');
    expect(refusal(samples.legacyPytorchFile(layers), samples.legacyPytorchFile(layers))).toContain('2 files');
    expect(refusal(encodeUtf8(`MATLAB 7.3 MAT-file${' '.repeat(200)}`))).toContain('MATLAB 7.3');
  });
});

describe('PyTorch files', () => {
  const of = (root: Uint8Array, storage: Float32Array): Uint8Array =>
    samples.legacyPytorchOf(root, new Map([['0', storage]]));
  const numbers = Float32Array.from({ length: 6 }, (_, i) => i);
  const { text, tensor, orderedDictionary } = pickle;

  it('drop the prefix of DataParallel', () => {
    const wrapped = new Map([...layers].map(([name, values]) => [`module.${name}`, values]));
    expect([...readForeign([samples.legacyPytorchFile(wrapped)]).arrays.keys()]).toEqual([...layers.keys()]);
  });

  it('give the state dictionary that a checkpoint holds beside other things', () => {
    const root = orderedDictionary(
      text('epoch'),
      pickle.int(3),
      text('state_dict'),
      orderedDictionary(text('w'), tensor('0', [6])),
    );
    expect([...readForeign([of(root, numbers)]).arrays]).toEqual([['w', { shape: [6], data: numbers }]]);
  });

  it('may hold transposed views of a storage', () => {
    const view = { key: '0', type: 'FloatStorage', count: 6, offset: 0, shape: [3, 2], strides: [1, 3] };
    const root = orderedDictionary(text('w'), pickle.stridedTensor(view));
    expect([...readForeign([of(root, numbers)]).arrays.get('w')!.data]).toEqual([0, 3, 1, 4, 2, 5]);
    const beyond = orderedDictionary(text('w'), pickle.stridedTensor({ ...view, offset: 1 }));
    expect(refusal(of(beyond, numbers))).toContain('beyond its storage');
  });

  it('cannot name anything that is run', () => {
    const attack = concatBytes([pickle.global('os', 'system'), pickle.tuple(text('true')), encodeUtf8('R')]);
    expect(refusal(of(attack, numbers))).toContain('"os.system"');
    expect(refusal(of(pickle.global('torch.nn.modules.conv', 'Conv2d'), numbers))).toContain(
      'nothing in a file is ever',
    );
    expect(refusal(of(encodeUtf8('I1\n'), numbers))).toContain('0x49');
  });

  it('claim no more numbers than they have', () => {
    const view = { key: '0', type: 'FloatStorage', count: 6, offset: 0, shape: [2 ** 30, 2 ** 20], strides: [0, 0] };
    expect(refusal(of(orderedDictionary(text('w'), pickle.stridedTensor(view)), numbers))).toContain(
      'more than a file',
    );
    const many = orderedDictionary(text('w'), tensor('0', [7]));
    expect(refusal(of(many, numbers))).toContain('6 numbers; the tensors say 7');
    expect(refusal(of(orderedDictionary(text('w'), tensor('0', [6])), numbers).subarray(0, -1))).toContain('cut short');
    expect(refusal(of(orderedDictionary(text('w'), tensor('0', [6])), Float32Array.of(1, 2, 3, 4, 5, NaN)))).toContain(
      'no finite number',
    );
  });
});

describe('TensorFlow checkpoints', () => {
  it('leave out counters and what the optimizer keeps', () => {
    const slots = new Map([
      ...layers,
      ['conv.0.weight/Adam', array(3, 4, 3, 3)] as const,
      ['beta1_power', array(1)] as const,
    ]);
    const read = readForeign(samples.tensorflowFiles(slots));
    expect(read.arrays.size).toBe(layers.size);
    expect(read.skipped).toEqual(['beta1_power', 'conv.0.weight/Adam']);
  });

  it('whose numbers belong to another index are refused', () => {
    const [index, data] = samples.tensorflowFiles(layers);
    const other = data.slice();
    other[8]! ^= 1;
    expect(refusal(index, other)).toContain('checksum');
    expect(refusal(index, data.subarray(0, -4))).toContain('.data file');
  });
});

describe('MATLAB files', () => {
  it('may not unpack to more than a file of their size holds', () => {
    const bomb = new Map([['model.weight{0}', { shape: [256, 128, 3, 3], data: new Float32Array(256 * 128 * 9) }]]);
    expect(refusal(samples.matlabFile(bomb, (bytes) => zlibSync(bytes)))).toContain('unpacks to more than');
  });
});
