import { useEffect } from 'react';
import { cellLayers } from '../layers/cellLayers.ts';
import { cellOf } from '../run/state.ts';
import type { ComparedImage } from '../run/state.ts';
import { useComparison } from './comparison.ts';

/** Tells the layers which files the images of a photo are. */
export function useFiles(image: ComparedImage): void {
  useEffect(() => {
    const { id, size, file, truth } = image;
    cellLayers.show(id, {
      size,
      original: file,
      truth,
      output: (model) => cellOf(useComparison.getState(), id, model).output,
      rainMap: (model) => cellOf(useComparison.getState(), id, model).rainMap,
    });
    // A file that has come is decoded when its image is drawn.
    return useComparison.subscribe(({ task }, before) => task !== before.task && cellLayers.redraw());
  }, [image]);
}
