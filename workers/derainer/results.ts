import { noMetadata } from '../../src/browser/metadata/photoMetadata.ts';
import type { PhotoMetadata } from '../../src/browser/metadata/photoMetadata.ts';
import type { DecodedPhoto, Imaging } from '../../src/browser/photoImaging.ts';
import { PhotoWriteError } from '../../src/browser/photoWriter.ts';
import type { DeepBands, ImageBands } from '../../src/browser/pngWriter.ts';
import { isOpaque } from '../../src/core/images/pixels.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import { metrics, scoresOf } from '../../src/core/metrics/metrics.ts';
import type {
  DerainedLayer,
  DerainScores,
  FileKind,
  SaveRequest,
  TranscodeRequest,
  UserError,
} from '../../src/protocol/derainer.ts';
import { deepLayerBands, joinBands, layerBands, photoBands } from './layers.ts';
import type { Photo } from './photoStore.ts';
import { toUserError, toFileError, userError } from './userError.ts';

const [JPEG, PNG] = ['image/jpeg', 'image/png'] as const;
const NO_RESULT = 'There is no result of this photo yet.';

/** What a model found on a photo, as a file with the photo's metadata. */
export async function saveLayer(
  imaging: Imaging,
  photo: Photo | undefined,
  { model, layer, ...kind }: SaveRequest,
): Promise<Blob | UserError> {
  const findings = photo?.findingsOf(model);
  if (!photo || !findings) return userError(NO_RESULT, 'Remove the rain first.');
  const { image, type, metadata } = photo.decoded;
  try {
    const deep = kind.format === PNG && layer.kind === 'derained' ? await photo.decoded.deepRows?.() : null;
    const bands =
      deep && layer.kind === 'derained'
        ? deepLayerBands(deep, findings, layer)
        : layerBands(image, findings, layer, type === JPEG);
    return await photo.using(() => encode(imaging, bands, metadata, kind));
  } catch (error) {
    return toFileError(error);
  }
}

/** A saved result in another file format, with the metadata of the photo that it was made of. */
export async function transcode(
  imaging: Imaging,
  { result, original, ...kind }: TranscodeRequest,
): Promise<Blob | UserError> {
  try {
    const source = await imaging.readHead(original);
    const { bitmap, image, deepRows } = await imaging.decode(result);
    try {
      const deep = kind.format === PNG ? await deepRows?.() : null;
      const bands = deep ? deepLayerBands(deep, [], { strength: 0 }) : photoBands(image, source.type === JPEG);
      return await encode(imaging, bands, source.metadata, kind);
    } finally {
      bitmap.close();
    }
  } catch (error) {
    return toFileError(error);
  }
}

/** Metrics of a photo and of its result against a rain-free image of the same size. */
export async function scoreResult(
  imaging: Imaging,
  photo: Photo | undefined,
  { model, layer, truth: file }: { readonly model: string; readonly layer: DerainedLayer; readonly truth: Blob },
): Promise<DerainScores | UserError> {
  const findings = photo?.findingsOf(model);
  if (!photo || !findings) return userError(NO_RESULT, 'Remove the rain first.');
  try {
    const truth = await imaging.readPixels(file);
    const { image } = photo.decoded;
    const { width, height } = image;
    if (truth.width !== width || truth.height !== height) {
      return userError(
        `The rain-free image is ${truth.width} × ${truth.height}, the photo ${width} × ${height}.`,
        'Choose the image that belongs to this photo, in the same size.',
      );
    }
    const inSrgb = (pixels: Pixels): Promise<Pixels> => toSrgb(imaging, pixels, photo.decoded);
    const [rainy, derained] = await photo.using(async () => [
      await inSrgb(await image.read({ left: 0, top: 0, width, height })),
      await inSrgb(await joinBands(layerBands(image, findings, layer, true))),
    ]);
    return { refused: false, rows: scoreRows(rainy!, truth, derained!) };
  } catch (error) {
    return toUserError(error);
  }
}

/** Pixels of a photo in sRGB, by the same conversion that any file with its profile goes through. */
async function toSrgb(imaging: Imaging, pixels: Pixels, { metadata: { icc } }: DecodedPhoto): Promise<Pixels> {
  if (icc === null) return pixels;
  const { width, height } = pixels;
  const image = { width, height, opaque: isOpaque(pixels), bands: () => [pixels] };
  const options = { type: PNG, quality: 1, metadata: { ...noMetadata, icc } } as const;
  return imaging.readPixels(await imaging.encode(image, options));
}

/** The few metrics that the page has room for, of the rainy photo and of the derained one. */
function scoreRows(rainy: Pixels, clean: Pixels, derained: Pixels): DerainScores['rows'] {
  const table = metrics.filter(({ headline }) => headline);
  const before = scoresOf({ output: rainy, rainy, clean }, table);
  const after = scoresOf({ output: derained, rainy, clean }, table);
  return table.map(({ name, label, unit, digits, higherIsBetter }) => {
    return { name, label, unit, digits, higherIsBetter, rainy: before[name] ?? null, derained: after[name] ?? null };
  });
}

async function encode(
  imaging: Imaging,
  bands: ImageBands | DeepBands,
  original: PhotoMetadata,
  { format, quality, metadata }: FileKind,
): Promise<Blob | UserError> {
  const kept = metadata === 'keep' ? original : { ...noMetadata, icc: original.icc };
  try {
    return await imaging.encode(bands, { type: format, quality, metadata: kept });
  } catch (error) {
    if (!(error instanceof PhotoWriteError)) throw error;
    return userError(error.message, 'Choose another format, or close other tabs and try again.');
  }
}
