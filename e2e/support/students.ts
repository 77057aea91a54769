import { architectureNamed, initialWeights, networkWeights } from '../../src/core/architectures/registry.ts';
import { asPublished } from '../../src/core/architectures/testing/publishedFile.ts';
import type { EdsrShape } from '../../src/core/architectures/edsr.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { encodeOnnx } from '../../src/core/weights/export/onnx.ts';
import { protobufFields } from '../../src/core/weights/foreign/protobuf.ts';
import { legacyPytorchFile } from '../../src/core/weights/foreign/sampleFiles.ts';
import { encodeStudent, encodeTeacher } from '../../src/core/weights/modelFile.ts';
import { message } from '../../src/core/weights/protobufWriter.ts';
import type { TestFile } from './libraryFiles.ts';

/** A student that takes the same number of levels (of 0…255) from every pixel; 0 leaves all as it is. */
export function evenStudent(name: string, levels: number): TestFile {
  const shape: EdsrShape = { architecture: 'edsr', blocks: 1, filters: 4, imageSkip: true };
  return modelFile(name, encodeStudent({ shape, weights: evenWeights(shape, -levels / 255), provenance: null }));
}

/** A teacher whose rain map is the same number of levels everywhere. */
export function evenTeacher(name: string, levels: number): TestFile {
  const shapes = {
    f1: { architecture: 'edsr' as const, blocks: 0, filters: 2, imageSkip: false },
    f2: { architecture: 'edsr' as const, blocks: 0, filters: 2, imageSkip: true },
  };
  const weights = { f1: evenWeights(shapes.f1, levels / 255), f2: evenWeights(shapes.f2, 0) };
  return modelFile(name, encodeTeacher({ shapes, weights, provenance: null }));
}

/** An untrained student of some size. */
export function heavyStudent(name: string, filters = 64): TestFile {
  const shape: EdsrShape = { architecture: 'edsr', blocks: 8, filters, imageSkip: true };
  return modelFile(name, encodeStudent({ shape, weights: initialWeights(shape, randomFromSeed(1)), provenance: null }));
}

/** A tiny, untrained PReNet as its authors' program stores it. */
export function publishedPrenet(name: string): TestFile {
  const { ofSize, init, weights } = architectureNamed('prenet');
  const shape = ofSize({ blocks: 2, filters: 2, imageSkip: true });
  return modelFile(name, legacyPytorchFile(asPublished(weights(shape), init(shape, randomFromSeed(1)))));
}

/** `evenStudent` as an ONNX model of another program: its file says nothing of itself beside its graph. */
export function foreignOnnx(name: string, levels: number): TestFile {
  const shape: EdsrShape = { architecture: 'edsr', blocks: 0, filters: 2, imageSkip: true };
  const weights = evenWeights(shape, -levels / 255);
  const METADATA = 14;
  const fields = [...protobufFields(encodeOnnx({ role: 'student', shape, weights, provenance: null }))];
  return modelFile(
    name,
    message(fields.filter(({ number }) => number !== METADATA).map(({ number, value }) => [number, value])),
  );
}

function evenWeights(shape: EdsrShape, bias: number): Map<string, Float32Array> {
  return new Map(
    networkWeights(shape).map(({ name, shape: sides }) => {
      const array = new Float32Array(sides.reduce((a, b) => a * b, 1));
      return [name, name === 'tail.bias' ? array.fill(bias) : array];
    }),
  );
}

function modelFile(name: string, bytes: Uint8Array): TestFile {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) };
}
