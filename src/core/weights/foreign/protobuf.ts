import { decodeUtf8 } from '../utf8.ts';
import { ByteCursor } from './byteCursor.ts';
import { ForeignFileError } from './foreignFile.ts';

/** One field of a protobuf message: a varint as a number, everything else as its bytes. */
export interface ProtobufField {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/** The fields of a message in their order. Throws ForeignFileError where the bytes are none. */
export function* protobufFields(message: Uint8Array): Generator<ProtobufField> {
  const cursor = new ByteCursor(message, 0, 'protobuf message');
  while (cursor.left > 0) {
    const tag = cursor.varint();
    const [number, wire] = [Math.floor(tag / 8), tag % 8];
    if (number < 1 || number >= 2 ** 29)
      throw new ForeignFileError('The protobuf message has a field without a number.');
    if (wire === 0) yield { number, value: cursor.varint() };
    else if (wire === 1) yield { number, value: cursor.take(8) };
    else if (wire === 2) yield { number, value: cursor.take(cursor.varint()) };
    else if (wire === 5) yield { number, value: cursor.take(4) };
    else throw new ForeignFileError(`The protobuf message has a field of the unknown kind ${wire}.`);
  }
}

/** The bytes of a field. Throws ForeignFileError for a varint. */
export function bytesField({ number, value }: ProtobufField): Uint8Array {
  if (typeof value === 'number') throw new ForeignFileError(`The protobuf field ${number} is a number, not bytes.`);
  return value;
}

/** A count in a field. Throws ForeignFileError for anything else. */
export function countField({ number, value }: ProtobufField): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new ForeignFileError(`The protobuf field ${number} is no count.`);
  return value;
}

/** The text of a field. Throws ForeignFileError for anything else. */
export function textField(field: ProtobufField): string {
  try {
    return decodeUtf8(bytesField(field));
  } catch (error) {
    if (error instanceof ForeignFileError) throw error;
    throw new ForeignFileError('A name in the file is not readable text.', undefined, { cause: error });
  }
}

/** A repeated count, packed or not: the field's own. */
export function countsField(field: ProtobufField): number[] {
  if (typeof field.value === 'number') return [countField(field)];
  const cursor = new ByteCursor(field.value, 0, 'protobuf message');
  const counts: number[] = [];
  while (cursor.left > 0) counts.push(countField({ number: field.number, value: cursor.varint() }));
  return counts;
}
