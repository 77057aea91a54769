/** An image as bytes: RGBA, 8 bits a channel, row by row from the top left. An `ImageData` is one. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** width × height × 4 bytes. */
  readonly data: Uint8ClampedArray;
}

/** A new opaque black image. Throws RangeError unless both sides are positive integers. */
export function createPixels(width: number, height: number): Pixels {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new RangeError(`An image needs whole, positive sides, not ${width} × ${height}.`);
  }
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 3; i < data.length; i += 4) data[i] = 255;
  return { width, height, data };
}

/** A copy of the rectangle at (left, top). Throws RangeError when it reaches outside the image. */
export function cropPixels(image: Pixels, left: number, top: number, width: number, height: number): Pixels {
  if (left < 0 || top < 0 || left + width > image.width || top + height > image.height) {
    throw new RangeError(
      `The crop ${width} × ${height} at (${left}, ${top}) reaches outside the ${image.width} × ${image.height} image.`,
    );
  }
  const crop = createPixels(width, height);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * image.width + left) * 4;
    crop.data.set(image.data.subarray(start, start + width * 4), y * width * 4);
  }
  return crop;
}

/** Copies `part` into the image, its corner at (left, top). Throws RangeError when it reaches outside. */
export function pastePixels(image: Pixels, part: Pixels, left: number, top: number): void {
  if (left < 0 || top < 0 || left + part.width > image.width || top + part.height > image.height) {
    throw new RangeError(
      `The part ${part.width} × ${part.height} at (${left}, ${top}) reaches outside the ${image.width} × ${image.height} image.`,
    );
  }
  for (let y = 0; y < part.height; y++) {
    const row = part.data.subarray(y * part.width * 4, (y + 1) * part.width * 4);
    image.data.set(row, ((top + y) * image.width + left) * 4);
  }
}

/** Whether no pixel is transparent. */
export function isOpaque({ data }: Pixels): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}

/** The image on white, opaque, where formats have no alpha. The same image if it is opaque already. */
export function flattenedOnWhite(image: Pixels): Pixels {
  if (isOpaque(image)) return image;
  const data = new Uint8ClampedArray(image.data.length); // rounds by itself
  for (let i = 0; i < data.length; i += 4) {
    const alpha = image.data[i + 3]! / 255;
    for (let c = 0; c < 3; c++) data[i + c] = image.data[i + c]! * alpha + 255 * (1 - alpha);
    data[i + 3] = 255;
  }
  return { width: image.width, height: image.height, data };
}
