import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromFloat16, toFloat16 } from './float16.ts';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from './safetensors.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

/** A file with the given header text and so many zero bytes of data. */
function fileOf(header: string, dataBytes: number, headerBytes?: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes ?? text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const named = (entries: Record<string, unknown>, dataBytes: number): Uint8Array =>
  fileOf(JSON.stringify(entries), dataBytes);
const f32 = (shape: number[], start: number, end: number): object => ({
  dtype: 'F32',
  shape,
  data_offsets: [start, end],
});

const arrays = fc.dictionary(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).chain((shape) =>
    fc
      .array(fc.float({ noDefaultInfinity: true, noNaN: true }), {
        minLength: shape.reduce((a, b) => a * b, 1),
        maxLength: shape.reduce((a, b) => a * b, 1),
      })
      .map((values) => ({ shape, data: Float32Array.from(values) })),
  ),
  { maxKeys: 6 },
);
const texts = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), { maxKeys: 4 });

describe('encodeSafetensors and decodeSafetensors', () => {
  it('give back what was written, whatever the names, shapes and texts', () => {
    fc.assert(
      fc.property(arrays, texts, (given, metadata) => {
        const file = decodeSafetensors(encodeSafetensors(new Map(Object.entries(given)), metadata));
        expect(Object.fromEntries(file.tensors)).toEqual(given);
        expect(file.metadata).toEqual(metadata);
      }),
      { seed: 1 },
    );
  });

  it('begin the data at a multiple of 8 bytes and give F32 arrays without a copy', () => {
    const bytes = encodeSafetensors(new Map([['w', { shape: [3], data: new Float32Array([1, 2, 3]) }]]), { a: 'b' });
    expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
    expect(decodeSafetensors(bytes).tensors.get('w')!.data.buffer).toBe(bytes.buffer);
  });

  it('read a file that lies at an odd place in its buffer', () => {
    for (const dtype of ['F32', 'F16'] as const) {
      const bytes = encodeSafetensors(
        new Map([['w', { shape: [2], data: new Float32Array([0.5, -2]) }]]),
        {},
        { dtype },
      );
      const shifted = new Uint8Array(bytes.length + 1).subarray(1);
      shifted.set(bytes);
      expect([...decodeSafetensors(shifted).tensors.get('w')!.data]).toEqual([0.5, -2]);
    }
  });

  it('write F16 in half the space, and refuse values that F16 cannot hold', () => {
    const data = Float32Array.from({ length: 64 }, (_, i) => i / 64 - 0.5);
    const tensors = new Map([['w', { shape: [64], data }]]);
    const half = encodeSafetensors(tensors, {}, { dtype: 'F16' });
    expect(encodeSafetensors(tensors, {}).length - half.length).toBe(128);
    expect(decodeSafetensors(half).tensors.get('w')!.data).toEqual(data);
    const large = new Map([['w', { shape: [1], data: new Float32Array([1e5]) }]]);
    expect(() => encodeSafetensors(large, {}, { dtype: 'F16' })).toThrow(
      '"w" holds 100000, which is too large for F16',
    );
  });

  it('handle hundreds of arrays, tens of megabytes and a long text', () => {
    const tensors = new Map(
      Array.from({ length: 800 }, (_, i) => [`array${i}`, { shape: [16384], data: new Float32Array(16384).fill(i) }]),
    );
    const history = JSON.stringify(Array.from({ length: 20_000 }, (_, step) => ({ step, objective: 1 / (step + 1) })));
    const file = decodeSafetensors(encodeSafetensors(tensors, { history }));
    expect(file.tensors.size).toBe(800);
    expect(file.tensors.get('array799')!.data[16383]).toBe(799);
    expect(file.metadata['history']).toBe(history);
  });

  it('refuse to write a shape that does not fit, or the reserved name', () => {
    const data = new Float32Array(3);
    expect(() => encodeSafetensors(new Map([['w', { shape: [2, 2], data }]]), {})).toThrow(
      '"w" has 3 numbers, but the shape [2,2]',
    );
    expect(() => encodeSafetensors(new Map([['__metadata__', { shape: [3], data }]]), {})).toThrow(SafetensorsError);
  });
});

describe('decodeSafetensors refuses', () => {
  const two = { a: f32([1], 0, 4), b: f32([1], 4, 8) };
  const cases: [string, Uint8Array, string][] = [
    ['an empty file', new Uint8Array(0), '0 bytes'],
    ['an absurd header size', fileOf('{}', 0, 2 ** 52), 'absurd size'],
    ['a header beyond the end', fileOf('{}', 0, 999), 'ends inside its header'],
    ['a header that is no object', fileOf('[]', 0), 'not a JSON object'],
    ['broken JSON', fileOf('{"a":', 0), 'not readable JSON'],
    ['broken UTF-8', fileOf('{"\u00e9":1}', 0).map((byte) => (byte === 0xa9 ? 0x20 : byte)), 'not readable JSON'],
    [
      'a name given twice',
      fileOf(`{"a":${JSON.stringify(two.a)},"\\u0061":${JSON.stringify(two.b)}}`, 8),
      'names "a" twice',
    ],
    [
      'a key of an entry given twice',
      fileOf('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"shape":[1]}}', 4),
      'names "shape" twice',
    ],
    ['metadata that is not text', named({ __metadata__: { a: 1 } }, 0), 'metadata'],
    ['an entry that is no object', named({ a: 4 }, 4), 'not described'],
    ['an unknown dtype', named({ a: { ...f32([1], 0, 8), dtype: 'I64' } }, 8), 'stored as "I64"'],
    ['a header nested without end', fileOf(`{"a":${'['.repeat(5_000_000)}`, 0), 'nested too deep'],
    ['a header of 30 MB', fileOf(`{"a":"${'x'.repeat(30_000_000)}"}`, 0), 'absurd size'],
    ['a fractional side', named({ a: f32([0.5], 0, 2) }, 2), 'no usable shape'],
    ['a negative side', named({ a: f32([-1, -1], 0, 4) }, 4), 'no usable shape'],
    ['a shape beyond counting', named({ a: f32([2 ** 50, 2 ** 50], 0, 4) }, 4), 'absurd shape'],
    [
      'a shape whose product is no number',
      named({ a: f32(Array(8).fill(Number.MAX_SAFE_INTEGER), 0, 4) }, 4),
      'absurd shape',
    ],
    ['a place that does not fit the shape', named({ a: f32([2], 0, 4) }, 4), 'takes 4 bytes'],
    ['a place that runs backwards', named({ a: f32([1], 4, 0) }, 4), 'takes -4 bytes'],
    ['overlapping arrays', named({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, 8), 'overlaps'],
    ['a gap', named({ a: f32([1], 4, 8) }, 8), 'unexplained bytes'],
    ['a place beyond the end', named(two, 7), 'cut short'],
    ['bytes left over', named(two, 9), 'wrong length'],
  ];
  it.each(cases)('%s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(SafetensorsError);
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  it('random damage: it is read, or refused with a SafetensorsError, and nothing else happens', () => {
    const sound = encodeSafetensors(new Map([['head.weight', { shape: [2, 3], data: new Float32Array(6).fill(1) }]]), {
      format: 'x',
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: -sound.length, max: 16 }),
        (changes, lengthChange) => {
          const damaged = new Uint8Array(sound.length + lengthChange);
          damaged.set(sound.subarray(0, damaged.length));
          for (const [at, byte] of changes) damaged[at] = byte;
          let file;
          try {
            file = decodeSafetensors(damaged);
          } catch (error) {
            expect(error).toBeInstanceOf(SafetensorsError);
            return;
          }
          for (const { shape, data } of file.tensors.values())
            expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
        },
      ),
      { seed: 2, numRuns: 2000 },
    );
  });
});

describe('half-precision numbers', () => {
  it('survive all 65,536 bit patterns', () => {
    const changed = Array.from({ length: 65536 }, (_, bits) => bits).filter((bits) => {
      const value = fromFloat16(bits);
      return Number.isNaN(value) ? !Number.isNaN(fromFloat16(toFloat16(value))) : toFloat16(value) !== bits;
    });
    expect(changed).toEqual([]);
  });

  it('round to nearest, ties to even', () => {
    const expected: [number, number][] = [
      [1 + 2 ** -11, 0x3c00],
      [1 + 3 * 2 ** -11, 0x3c02],
      [65504, 0x7bff],
      [65519.99, 0x7bff],
      [65520, 0x7c00],
      [2 ** -24, 0x0001],
      [2 ** -25, 0x0000],
      [1.5 * 2 ** -25, 0x0001],
      [-0, 0x8000],
    ];
    for (const [value, bits] of expected) expect(toFloat16(value)).toBe(bits);
  });
});

describe('UTF-8', () => {
  it('is what the platform writes and reads, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = encodeUtf8(text);
        expect(bytes).toEqual(new TextEncoder().encode(text));
        expect(decodeUtf8(bytes)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
      }),
      { seed: 3 },
    );
  });

  it('is refused exactly where the platform refuses it', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6 }), (bytes) => {
        let expected: string | null = null;
        try {
          expected = strict.decode(bytes);
        } catch {
          expect(() => decodeUtf8(bytes)).toThrow(RangeError);
          return;
        }
        expect(decodeUtf8(bytes)).toBe(expected);
      }),
      { seed: 4, numRuns: 5000 },
    );
  });
});
