import type { Pixels } from '../../core/images/pixels.ts';
import type { DeepRows } from '../deepPng.ts';
import { ImageFileError, damaged, noMemory, unsupported } from '../imageFileError.ts';
import type { ImageHeader } from '../imageHeader.ts';
import { dataView } from '../metadata/byteWriting.ts';
import { readCodedColors } from '../metadata/isoMediaItems.ts';
import type { PhotoMetadata } from '../metadata/photoMetadata.ts';
import { codedColor, toSrgb } from '../pngColor.ts';
import type { PngColor } from '../pngColor.ts';
import type { Libheif } from './libheif.ts';

/** Of libheif's enumerations. */
const [COLORSPACE_RGB, CHANNEL_INTERLEAVED] = [1, 10];
/** RGBA of bytes, and of 16-bit words, little-endian. */
const CHROMA = { 8: 11, 16: 15 } as const;
const ERROR = { unsupportedType: 3, unsupportedFeature: 4, memory: 6 };
const SECURITY_LIMIT = 1000;
/** A grid's tiles reach beyond the image, a small image is coded in a larger block. */
const MOST_SHARE = 4;
const SMALL_PIXELS = 1e6;

/** Pixels of 16 bits a channel: RGBA of 0…65,535. */
export interface DeepPixels {
  readonly width: number;
  readonly height: number;
  /** No pixel is transparent. */
  readonly opaque: boolean;
  readonly data: Uint16Array<ArrayBuffer>;
}

/**
 * The primary image of a HEIC file, upright as its transformations say (its EXIF orientation says the same and is not applied);
 * alpha as stored, not premultiplied. Colours are those of the file's ICC profile, or else sRGB. `load` gives the library with an
 * empty memory of its own, which is used for this file alone. Throws ImageFileError.
 */
export function decodeHeic(load: () => Libheif, bytes: Uint8Array, header: ImageHeader, hasProfile: boolean): Pixels {
  const color = readableColor(bytes, hasProfile);
  const pixels = expected(() => {
    const heif = new Heif(load());
    const { image, width, height, isMultiplied } = decode(heif, bytes, header, CHROMA[8]);
    const data = heif.rows(image, width, height);
    if (isMultiplied) unmultiply(data, 255);
    return { width, height, data };
  }, header);
  if (color) toSrgb(pixels.data, 4, 256, color);
  return pixels;
}

/** The same with all bits that its channels have, on the scale of 16. Throws ImageFileError. */
export function decodeDeepHeic(
  load: () => Libheif,
  bytes: Uint8Array,
  header: ImageHeader,
  hasProfile: boolean,
): DeepPixels {
  const color = readableColor(bytes, hasProfile);
  const pixels = expected(() => {
    const heif = new Heif(load());
    const { image, width, height, opaque, isMultiplied } = decode(heif, bytes, header, CHROMA[16]);
    const data = heif.deepRows(image, width, height);
    if (isMultiplied) unmultiply(data, 65_535);
    return { width, height, opaque, data };
  }, header);
  if (color) toSrgb(pixels.data, 4, 65_536, color);
  return pixels;
}

/** Pixels that are held as the rows that are read of them; each is given away once. */
export function heldRows({ width, height, opaque, data }: DeepPixels): DeepRows {
  let at = 0;
  return {
    width,
    height,
    opaque,
    async read(count) {
      const end = at + count * width * 4;
      if (end > data.length) throw new RangeError('The image ends before its last row.');
      const rows = data.subarray(at, end);
      at = end;
      return rows;
    },
  };
}

/** Whether a HEIC has more than 8 bits a channel that are read here. */
export function isDeepHeic(bytes: Uint8Array, { features, icc }: PhotoMetadata): boolean {
  return (features?.includes('over 8 bits') ?? false) && colorOf(bytes, icc !== null) !== 'high dynamic range';
}

function colorOf(bytes: Uint8Array, hasProfile: boolean): PngColor | 'high dynamic range' | null | undefined {
  const codes = hasProfile ? null : readCodedColors(bytes);
  return codes && codedColor(codes.primaries === 2 ? 1 : codes.primaries, codes.transfer === 2 ? 13 : codes.transfer);
}

function readableColor(bytes: Uint8Array, hasProfile: boolean): PngColor | null | undefined {
  const color = colorOf(bytes, hasProfile);
  if (color !== 'high dynamic range') return color;
  throw unsupported('a HEIC of high dynamic range', 'Share it as JPEG, or save it as a usual JPEG or PNG.');
}

/** Its WebAssembly traps on some damage, and where no memory is left. */
function expected<Result>(work: () => Result, header: ImageHeader): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof ImageFileError) throw error;
    if (error instanceof RangeError) throw noMemory(header.width, header.height);
    throw damaged('HEIC');
  }
}

/** A decoded image in the library's memory. */
interface Decoded {
  readonly image: number;
  readonly width: number;
  readonly height: number;
  readonly opaque: boolean;
  /** Its colours are multiplied by alpha. */
  readonly isMultiplied: boolean;
}

function decode(heif: Heif, bytes: Uint8Array, header: ImageHeader, chroma: number): Decoded {
  const { api } = heif;
  const context = api.heif_context_alloc();
  const most = MOST_SHARE * header.width * header.height + SMALL_PIXELS;
  api.heif_context_set_maximum_image_size_limit(context, Math.ceil(Math.sqrt(most)));
  const file = api.malloc(bytes.length);
  if (file === 0) throw noMemory(header.width, header.height);
  api.memory().set(bytes, file);
  const call = (work: (error: number) => void): void => heif.check(work, header);
  call((error) => api.heif_context_read_from_memory_without_copy(error, context, file, bytes.length, 0));
  const handle = heif.result((out) => call((error) => api.heif_context_get_primary_image_handle(error, context, out)));
  const image = heif.result((out) =>
    call((error) => api.heif_decode_image(error, handle, out, COLORSPACE_RGB, chroma, 0)),
  );
  const [width, height] = [
    api.heif_image_get_width(image, CHANNEL_INTERLEAVED),
    api.heif_image_get_height(image, CHANNEL_INTERLEAVED),
  ];
  // What room there is was judged by the header. An image may be cropped, never larger.
  if (width <= 0 || height <= 0 || width * height > header.width * header.height) throw damaged('HEIC');
  const opaque = !api.heif_image_handle_has_alpha_channel(handle);
  const isMultiplied = !opaque && api.heif_image_handle_is_premultiplied_alpha(handle) !== 0;
  return { image, width, height, opaque, isMultiplied };
}

/** Calls of libheif and what they return by pointers. */
class Heif {
  private readonly error: number;
  private readonly out: number;

  constructor(readonly api: Libheif) {
    this.error = api.malloc(12);
    this.out = api.malloc(4);
  }

  /** Throws ImageFileError for what the call reports: code, further code, text. */
  check(call: (error: number) => void, header: ImageHeader): void {
    call(this.error);
    const [code, detail] = [this.u32(this.error), this.u32(this.error + 4)];
    if (code === 0) return;
    if (code === ERROR.memory && detail !== SECURITY_LIMIT) throw noMemory(header.width, header.height);
    if (code === ERROR.unsupportedType || code === ERROR.unsupportedFeature)
      throw unsupported(
        'a HEIC of a rare kind',
        'Share it from the phone as JPEG, or save it anew in another program.',
      );
    throw damaged('HEIC');
  }

  /** The pointer that a call leaves. */
  result(call: (out: number) => void): number {
    call(this.out);
    return this.u32(this.out);
  }

  /** A copy of the rows without what lies between them. */
  rows(image: number, width: number, height: number): Uint8ClampedArray<ArrayBuffer> {
    const { start, stride } = this.plane(image);
    const data = new Uint8ClampedArray(width * height * 4);
    for (let y = 0; y < height; y++) {
      const at = start + y * stride;
      data.set(this.api.memory().subarray(at, at + width * 4), y * width * 4);
    }
    return data;
  }

  /** The same of 16-bit words, whose numbers are put on the scale of 0…65,535. */
  deepRows(image: number, width: number, height: number): Uint16Array<ArrayBuffer> {
    const { start, stride } = this.plane(image);
    const scale = 65_535 / (2 ** this.api.heif_image_get_bits_per_pixel_range(image, CHANNEL_INTERLEAVED) - 1);
    const data = new Uint16Array(width * height * 4);
    const memory = this.api.memory();
    for (let y = 0, i = 0; y < height; y++) {
      for (let at = start + y * stride, x = 0; x < width * 4; x++, at += 2, i++)
        data[i] = (memory[at]! + 256 * memory[at + 1]!) * scale + 0.5;
    }
    return data;
  }

  private plane(image: number): { readonly start: number; readonly stride: number } {
    const start = this.api.heif_image_get_plane_readonly(image, CHANNEL_INTERLEAVED, this.out);
    return { start, stride: this.u32(this.out) };
  }

  private u32(at: number): number {
    return dataView(this.api.memory()).getUint32(at, true);
  }
}

/** Colours as they were before they were multiplied by alpha, which is 0…`whole`. */
function unmultiply(data: Uint8ClampedArray | Uint16Array, whole: number): void {
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    if (alpha === 0 || alpha === whole) continue;
    for (let c = 0; c < 3; c++) data[i + c] = Math.min(whole, Math.round((data[i + c]! * whole) / alpha));
  }
}
