/**
 * Zip files, read from their directory, so that every name is known before anything is unpacked and each file is unpacked alone.
 * By hand around the browser's own inflater: @zip.js/zip.js is 23 kB compressed at its smallest, where this is 3.
 */
import { crc32 } from '../crc32.ts';
import { ByteReader } from '../header/byteReader.ts';
import { ImageFileError, damaged, unsupported } from '../imageFileError.ts';
import { LOCAL } from '../zipSignatures.ts';
import { MAX_FILE_BYTES, fileTooLarge } from './fileLimits.ts';
import type { SourceFile } from './sourceFile.ts';
import { LOCAL_BYTES, bytesOf, readDirectory, type ZipEntry } from './zipDirectory.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const [STORED, DEFLATED] = [0, 8];
/** The inflater is fed so much at a time: it unpacks to 17 MB at most (1,032 : 1) before its size is looked at again. */
const PIECE_BYTES = 16 << 10;
/** No photo of this size packs so well; what claims to is not unpacked. */
const BOMB = { bytes: 64_000_000, ratio: 100 };

/**
 * The files in an archive, folders left out; none unpacks beyond `maxBytes`, or on once `stop` is aborted. Throws ImageRefusal
 * when it is no readable zip, and from `open` when a file is not what the directory says.
 */
export async function openZip(
  archive: Blob,
  archivePath: string,
  maxBytes = MAX_FILE_BYTES,
  stop?: AbortSignal,
): Promise<SourceFile[]> {
  const entries = await readDirectory(archive);
  return entries
    .filter(({ path }) => !path.endsWith('/'))
    .map((entry) => ({
      path: `${archivePath}/${entry.path}`,
      size: entry.size,
      open: () => unpack(archive, entry, maxBytes, stop),
    }));
}

/** True for bytes that begin as a zip does, an empty one included. */
export async function isZip(file: Blob): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));
}

async function unpack(archive: Blob, entry: ZipEntry, maxBytes: number, stop?: AbortSignal): Promise<Blob> {
  if (entry.encrypted)
    throw unsupported('in a zip locked with a password', 'Unpack it with its password and add the images.');
  if (entry.method !== STORED && entry.method !== DEFLATED)
    throw unsupported('packed in an uncommon way', 'Unpack the zip and add the folder instead.');
  if (entry.size > maxBytes) throw fileTooLarge(entry.size, maxBytes);
  if (entry.size > BOMB.bytes && entry.size > BOMB.ratio * entry.packed)
    throw tooDense(`The file unpacks to more than ${BOMB.ratio} times its size; no photo does.`);
  const local = new ByteReader(await bytesOf(archive, entry.offset, entry.offset + LOCAL_BYTES), 'zip');
  if (local.u32(0, true) !== LOCAL) throw damaged('zip');
  const start = entry.offset + LOCAL_BYTES + local.u16(26, true) + local.u16(28, true);
  if (start + entry.packed > entry.limit) throw damaged('zip');
  const packed = archive.slice(start, start + entry.packed);
  const bytes = packed.stream().pipeThrough(inPieces());
  if (entry.method === STORED) {
    await read(bytes, entry, () => {}, stop);
    return packed;
  }
  const parts: Bytes[] = [];
  await read(bytes.pipeThrough(new DecompressionStream('deflate-raw')), entry, (part) => parts.push(part), stop);
  return new Blob(parts);
}

/** Takes all of a stream, no further than the size of `entry`. Throws ImageRefusal unless it has that size and checksum. */
async function read(
  stream: ReadableStream<Bytes>,
  { size, crc }: ZipEntry,
  take: (part: Bytes) => void,
  stop?: AbortSignal,
): Promise<void> {
  let [length, sum] = [0, 0];
  const reader = stream.getReader();
  try {
    for (;;) {
      stop?.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > size) throw tooDense('The file unpacks to more than the zip says.');
      sum = crc32(value, sum);
      take(value);
    }
  } catch (error) {
    if (error instanceof ImageFileError || stop?.aborted) throw error;
    throw damaged('zip');
  } finally {
    await reader.cancel().catch(() => {});
  }
  if (length !== size || sum !== crc) throw damaged('zip');
}

function tooDense(reason: string): ImageFileError {
  return new ImageFileError('tooLarge', reason, 'Unpack the zip in another program and add the folder instead.');
}

function inPieces(): TransformStream<Bytes, Bytes> {
  return new TransformStream({
    transform(chunk, controller) {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) controller.enqueue(chunk.subarray(at, at + PIECE_BYTES));
    },
  });
}
