import { useEffect, useMemo, useState } from 'react';
import { listRecords, readPhotoFile } from '../../../browser/library/catalogue.ts';
import type { PairRecord } from '../../../protocol/libraryRecord.ts';
import { readPhoto } from '../../../browser/photoReader.ts';
import { greyOf } from '../../../core/images/grey.ts';
import type { GreyImage } from '../../../core/images/grey.ts';
import type { Pixels } from '../../../core/images/pixels.ts';
import { drawnPatch } from '../../../core/patch/drawnPatch.ts';
import { sourceSide } from '../../../core/patch/estimate.ts';
import { liveliestCrops, rainMapOfPair } from '../../../core/patch/crops.ts';
import { directionIndex, estimateDirection } from '../../../core/rain/direction.ts';
import type { PreviewSample } from '../../../core/training/events.ts';
import { listSamples, readSample } from '../../samples/samples.ts';
import { useShownPreview } from '../../train/run/shownPreview.ts';
import type { PatchSettings } from './patchSettings.ts';

/** A patch with what surrounds it, and what is known of its direction. */
export interface PatchSource {
  /** `sourceSide` pixels a side. */
  readonly image: GreyImage;
  /** What F1 found of it, where a training crop is looked at. */
  readonly found: GreyImage | null;
  /** Label of the rain, 0…17: as drawn or labelled, else the structure tensor's. */
  readonly label: number;
  readonly isLabelled: boolean;
}

/** Images are looked at up to this many pixels. */
const MOST_PIXELS = 1_500_000;
/** This many crops of an image can be chosen from. */
export const CROPS = 12;

/** A rain map, or an image taken as one, that patches are cut from. */
interface CutFrom {
  readonly key: string;
  readonly image: GreyImage;
  readonly label: number | null;
}

export interface PatchSourceState {
  /** Null while there is none. */
  readonly source: PatchSource | null;
  /** What to do, or what went wrong; null when there is a source. */
  readonly message: string | null;
}

/** The patch that the settings name. `dropped` is the image that a person brought, which no link can hold. */
export function usePatchSource(settings: PatchSettings, dropped: Blob | null): PatchSourceState {
  const { source, rain, angle, rainSeed, pair, crop } = settings;
  const [cutFrom, setCutFrom] = useState<CutFrom | null>(null);
  const [problem, setProblem] = useState<{ readonly key: string; readonly text: string } | null>(null);
  const key = source === 'pair' ? `pair ${pair}` : source;

  useEffect(() => {
    if (source === 'drawn' || source === 'training' || (source === 'image' && !dropped)) return;
    let current = true;
    const load = source === 'pair' ? readPairMap(pair) : readPhoto(dropped!, { maxPixels: MOST_PIXELS }).then(imageMap);
    load.then(
      (found) => current && setCutFrom({ key, ...found }),
      (error: unknown) =>
        current && setProblem({ key, text: error instanceof Error ? error.message : 'It could not be read.' }),
    );
    return () => {
      current = false;
    };
  }, [source, pair, dropped, key]);

  const drawn = useMemo<PatchSource | null>(
    () =>
      source === 'drawn'
        ? {
            image: drawnPatch(rain, angle, rainSeed, sourceSide),
            found: null,
            label: directionIndex(angle),
            isLabelled: true,
          }
        : null,
    [source, rain, angle, rainSeed],
  );
  const cut = useMemo<PatchSource | null>(() => {
    if (!cutFrom) return null;
    const crops = liveliestCrops(cutFrom.image, sourceSide, CROPS);
    const image = crops[crop % crops.length]!;
    const label = cutFrom.label ?? estimateDirection(image.values, image.width, image.height, 1).index;
    return { image, found: null, label, isLabelled: cutFrom.label !== null };
  }, [cutFrom, crop]);

  const { sample } = useShownPreview();
  const training = useMemo(() => (source === 'training' ? trainingSource(sample) : null), [source, sample]);

  if (source === 'training') return { source: training, message: training ? null : noTraining };
  if (drawn) return { source: drawn, message: null };
  if (source === 'image' && !dropped) {
    return { source: null, message: 'Drop an image on the page, or choose one. A link cannot bring it along.' };
  }
  if (cut && cutFrom?.key === key) return { source: cut, message: null };
  return { source: null, message: problem?.key === key ? problem.text : 'Opening …' };
}

const noTraining = 'Start a run in Train: the crop whose direction is shown there, with its true rain, appears here.';

/** The true rain of a preview's crop, and what F1 found of it; null where the truth is not known. */
function trainingSource(sample: PreviewSample | undefined): PatchSource | null {
  if (!sample?.trueRainMap) return null;
  const image = greyOf(sample.trueRainMap, sourceSide);
  const label = sample.direction ?? estimateDirection(image.values, image.width, image.height, 1).index;
  return { image, found: greyOf(sample.rainMap, sourceSide), label, isLabelled: sample.direction !== undefined };
}

/** A pair that patches can be cut from: one of the Library's, or a sample scene. */
export interface PairChoice {
  readonly id: string;
  readonly name: string;
}

const SAMPLE = 'sample:';

/** The Library's pairs and the sample scenes. */
export async function listPairs(): Promise<readonly PairChoice[]> {
  const [records, samples] = await Promise.all([listRecords().catch(() => []), listSamples()]);
  return [
    ...records
      .filter((record): record is PairRecord => record.collection === 'pairs' && record.deletedAt === null)
      .map(({ id, name }) => ({ id, name })),
    ...samples.filter(({ clean }) => clean).map(({ title }) => ({ id: SAMPLE + title, name: `${title} (sample)` })),
  ];
}

async function readPairMap(id: string): Promise<Omit<CutFrom, 'key'>> {
  const chosen = id || (await listPairs())[0]?.id;
  if (!chosen) throw new Error('There is no pair in the Library, and the samples cannot be reached.');
  if (chosen.startsWith(SAMPLE)) {
    const sample = (await listSamples()).find(({ title }) => SAMPLE + title === chosen);
    if (!sample) throw new Error(`There is no sample “${chosen.slice(SAMPLE.length)}”.`);
    const { file, truth } = await readSample(sample);
    return { image: await mapOfFiles(file, truth!), label: null };
  }
  const record = (await listRecords()).find((entry) => entry.id === chosen);
  if (record?.collection !== 'pairs') throw new Error('The pair of this link is not in this Library.');
  const [rainy, clean] = await Promise.all([readPhotoFile(chosen, 'rainy'), readPhotoFile(chosen, 'clean')]);
  return { image: await mapOfFiles(rainy, clean), label: record.direction.index };
}

async function mapOfFiles(rainy: Blob, clean: Blob): Promise<GreyImage> {
  const options = { maxPixels: MOST_PIXELS };
  return rainMapOfPair(await readPhoto(rainy, options), await readPhoto(clean, options));
}

function imageMap(pixels: Pixels): Omit<CutFrom, 'key'> {
  return { image: greyOf(pixels, Infinity), label: null };
}
