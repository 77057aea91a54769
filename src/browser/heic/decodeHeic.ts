import type { Pixels } from '../../core/images/pixels.ts';
import { ImageFileError, damaged, noMemory, unsupported } from '../imageFileError.ts';
import type { ImageHeader } from '../imageHeader.ts';
import { dataView } from '../metadata/byteWriting.ts';
import { readCodedColors } from '../metadata/isoMediaItems.ts';
import { codedColor, toSrgb } from '../pngColor.ts';
import type { Libheif } from './libheif.ts';

/** Of libheif's enumerations. */
const [COLORSPACE_RGB, CHROMA_RGBA, CHANNEL_INTERLEAVED] = [1, 11, 10];
const ERROR = { unsupportedType: 3, unsupportedFeature: 4, memory: 6 };
const SECURITY_LIMIT = 1000;
/** A grid's tiles reach beyond the image, a small image is coded in a larger block. */
const MOST_SHARE = 4;
const SMALL_PIXELS = 1e6;

/**
 * The primary image of a HEIC file, upright as its transformations say (its EXIF orientation says the same and is not applied);
 * alpha as stored, not premultiplied. Colours are those of the file's ICC profile, or else sRGB. `load` gives the library with an
 * empty memory of its own, which is used for this file alone. Throws ImageFileError.
 */
export function decodeHeic(load: () => Libheif, bytes: Uint8Array, header: ImageHeader, hasProfile: boolean): Pixels {
  const codes = hasProfile ? null : readCodedColors(bytes);
  const color =
    codes && codedColor(codes.primaries === 2 ? 1 : codes.primaries, codes.transfer === 2 ? 13 : codes.transfer);
  if (color === 'high dynamic range') {
    throw unsupported('a HEIC of high dynamic range', 'Share it as JPEG, or save it as a usual JPEG or PNG.');
  }
  const pixels = expected(() => decode(new Heif(load()), bytes, header), header);
  if (color) toSrgb(pixels.data, 4, 256, color);
  return pixels;
}

/** Its WebAssembly traps on some damage, and where no memory is left. */
function expected(work: () => Pixels, header: ImageHeader): Pixels {
  try {
    return work();
  } catch (error) {
    if (error instanceof ImageFileError) throw error;
    if (error instanceof RangeError) throw noMemory(header.width, header.height);
    throw damaged('HEIC');
  }
}

function decode(heif: Heif, bytes: Uint8Array, header: ImageHeader): Pixels {
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
    call((error) => api.heif_decode_image(error, handle, out, COLORSPACE_RGB, CHROMA_RGBA, 0)),
  );
  const [width, height] = [
    api.heif_image_get_width(image, CHANNEL_INTERLEAVED),
    api.heif_image_get_height(image, CHANNEL_INTERLEAVED),
  ];
  // What room there is was judged by the header. An image may be cropped, never larger.
  if (width <= 0 || height <= 0 || width * height > header.width * header.height) throw damaged('HEIC');
  const data = heif.rows(image, width, height);
  if (api.heif_image_handle_has_alpha_channel(handle) && api.heif_image_handle_is_premultiplied_alpha(handle))
    unmultiply(data);
  return { width, height, data };
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
    const plane = this.api.heif_image_get_plane_readonly(image, CHANNEL_INTERLEAVED, this.out);
    const stride = this.u32(this.out);
    const data = new Uint8ClampedArray(width * height * 4);
    for (let y = 0; y < height; y++) {
      const at = plane + y * stride;
      data.set(this.api.memory().subarray(at, at + width * 4), y * width * 4);
    }
    return data;
  }

  private u32(at: number): number {
    return dataView(this.api.memory()).getUint32(at, true);
  }
}

/** Colours as they were before they were multiplied by alpha. */
function unmultiply(data: Uint8ClampedArray): void {
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    if (alpha === 0 || alpha === 255) continue;
    for (let c = 0; c < 3; c++) data[i + c] = (data[i + c]! * 255) / alpha;
  }
}
