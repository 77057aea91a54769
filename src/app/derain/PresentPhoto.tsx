import { Present } from '../present/Present.tsx';
import type { Slide } from '../present/Present.tsx';
import { useModels } from '../models/registry.ts';
import { isPending, resultLabel, sideLabel } from './panels/format.ts';
import { isUnfinished, SIDES } from './queue/state.ts';
import type { Photo } from './queue/state.ts';
import { dispatch, useQueue } from './session/derainQueue.ts';
import { useDerainSettings } from './session/settings.ts';
import { stageLayers } from '../stage/layers.ts';

const watch = (reader: () => void): (() => void) => stageLayers.watch(reader);

/** What lies on the stage, on the whole screen; left and right go through the photos. */
export function PresentPhoto({ photo, onClose }: { readonly photo: Photo; readonly onClose: () => void }) {
  const { gain, strength } = useDerainSettings();
  const sides = useQueue((state) => state.sides);
  const models = useModels((state) => state.models);
  const move = (by: -1 | 1): void => {
    const { photos, currentId } = useQueue.getState();
    const at = photos.findIndex(({ id }) => id === currentId);
    const next = photos[(at + by + photos.length) % photos.length];
    if (next) dispatch({ type: 'photoFocused', id: next.id });
  };
  const plain = { detail: '', gain: 1 } as const;
  const others = SIDES.flatMap((name): Slide[] => {
    const side = sides[name];
    if (side.status === 'none' || side.status === 'failed') return [];
    const caption = sideLabel(
      side,
      gain,
      models?.find(({ id }) => id === side.what),
    );
    return [{ ...plain, key: name, caption, layer: () => stageLayers.get(name), pending: isPending(side) }];
  });
  const slides: readonly Slide[] = [
    { ...plain, key: 'original', caption: 'Original', layer: () => stageLayers.get('original'), pending: false },
    {
      ...plain,
      key: 'derained',
      caption: resultLabel(photo, strength),
      layer: () => stageLayers.get('derained') ?? stageLayers.get('original'),
      pending: isUnfinished(photo),
    },
    ...others,
  ];
  return <Present title={photo.name} size={photo.size} slides={slides} onMove={move} onClose={onClose} watch={watch} />;
}
