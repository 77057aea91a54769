/** Caffe's weights (.caffemodel): a protobuf message NetParameter, of which only the layers' blobs are read. */
import { ArrayCollector, ForeignFileError, quoted } from './foreignFile.ts';
import type { ForeignArray, ForeignFile } from './foreignFile.ts';
import { permuteAxes } from './layout.ts';
import { bytesOf, decodeNumbers } from './numbers.ts';
import { bytesField, countField, countsField, protobufFields, textField } from './protobuf.ts';

/** Fields of LayerParameter, and of the older V1LayerParameter. */
const layerFields = {
  100: { name: 1, type: 2, blobs: 7 },
  2: { name: 4, type: 5, blobs: 6 },
} as const;

/** True where the bytes are a protobuf message that begins as NetParameter does and has layers. */
export function isCaffemodel(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x0a) return false; // field 1, the name
  try {
    for (const { number, value } of protobufFields(bytes))
      if ((number === 100 || number === 2) && typeof value !== 'number') return true;
  } catch (error) {
    if (!(error instanceof ForeignFileError)) throw error;
  }
  return false;
}

/**
 * Names are `layer.weight`, `layer.bias`, and `layer.2` … for further blobs. Filters are [out,in,kh,kw] for an upright image:
 * Caffe's deraining networks were trained and run by MATLAB, which hands columns over as rows, so the two axes are exchanged.
 * Throws ForeignFileError.
 */
export function readCaffemodel(bytes: Uint8Array): ForeignFile {
  const collector = new ArrayCollector(bytes.length);
  for (const field of protobufFields(bytes)) {
    if (field.number !== 100 && field.number !== 2) continue;
    const names = layerFields[field.number];
    let layer = '';
    const blobs: Uint8Array[] = [];
    for (const inner of protobufFields(bytesField(field))) {
      if (inner.number === names.name) layer = textField(inner);
      else if (inner.number === names.blobs) blobs.push(bytesField(inner));
    }
    blobs.forEach((blob, i) => {
      const name = `${layer}.${['weight', 'bias'][i] ?? i}`;
      const { shape, data } = readBlob(name, blob, collector);
      collector.add(name, shape, data);
    });
  }
  return collector.finish('caffemodel');
}

/** BlobProto {1–4 num, channels, height, width (old), 5 data, 7 shape {1 dim}, 8 double_data}. */
function readBlob(name: string, blob: Uint8Array, collector: ArrayCollector): ForeignArray {
  const old = [1, 1, 1, 1];
  let isOld = false;
  let shape: number[] = [];
  const parts: Uint8Array[] = [];
  let kind: 'f32' | 'f64' = 'f32';
  for (const field of protobufFields(blob)) {
    if (field.number >= 1 && field.number <= 4) {
      old[field.number - 1] = countField(field);
      isOld = true;
    } else if (field.number === 7) {
      for (const inner of protobufFields(bytesField(field))) if (inner.number === 1) shape.push(...countsField(inner));
    } else if (field.number === 5 || field.number === 8) {
      parts.push(bytesField(field));
      kind = field.number === 5 ? 'f32' : 'f64';
    }
  }
  if (isOld) shape = old[0] === 1 && old[1] === 1 && old[2] === 1 ? [old[3]!] : old;
  const count = collector.claim(name, shape);
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  if (size !== count * bytesOf[kind]) {
    throw new ForeignFileError(
      `${quoted(name)} takes ${size} bytes; its shape [${shape}] needs ${count * bytesOf[kind]}.`,
    );
  }
  const array = { shape, data: decodeNumbers(joined(parts, size), kind) };
  return shape.length === 4 ? permuteAxes(array, [0, 1, 3, 2]) : array;
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
