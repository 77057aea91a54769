import { ImageTooLargeError } from '../tileSize.ts';
import type { Size } from '../tiles.ts';
import { usualAnswers } from './onnxImageModel.ts';
import type { OnnxImageModel } from './onnxImageModel.ts';

/** Choice: the largest image that a network of unknown size is given whole, pixels: about what 4 GB of WebAssembly hold. */
const MOST_WHOLE = 2e6;

/** What a model is given at once: 'whole' for all of an image. */
export type OnnxTile = Size | 'whole';

/** As the file prescribes or says, else as the person says (`side`), else as usual. */
export function onnxTile({ width, height, tile }: OnnxImageModel, side: number = usualAnswers.tile): OnnxTile {
  if (tile === 'whole' && width === null && height === null) return tile;
  const free = typeof tile === 'number' ? tile : side;
  return { width: width ?? free, height: height ?? free };
}

/** Pixels by which such tiles overlap; at most a quarter of a tile. */
export function onnxOverlap({ overlap }: OnnxImageModel, tile: OnnxTile): number {
  if (tile === 'whole') return Infinity;
  return Math.min(overlap ?? usualAnswers.overlap, tile.width >> 2, tile.height >> 2);
}

/** The size of the tiles of an image. Throws ImageTooLargeError where it is needed whole and does not fit. */
export function tileOfImage(tile: OnnxTile, image: Size): Size {
  if (tile !== 'whole') return tile;
  if (image.width * image.height <= MOST_WHOLE) return image;
  const megapixels = (image.width * image.height) / 1e6;
  throw new ImageTooLargeError(
    `This model is given the whole image at once, and ${megapixels.toFixed(1)} megapixels are more than the ${MOST_WHOLE / 1e6} that fit into memory. Open its file again and choose tiles.`,
  );
}
