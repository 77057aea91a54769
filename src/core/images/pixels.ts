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
