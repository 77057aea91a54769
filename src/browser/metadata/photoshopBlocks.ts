import { dataView, hasText, joined } from './byteWriting.ts';

/** Resources that hold a small image, which still shows rain. */
const THUMBNAILS = [0x0409, 0x040c];
const SIGNATURE = '8BIM';

/**
 * Photoshop image resources (of a JPEG's APP13; IPTC is one of them) without thumbnails, every other one byte for byte. Null
 * when nothing is left, or the blocks contradict themselves.
 */
export function withoutThumbnails(blocks: Uint8Array): Uint8Array | null {
  try {
    const kept = [...resources(blocks)].filter(({ id }) => !THUMBNAILS.includes(id)).map(({ whole }) => whole);
    return kept.length > 0 ? joined(kept) : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Each is '8BIM', a number, a name with its length in front, and data; name and data are padded to even lengths. */
function* resources(blocks: Uint8Array): Generator<{ id: number; whole: Uint8Array }> {
  const view = dataView(blocks);
  const even = (length: number): number => length + (length & 1);
  for (let at = 0; at < blocks.length;) {
    if (!hasText(blocks, at, SIGNATURE)) throw new RangeError('This is no image resource.');
    const size = at + 6 + even(1 + view.getUint8(at + 6));
    const end = size + 4 + view.getUint32(size);
    if (end > blocks.length) throw new RangeError('A resource reaches beyond the end.');
    const next = Math.min(blocks.length, even(end - at) + at);
    yield { id: view.getUint16(at + 4), whole: blocks.subarray(at, next) };
    at = next;
  }
}
