import type { Size } from '../../core/inference/tiles.ts';
import { BitReader } from './bitReader.ts';

/** NAL unit type of a sequence parameter set (H.265, table 7-1). */
const SEQUENCE_PARAMETERS = 33;
/** Where the parameter sets begin in an `hvcC` box (ISO 14496-15, 8.3.3.1). */
const ARRAYS = 22;

/**
 * The largest frame that the parameter sets of an HEVC image announce, in its `hvcC` box or in its data: what a decoder makes room
 * for. Null when there are none.
 */
export function hevcFrameSize(config: Uint8Array, data: Uint8Array): Size | null {
  let largest: Size | null = null;
  for (const unit of [...configUnits(config), ...dataUnits(data, ((config[21] ?? 3) & 3) + 1)]) {
    if ((((unit[0] ?? 0) >> 1) & 63) !== SEQUENCE_PARAMETERS) continue;
    const frame = sizeOf(new BitReader(unescaped(unit.subarray(2))));
    if (frame && (!largest || frame.width * frame.height > largest.width * largest.height)) largest = frame;
  }
  return largest;
}

function* configUnits(config: Uint8Array): Generator<Uint8Array> {
  let at = ARRAYS + 1;
  for (let arrays = config[ARRAYS] ?? 0; arrays > 0; arrays--) {
    let count = number(config, at + 1, 2);
    for (at += 3; count > 0 && at < config.length; count--) {
      const length = number(config, at, 2);
      yield config.subarray(at + 2, at + 2 + length);
      at += 2 + length;
    }
  }
}

function* dataUnits(data: Uint8Array, lengthBytes: number): Generator<Uint8Array> {
  for (let at = 0; at + lengthBytes < data.length;) {
    const length = number(data, at, lengthBytes);
    yield data.subarray(at + lengthBytes, at + lengthBytes + length);
    at += lengthBytes + length;
  }
}

/** Big-endian; bytes beyond the end are 0. */
function number(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = 0; i < count; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

/** The payload without the 3 that is put behind two zeros, lest they look like a start code (H.265, 7.3.1.1). */
function unescaped(unit: Uint8Array): Uint8Array {
  return unit.filter((value, i) => !(value === 3 && i >= 2 && unit[i - 1] === 0 && unit[i - 2] === 0));
}

/** `seq_parameter_set_rbsp` (H.265, 7.3.2.2.1) as far as the sides. */
function sizeOf(bits: BitReader): Size | null {
  bits.skip(4);
  const subLayers = bits.read(3);
  bits.skip(1 + 88 + 8); // nesting, general profile and level
  const present = Array.from({ length: subLayers }, () => [bits.read(1), bits.read(1)] as const);
  if (subLayers > 0) bits.skip(2 * (8 - subLayers));
  for (const [profile, level] of present) bits.skip(88 * profile + 8 * level);
  bits.readUvlc();
  if (bits.readUvlc() === 3) bits.skip(1);
  const [width, height] = [bits.readUvlc(), bits.readUvlc()];
  return bits.isOver ? null : { width, height };
}
