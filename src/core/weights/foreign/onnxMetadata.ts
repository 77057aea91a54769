import { ForeignFileError } from './foreignFile.ts';
import { bytesField, protobufFields, textField } from './protobuf.ts';

/** Fields of ModelProto. */
const [IR_VERSION, GRAPH, OPSET, METADATA] = [1, 7, 8, 14];

/** True where the bytes are a protobuf message with the version, graph and operator set of an ONNX model. */
export function isOnnx(bytes: Uint8Array): boolean {
  if (bytes[0] !== IR_VERSION * 8) return false;
  const found = new Set<number>();
  try {
    for (const { number, value } of protobufFields(bytes)) if (typeof value !== 'number') found.add(number);
  } catch (error) {
    if (!(error instanceof ForeignFileError)) throw error;
    return false;
  }
  return found.has(GRAPH) && found.has(OPSET);
}

/** What an ONNX model says of itself beside its graph, by key. Throws ForeignFileError. */
export function onnxMetadata(bytes: Uint8Array): Map<string, string> {
  const entries = new Map<string, string>();
  for (const field of protobufFields(bytes)) {
    if (field.number !== METADATA) continue;
    let [key, value] = ['', ''];
    for (const part of protobufFields(bytesField(field))) {
      if (part.number === 1) key = textField(part);
      else if (part.number === 2) value = textField(part);
    }
    entries.set(key, value);
  }
  return entries;
}
