import { useCallback, type CSSProperties } from 'react';
import type { Stroke } from '../../core/inference/protection.ts';
import { outputFormat } from '../export/saveFormat.ts';
import { useModels } from '../models/registry.ts';
import { Present } from '../present/Present.tsx';
import type { Slide } from '../present/Present.tsx';
import { useBrushTool } from '../protect/brush.ts';
import { stageLayers } from '../stage/layers.ts';
import { Stage } from '../stage/Stage.tsx';
import { Icon } from '../ui/Icon.tsx';
import style from './DerainView.module.css';
import { formatState, isPending, resultLabel, savedLabel, sideLabel } from './panels/format.ts';
import { isUnfinished } from './queue/photo.ts';
import type { Photo } from './queue/photo.ts';
import { setupOf, SIDES } from './queue/state.ts';
import { dispatch, useQueue } from './session/derainQueue.ts';
import { useDerainSettings } from './session/settings.ts';

interface PhotoStageProps {
  readonly photo: Photo;
  /** Whether the keyboard's focus was lost with what stood here before. */
  readonly takesFocus: () => boolean;
}

/** The photo before and after, with what is drawn over it; or why it cannot be shown. */
export function PhotoStage({ photo, takesFocus }: PhotoStageProps) {
  const { mode, show, gain } = useDerainSettings();
  const { compare, shown } = useQueue((state) => state.sides);
  const { model, strength } = setupOf(
    useQueue(({ settings }) => settings),
    photo,
  );
  const models = useModels((state) => state.models);
  const titled = (id: string | null) => models?.find((one) => one.id === id);
  const isDone = photo.state === 'done';
  // A file that loses nothing shows the result itself.
  const isResult = show === 'result' || !isDone || (show === 'saved' && shown.status === 'none');
  const saved = useQueue(({ settings: { save } }) => savedLabel(outputFormat(save, photo), save.quality));
  const { id } = photo;
  const onStroke = useCallback((paint: Stroke) => dispatch({ type: 'protectionEdited', id, edit: { paint } }), [id]);
  const tool = useBrushTool(photo.protecting.strokes, onStroke);
  const size = photo.size ? `, ${photo.size.width} × ${photo.size.height}` : '';
  return (
    <div
      className={style.stage}
      style={{ '--proportion': photo.size ? photo.size.width / photo.size.height : 1.5 } as CSSProperties}
    >
      {photo.state === 'refused' ? null : (
        <Stage
          description={`${photo.name}${size}. ${formatState(photo)}`}
          mode={model === null ? 'single' : mode}
          beforeLabel={sideLabel(compare, gain, titled(compare.what))}
          afterLabel={
            isResult
              ? resultLabel(photo, strength, titled(model)?.role)
              : sideLabel(shown, gain, titled(shown.what), saved)
          }
          pending={{
            before: isPending(compare),
            after: isResult ? isUnfinished(photo) : isPending(shown) && show !== 'saved',
          }}
          onlyOriginal={show === 'original' && isDone}
          tool={tool}
          takesFocus={takesFocus}
        />
      )}
      <PhotoError photo={photo} />
    </div>
  );
}

/** Why a photo could not be opened or derained, and what to do. */
function PhotoError({ photo: { name, state, error } }: { readonly photo: Photo }) {
  if (!error || (state !== 'refused' && state !== 'failed')) return null;
  return (
    <div role="alert" className={style.error} data-alone={state === 'refused' || undefined}>
      <Icon name="warning" size={24} />
      <p>
        <strong>{name}</strong>
        <br />
        {error.reason} {error.hint}
      </p>
    </div>
  );
}

const watch = (reader: () => void): (() => void) => stageLayers.watch(reader);

/** What lies on the stage, on the whole screen; left and right go through the photos. */
export function PresentPhoto({ photo, onClose }: { readonly photo: Photo; readonly onClose: () => void }) {
  const { gain } = useDerainSettings();
  const { model, strength } = setupOf(
    useQueue(({ settings }) => settings),
    photo,
  );
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
      caption: resultLabel(photo, strength, models?.find(({ id }) => id === model)?.role),
      layer: () => stageLayers.get('derained') ?? stageLayers.get('original'),
      pending: isUnfinished(photo),
    },
    ...others,
  ];
  return <Present title={photo.name} size={photo.size} slides={slides} onMove={move} onClose={onClose} watch={watch} />;
}
