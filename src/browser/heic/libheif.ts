/**
 * The part of libheif's C interface (libheif-js 1.23) that is used here: pointers and numbers. A function that returns a struct takes
 * the place for it as its first argument.
 */
export interface Libheif {
  /** All of its memory; another array after each growth. */
  memory(): Uint8Array;
  malloc(bytes: number): number;
  heif_context_alloc(): number;
  /** Images of more than `side`² pixels are refused. */
  heif_context_set_maximum_image_size_limit(context: number, side: number): void;
  heif_context_read_from_memory_without_copy(
    error: number,
    context: number,
    file: number,
    length: number,
    options: 0,
  ): void;
  heif_context_get_primary_image_handle(error: number, context: number, handle: number): void;
  heif_image_handle_has_alpha_channel(handle: number): number;
  heif_image_handle_is_premultiplied_alpha(handle: number): number;
  heif_decode_image(error: number, handle: number, image: number, colorspace: number, chroma: number, options: 0): void;
  heif_image_get_width(image: number, channel: number): number;
  heif_image_get_height(image: number, channel: number): number;
  /** Bits of a channel's numbers, whatever place they take. */
  heif_image_get_bits_per_pixel_range(image: number, channel: number): number;
  heif_image_get_plane_readonly(image: number, channel: number, stride: number): number;
}

/** What is used, but for the memory. */
const FUNCTIONS = [
  'malloc',
  'heif_context_alloc',
  'heif_context_set_maximum_image_size_limit',
  'heif_context_read_from_memory_without_copy',
  'heif_context_get_primary_image_handle',
  'heif_image_handle_has_alpha_channel',
  'heif_image_handle_is_premultiplied_alpha',
  'heif_decode_image',
  'heif_image_get_width',
  'heif_image_get_height',
  'heif_image_get_bits_per_pixel_range',
  'heif_image_get_plane_readonly',
] as const satisfies readonly (keyof Libheif)[];

/** What the package exports; Emscripten puts an underscore before the names of C. */
type Factory = (options: object) => { readonly HEAPU8: Uint8Array } & Readonly<Record<string, unknown>>;

/**
 * The library with a memory of its own, which goes when it is let go: what a damaged file does to one hurts no other. `factory` is
 * what the package `libheif-js` exports, `module` its WebAssembly.
 */
export function instantiate(factory: unknown, module: WebAssembly.Module): Libheif {
  const silent = (): void => undefined;
  const compiled = (factory as Factory)({
    print: silent,
    printErr: silent,
    instantiateWasm(imports: WebAssembly.Imports, onInstance: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(module, imports);
      onInstance(instance);
      return instance.exports;
    },
  });
  const functions = Object.fromEntries(FUNCTIONS.map((name) => [name, compiled[`_${name}`]]));
  return { ...functions, memory: () => compiled.HEAPU8 } as unknown as Libheif;
}
