import type { LayerTile } from '../../protocol/derainer.ts';
import { useDesk } from './deskStore.ts';
import { stageLayers } from './stage/stageLayers.ts';

/** Hands a photo's tiles to the stage as long as the photo is on it. */
export function tilesFor(
  photo: string,
  layer: 'derained' | 'compare' | 'shown',
): (tiles: readonly LayerTile[]) => void {
  return (tiles) => {
    for (const tile of tiles) {
      if (useDesk.getState().currentId === photo) stageLayers.add(layer, tile);
      else tile.bitmap.close();
    }
  };
}
