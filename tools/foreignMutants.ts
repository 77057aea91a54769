/**
 * Reads seeded mutants of every foreign format, and runs those of ONNX: `npm run trust:foreign [-- COUNT [FORMAT]]`. Prints, per format, how many were refused,
 * read as they were and read with other numbers, the slowest, and the largest array that was allocated against the file's
 * size. Fails at the first that throws anything but a ForeignFileError, takes longer than 2 s, or allocates too much.
 */
import { zlibSync } from 'fflate';
import { randomFromSeed } from '../src/core/random.ts';
import { ForeignFileError } from '../src/core/weights/foreign/foreignFile.ts';
import { mutant } from '../src/core/weights/foreign/mutants.ts';
import { readForeign } from '../src/core/weights/foreign/readForeign.ts';
import * as samples from '../src/core/weights/foreign/sampleFiles.ts';
import { encodeSafetensors } from '../src/core/weights/safetensors.ts';
import { runOnnxMutants } from './onnxMutants.ts';

/** Processor time: what else the machine does is no part of it. */
const MAX_MS = 2000;
/** What compressed variables of a small MATLAB file may unpack to, as floats. */
const MATLAB_BYTES = 2 ** 22;

const count = Number(process.argv[2] ?? 10_000);
/** One format alone, where it is named. */
const only = process.argv[3];
const random = randomFromSeed(20240607);
const arrays: samples.SampleArrays = new Map(
  [[8, 6, 3, 3], [8], [3, 8, 3, 3], [3]].map((shape, i) => {
    const length = shape.reduce((product, side) => product * side, 1);
    return [
      `model.${i % 2 ? 'bias' : 'weight'}{${i >> 1}}`,
      { shape, data: Float32Array.from({ length }, () => random.normal()) },
    ];
  }),
);
const [index, data] = samples.tensorflowFiles(arrays);

type Write = (mutate: (bytes: Uint8Array) => Uint8Array) => Uint8Array[];
const formats: Readonly<Record<string, Write>> = {
  'pth legacy': (mutate) => [mutate(samples.legacyPytorchFile(arrays))],
  'pth zip': (mutate) => [mutate(samples.zipPytorchFile(arrays))],
  'TensorFlow index': (mutate) => [mutate(index), data],
  'TensorFlow table': (mutate) => samples.tensorflowFiles(arrays, (block) => samples.snappyBlock(mutate(block))),
  'TensorFlow snappy': (mutate) => samples.tensorflowFiles(arrays, (block) => mutate(samples.snappyBlock(block))),
  'TensorFlow data': (mutate) => [index, mutate(data)],
  caffemodel: (mutate) => [mutate(samples.caffemodelFile(arrays))],
  mat: (mutate) => [mutate(samples.matlabFile(arrays))],
  'mat within zlib': (mutate) => [samples.matlabFile(arrays, (bytes) => zlibSync(mutate(bytes)))],
  'mat zlib stream': (mutate) => [mutate(samples.matlabFile(arrays, (bytes) => zlibSync(bytes)))],
  safetensors: (mutate) => [mutate(encodeSafetensors(arrays, {}))],
};

let largest = 0;
globalThis.Float32Array = counted(Float32Array);
globalThis.Uint8Array = counted(Uint8Array);

for (const [name, write] of Object.entries(formats)) {
  if (only && only !== name) continue;
  const tally = { refused: 0, same: 0, other: 0 };
  let [slowest, share] = [0, 0];
  for (let i = 0; i < count; i++) {
    const files = write((bytes) => mutant(bytes, (limit) => random.below(limit)));
    const size = files.reduce((sum, bytes) => sum + bytes.length, 0);
    largest = 0;
    const started = process.cpuUsage();
    tally[verdictOn(files, `${name} ${i}`)]++;
    slowest = Math.max(slowest, timed(started, `${name} ${i}`));
    const limit = Math.max(4 * size, name.startsWith('mat') ? MATLAB_BYTES : 0);
    if (largest > limit) throw new Error(`${name} ${i}, ${size} bytes, allocated ${largest} at once.`);
    share = Math.max(share, largest / Math.max(1, size));
  }
  tell(name, tally, slowest, share);
}
if (!only || only === 'onnx') await tryOnnx();

/** Mutants of ONNX models are opened by the runtime and run: its memory is told too. */
async function tryOnnx(): Promise<void> {
  let [slowest, share] = [0, 0];
  const tally = await runOnnxMutants(count, randomFromSeed(20240608), {
    readHeader(read, bytes) {
      largest = 0;
      try {
        return read();
      } finally {
        share = Math.max(share, largest / Math.max(1, bytes));
      }
    },
    async mutant(which, run) {
      const started = process.cpuUsage();
      const value = await run();
      slowest = Math.max(slowest, timed(started, which));
      if (share > 4) throw new Error(`${which} allocated ${share.toFixed(1)} × its size at once.`);
      return value;
    },
  });
  tell('onnx', tally, slowest, share, `, the runtime ${(tally.runtimeBytes / 2 ** 20).toFixed(0)} MiB`);
}

/** Milliseconds of processor time since then. Throws where they are too many. */
function timed(started: NodeJS.CpuUsage, which: string): number {
  const { user, system } = process.cpuUsage(started);
  const ms = (user + system) / 1e3;
  if (ms > MAX_MS) throw new Error(`${which} took ${Math.round(ms)} ms.`);
  return ms;
}

interface Tally {
  readonly refused: number;
  readonly same: number;
  readonly other: number;
}

function tell(name: string, { refused, same, other }: Tally, slowest: number, share: number, more = ''): void {
  const column = (value: number): string => String(value).padStart(7);
  console.log(
    `${name.padEnd(18)}${column(count)} mutants${column(refused)} refused${column(same)} equal${column(other)} other numbers, slowest ${slowest.toFixed(0)} ms, largest array ${share.toFixed(2)} × the file${more}`,
  );
}

function verdictOn(files: readonly Uint8Array[], which: string): 'refused' | 'same' | 'other' {
  try {
    const read = readForeign(files).arrays;
    const isSame =
      read.size === arrays.size &&
      [...arrays].every(([name, { data: numbers }]) => {
        const other = read.get(name)?.data;
        return other?.length === numbers.length && numbers.every((value, i) => value === other[i]);
      });
    return isSame ? 'same' : 'other';
  } catch (error) {
    if (error instanceof ForeignFileError) return 'refused';
    throw new Error(`${which} ended in ${String(error)}`, { cause: error });
  }
}

/** The constructor, which notes what is allocated by a length. */
function counted<Constructor extends Float32ArrayConstructor | Uint8ArrayConstructor>(
  constructor: Constructor,
): Constructor {
  return new Proxy(constructor, {
    construct(target, args: [unknown]) {
      if (typeof args[0] === 'number') largest = Math.max(largest, args[0] * target.BYTES_PER_ELEMENT);
      return Reflect.construct(target, args) as object;
    },
  });
}
