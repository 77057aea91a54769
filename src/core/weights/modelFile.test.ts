import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { architectureNamed, initialWeights } from '../architectures/registry.ts';
import { asPublished } from '../architectures/testing/publishedFile.ts';
import type { EdsrShape } from '../architectures/edsr.ts';
import { randomFromSeed } from '../random.ts';
import { encodeWithChecksum } from './checksum.ts';
import type { Provenance } from './provenance.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { decodeModel, decodeStudent, encodeStudent, encodeTeacher, ModelFileError } from './modelFile.ts';
import type { Student } from './modelFile.ts';

const shape: EdsrShape = { architecture: 'edsr', blocks: 1, filters: 2, imageSkip: true };
const weights = initialWeights(shape, randomFromSeed(1));
const provenance: Provenance = {
  seed: 7,
  steps: 1200,
  preset: 'quick',
  config: { run: { seed: 7 } },
  data: { clean: 3, rainy: 4, pairs: 5 },
  validation: {
    images: 2,
    psnr: { rainy: 26.7, student: 30.1, teacher: 30.5 },
    ssim: { rainy: 0.8, student: 0.9, teacher: 0.91 },
  },
  date: '2026-01-02T03:04:05.000Z',
};
const student: Student = { shape, weights, provenance };

/** The student's file after a change to its metadata or arrays. */
function changed(edit: (file: ReturnType<typeof decodeSafetensors>) => void): Uint8Array {
  const file = decodeSafetensors(encodeStudent(student));
  edit(file);
  return encodeWithChecksum(file.tensors, file.metadata);
}

describe('a student file', () => {
  it('gives back shape, weights and provenance', () => {
    expect(decodeStudent(encodeStudent(student))).toEqual({ role: 'student', ...student });
  });

  it('may be half as large, its weights then right to three digits', () => {
    const half = decodeStudent(encodeStudent(student, { dtype: 'F16' }));
    for (const [name, values] of weights) {
      values.forEach((value, i) =>
        expect(Math.abs(half.weights.get(name)![i]! - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -11),
      );
    }
  });

  it('may be silent about where it comes from', () => {
    expect(decodeStudent(encodeStudent({ ...student, provenance: null })).provenance).toBeNull();
  });

  it('is not written when a weight is missing', () => {
    const fewer = new Map(weights);
    fewer.delete('tail.bias');
    expect(() => encodeStudent({ ...student, weights: fewer })).toThrow('no weight named tail.bias');
  });
});

describe('a teacher file', () => {
  const shapes = { f1: { ...shape, imageSkip: false }, f2: { ...shape, filters: 3 } };
  const teacher = {
    shapes,
    weights: { f1: initialWeights(shapes.f1, randomFromSeed(2)), f2: initialWeights(shapes.f2, randomFromSeed(3)) },
    provenance,
  };

  it('gives back both networks', () => {
    expect(decodeModel(encodeTeacher(teacher))).toEqual({ role: 'teacher', ...teacher });
  });

  it('is no student', () => {
    expect(() => decodeStudent(encodeTeacher(teacher))).toThrow('This file holds a teacher');
  });
});

describe('decodeStudent refuses', () => {
  const setShape = (value: unknown) => changed(({ metadata }) => (metadata['shape'] = JSON.stringify(value)));
  const setProvenance = (change: object) =>
    changed(({ metadata }) => (metadata['provenance'] = JSON.stringify({ ...provenance, ...change })));
  const cases: [string, Uint8Array, string][] = [
    ['a file of the wrong length', encodeStudent(student).subarray(0, -3), 'cut short'],
    ['text', new TextEncoder().encode('This is a stray text file.'), 'absurd size'],
    ['a file of another program', changed(({ metadata }) => delete metadata['format']), 'another program'],
    ['a later version', changed(({ metadata }) => (metadata['version'] = '2')), 'version "2"'],
    ['an unknown role', changed(({ metadata }) => (metadata['role'] = 'referee')), 'neither a student nor a teacher'],
    ['a missing shape', changed(({ metadata }) => delete metadata['shape']), 'does not say its shape'],
    ['too many blocks', setShape({ ...shape, blocks: 65 }), 'blocks 0–64'],
    ['a fraction of a block', setShape({ ...shape, blocks: 0.5 }), 'blocks 0–64'],
    ['no filters', setShape({ ...shape, filters: 0 }), 'filters 1–256'],
    ['too many filters', setShape({ ...shape, filters: 257 }), 'filters 1–256'],
    ['a skip that is neither on nor off', setShape({ ...shape, imageSkip: 1 }), 'image-level skip'],
    ['a shape that is no object', setShape([1, 2, true]), 'image-level skip'],
    [
      'another shape than that of its weights',
      setShape({ ...shape, filters: 3 }),
      'head.weight has the shape [3,3,3,2]; [3,3,3,3] was expected',
    ],
    ['a missing weight', changed(({ tensors }) => tensors.delete('body.bias')), 'body.bias is missing'],
    [
      'an unknown array',
      changed(({ tensors }) => tensors.set('extra', { shape: [1], data: new Float32Array(1) })),
      'belong to no network',
    ],
    [
      'a weight that is not finite',
      changed(({ tensors }) => (tensors.get('head.bias')!.data[0] = Number.NaN)),
      'head.bias holds something',
    ],
    [
      'a finite weight of no sense',
      changed(({ tensors }) => (tensors.get('head.bias')!.data[0] = 1e38)),
      'beyond any sense',
    ],
    [
      'provenance that is not JSON',
      changed(({ metadata }) => (metadata['provenance'] = '{')),
      'does not say its provenance',
    ],
    ['a date that is none', setProvenance({ date: 'soon' }), 'own training'],
    [
      'figures that are no numbers',
      setProvenance({ validation: { ...provenance.validation, psnr: { rainy: 'x' } } }),
      'own training',
    ],
  ];
  it.each(cases)('%s', (_, bytes, message) => {
    expect(() => decodeStudent(bytes)).toThrow(ModelFileError);
    expect(() => decodeStudent(bytes)).toThrow(message);
  });

  it('one whose checksum has lost its name, and that is altered besides', () => {
    const damaged = encodeStudent(student);
    const text = Buffer.from(damaged.buffer);
    text.write('checksun', text.indexOf('"checksum":"') + 1);
    damaged[damaged.length - 1]! ^= 1;
    expect(() => decodeStudent(damaged)).toThrow('its checksum does not fit');
    text.write('"checksum": ', text.indexOf('"checksun":"'));
    expect(() => decodeStudent(damaged)).toThrow(ModelFileError);
  });

  it('random damage: it is read, or refused with a ModelFileError that gives a reason and a hint', () => {
    const sound = encodeStudent(student);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        (changes) => {
          const damaged = sound.slice();
          for (const [at, byte] of changes) damaged[at] = byte;
          try {
            expect(decodeStudent(damaged).weights.size).toBeGreaterThanOrEqual(6);
          } catch (error) {
            expect(error).toBeInstanceOf(ModelFileError);
            expect((error as ModelFileError).reason).not.toBe('');
            expect((error as ModelFileError).hint).not.toBe('');
          }
        },
      ),
      { seed: 5, numRuns: 1000 },
    );
  });
});

describe('a file of a published network', () => {
  const prn = architectureNamed('prn');
  const shape = prn.ofSize({ blocks: 2, filters: 2, imageSkip: true });
  const weights = prn.init(shape, randomFromSeed(2));
  const arrays = asPublished(prn.weights(shape), weights);

  it('is read as a student', () => {
    const model = decodeModel(encodeSafetensors(arrays, { format: 'pt' }));
    expect(model).toEqual({ role: 'student', shape, weights, provenance: null });
  });

  it('says what else it could be where it is not what was asked for', () => {
    expect(() => decodeModel(encodeSafetensors(arrays, {}), { architecture: 'brn' })).toThrow(/"brn".*opened as prn/);
  });

  it('is refused with a number that is none, or with arrays that are nothing known', () => {
    const broken = new Map(arrays);
    broken.set('conv.0.bias', { shape: [3], data: Float32Array.of(0, Number.NaN, 0) });
    expect(() => decodeModel(encodeSafetensors(broken, {}))).toThrow('no finite number');
    broken.delete('conv.0.bias');
    expect(() => decodeModel(encodeSafetensors(broken, {}))).toThrow('made by another program');
  });
});
