import { basename } from 'node:path';
import { parseIdFilter } from '../idFilter.ts';

/**
 * Clean photos that `evaluate --suite` draws rain over, as FOLDER/STEM below clean/ of the data root: streets, houses,
 * gardens, animals, a bridge, coasts and a plain. `train --hold-out-suite` leaves them out.
 */
export const heldOutPhotos = [
  'bsds/119082',
  'bsds/134035',
  'bsds/140055',
  'bsds/145053',
  'bsds/148089',
  'bsds/351093',
  'bsds/385028',
  'bsds/66053',
  'cc0/elementary_Sunset_by_the_Pier',
  'cc0/pexels_17_434614',
  'cc0/pexels_286758',
  'cc0/popos_kait-herzog-8242',
] as const;

/** The pairs of Rain100L's training set that the suite measures on. */
export const heldOutPairs = '181-200';

/** The folder of heavy pairs that are for measuring alone. */
export const heavyPairs = 'rainheavy-samples';

/** Photos of clean/bsds that show the scenes of the heavy pairs, in their order. */
const heavyScenes = (
  '100080 100098 101085 101087 102061 103041 103070 104022 105025 ' +
  '105053 106020 106024 106025 108005 108041 108070 108073 108082'
).split(' ');

const photosKept = new Set([...heldOutPhotos.map((id) => basename(id)), ...heavyScenes]);

/** Whether a clean photo, by its stem, is one that the suite draws rain over or a scene of its heavy pairs. */
export function isHeldOutPhoto(stem: string): boolean {
  return photosKept.has(stem);
}

/** Whether a pair of Rain100L's training set, by its stem, is one that the suite measures on. */
export const isHeldOutPair = parseIdFilter(heldOutPairs);
