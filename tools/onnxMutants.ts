import * as ort from 'onnxruntime-web/wasm';
import { initialWeights, shapeOfSize } from '../src/core/architectures/registry.ts';
import { imageModelOf } from '../src/core/inference/onnx/onnxImageModel.ts';
import { openOnnx } from '../src/core/inference/onnx/onnxRuntime.ts';
import type { OnnxArray, OnnxRuntime } from '../src/core/inference/onnx/onnxRuntime.ts';
import type { Random } from '../src/core/random.ts';
import { encodeOnnx } from '../src/core/weights/export/onnx.ts';
import { ForeignFileError } from '../src/core/weights/foreign/foreignFile.ts';
import { mutant } from '../src/core/weights/foreign/mutants.ts';
import { readOnnxHeader } from '../src/core/weights/foreign/onnxHeader.ts';
import type { OnnxHeader } from '../src/core/weights/foreign/onnxHeader.ts';

/** What the runtime may grow to over all mutants, bytes: it is one instance, and never shrinks. */
const MAX_RUNTIME_BYTES = 256 * 2 ** 20;
const SIDE = 16;

/** The runtime, which tells of what it refuses by its error alone. */
const quiet: OnnxRuntime = {
  Tensor: ort.Tensor,
  InferenceSession: {
    create: (model, options) => ort.InferenceSession.create(model, { ...options, logSeverityLevel: 4 }),
  },
};

export interface OnnxTally {
  readonly refused: number;
  readonly same: number;
  readonly other: number;
  /** What the runtime had grown to by the end, bytes. */
  readonly runtimeBytes: number;
}

/** Called around each mutant: with what is read before the runtime sees it, and with all of it. */
export interface OnnxChecks {
  readHeader(read: () => OnnxHeader, bytes: number): OnnxHeader;
  mutant<Value>(which: string, run: () => Promise<Value>): Promise<Value>;
}

/** Two small models of ours, as they are exported: a student and a teacher. */
function models(random: Random): Uint8Array[] {
  const shape = shapeOfSize('edsr', { blocks: 1, filters: 2, imageSkip: true });
  const f1 = shapeOfSize('edsr', { blocks: 0, filters: 2, imageSkip: false });
  const teacher = { f1: initialWeights(f1, random), f2: initialWeights(shape, random) };
  return [
    encodeOnnx({ role: 'student', shape, weights: initialWeights(shape, random), provenance: null }),
    encodeOnnx({ role: 'teacher', shapes: { f1, f2: shape }, weights: teacher, provenance: null }),
  ];
}

/**
 * Reads mutants of exported ONNX models, opens those that are read and runs them on a small image, as Compare does. Throws where one ends
 * in anything but an image or a ForeignFileError, or the runtime grows too large.
 */
export async function runOnnxMutants(count: number, random: Random, checks: OnnxChecks): Promise<OnnxTally> {
  const memories = notedMemories();
  ort.env.wasm.numThreads = 1;
  const files = models(random);
  const image = {
    data: Float32Array.from({ length: 3 * SIDE * SIDE }, () => random.uniform()),
    dims: [1, 3, SIDE, SIDE],
  };
  const whole = await Promise.all(files.map((file) => outputOf(file, image, (read) => read())));
  const tally = { refused: 0, same: 0, other: 0 };
  for (let i = 0; i < count; i++) {
    const which = `ONNX ${i}`;
    const bytes = mutant(files[i % files.length]!, (limit) => random.below(limit));
    const output = await checks.mutant(which, () =>
      outputOf(bytes, image, (read) => checks.readHeader(read, bytes.length)).catch((error: unknown) => {
        if (error instanceof ForeignFileError) return null;
        throw new Error(`${which} ended in ${String(error)}`, { cause: error });
      }),
    );
    const expected = whole[i % files.length]!;
    if (output === null) tally.refused++;
    else tally[output.every((value, at) => value === expected[at]) ? 'same' : 'other']++;
    if (bytesOf(memories) > MAX_RUNTIME_BYTES)
      throw new Error(`${which}: the runtime holds ${bytesOf(memories)} bytes.`);
  }
  return { ...tally, runtimeBytes: bytesOf(memories) };
}

/** The image that a model's file makes. Rejects with a ForeignFileError where it makes none. */
async function outputOf(
  bytes: Uint8Array,
  image: OnnxArray,
  readHeader: (read: () => OnnxHeader) => OnnxHeader,
): Promise<Float32Array> {
  const { input, output } = imageModelOf(readHeader(() => readOnnxHeader(bytes)));
  const session = await openOnnx(quiet, bytes);
  try {
    return (await session.run(input, image, output)).data;
  } finally {
    await session.release();
  }
}

/** The memories of WebAssembly that are made from now on. */
function notedMemories(): WebAssembly.Memory[] {
  const memories: WebAssembly.Memory[] = [];
  const { Memory } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      memories.push(this);
    }
  };
  return memories;
}

function bytesOf(memories: readonly WebAssembly.Memory[]): number {
  return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}
