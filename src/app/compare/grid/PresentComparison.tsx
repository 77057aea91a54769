import { useCallback } from 'react';
import { Present } from '../../present/Present.tsx';
import type { Slide } from '../../present/Present.tsx';
import { cellLayers, keyOf } from '../layers/cellLayers.ts';
import type { Shown } from '../layers/cellLayers.ts';
import { cellOf, isUnfinished } from '../run/state.ts';
import type { ComparedImage } from '../run/state.ts';
import { dispatch, useComparison } from '../session/comparison.ts';
import { useCompareSettings } from '../session/settings.ts';
import { useComparedModels } from '../session/useCompared.ts';
import { useFiles } from '../session/useFiles.ts';
import { cellWords } from './cellWords.ts';
import type { CellWords } from './cellWords.ts';
import { gridCells } from './cells.ts';

/** Few words, to be read from afar. */
function errorDetail({ model }: Shown, { error }: CellWords): string | null {
  if (error === null) return null;
  return model === null ? 'This photo cannot be read.' : 'Failed';
}

const watch = (reader: () => void): (() => void) => cellLayers.watch(reader);

/** The images of the grid on the whole screen; left and right go through the photos. */
export function PresentComparison({ image, onClose }: { readonly image: ComparedImage; readonly onClose: () => void }) {
  const { layout, channels, gain } = useCompareSettings();
  const models = useComparedModels();
  const state = useComparison();
  useFiles(image);
  const move = useCallback((by: -1 | 1) => {
    const { images, currentId } = useComparison.getState();
    const at = images.findIndex(({ id }) => id === currentId);
    const next = images[(at + by + images.length) % images.length];
    if (next) dispatch({ type: 'imageFocused', id: next.id });
  }, []);
  const slides = gridCells(layout, models, image.truth !== null).map((cell): Slide => {
    const words = cellWords(cell, image, models, state, channels);
    const isMap = cell.kind === 'rainMap' || cell.kind === 'trueRainMap';
    const isPending = cell.model !== null && isUnfinished(cellOf(state, image.id, cell.model));
    return {
      key: keyOf(cell),
      caption: isMap ? `${words.name} × ${gain}` : words.name,
      detail: errorDetail(cell, words) ?? words.pending ?? words.lines[0]?.split(' · ').slice(0, 2).join(' · ') ?? '',
      layer: () => cellLayers.get(cell) ?? (isPending ? cellLayers.get({ kind: 'original', model: null }) : null),
      gain: isMap && !isPending ? gain : 1,
      pending: isPending,
    };
  });
  return <Present title={image.name} size={image.size} slides={slides} onMove={move} onClose={onClose} watch={watch} />;
}
