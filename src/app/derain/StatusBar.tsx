import { useEffect, useRef } from 'react';
import { chooseFiles } from '../ui/chooseFiles.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { VisuallyHidden } from '../ui/VisuallyHidden.tsx';
import { dispatch } from './session/derainQueue.ts';
import { takeFiles } from './session/openQueue.ts';
import { isUnfinished } from './queue/photo.ts';
import type { Photo } from './queue/photo.ts';
import { toggleBrush, useBrush } from '../protect/brush.ts';
import { StageZoomBar } from '../stage/StageControls.tsx';
import { megapixels, formatState } from './panels/format.ts';
import style from './DerainView.module.css';

/** The photo's name and how far it is, with the one thing to do about it. */
export function StatusBar({ photo, onPresent }: { readonly photo: Photo; readonly onPresent: () => void }) {
  const { name, size, state, share } = photo;
  const { ref: protectButton, isPressed: isProtecting } = useProtectButton();
  const busy = isUnfinished(photo);
  return (
    <div className={style.bar} role="group" aria-label="This photo">
      <VisuallyHidden>
        <span role="status">{spoken(photo)}</span>
      </VisuallyHidden>
      <div className={style.words}>
        <span className={style.name}>{name}</span>
        <span className={style.quiet}>
          {size && `${size.width} × ${size.height}`}
          {size && <span className={style.megapixels}> · {megapixels(size.width, size.height)}</span>}
        </span>
      </div>
      <div className={style.progress}>
        {busy && <ProgressBar bare label="Removing rain" value={state === 'working' && share > 0 ? share : null} />}
        <span className={style.state}>{formatState(photo)}</span>
      </div>
      {busy && (
        <Button
          icon={<Icon name="stop" size={16} />}
          onClick={() => dispatch({ type: 'photoCancelled', id: photo.id })}
        >
          Cancel
        </Button>
      )}
      {(state === 'cancelled' || state === 'failed') && (
        <Button icon={<Icon name="redo" size={16} />} onClick={() => dispatch({ type: 'photoRetried', id: photo.id })}>
          Try again
        </Button>
      )}
      {state !== 'refused' && (
        <div className={style.zoom}>
          <StageZoomBar />
        </div>
      )}
      {state !== 'refused' && (
        <Button
          ref={protectButton}
          variant="quiet"
          aria-label="Protect parts"
          aria-pressed={isProtecting}
          disabled={!size}
          icon={<Icon name="brush" />}
          onClick={() => toggleBrush()}
        >
          <span className={style.roomy}>Protect</span>
        </Button>
      )}
      {state !== 'refused' && <IconButton label="Present" icon={<Icon name="present" />} onClick={onPresent} />}
      <Button
        variant="quiet"
        aria-label="Add photos"
        icon={<Icon name="image" />}
        onClick={() => chooseFiles('files', takeFiles)}
      >
        <span className={style.roomy}>Add photos</span>
      </Button>
      <IconButton
        label={`Remove ${name}`}
        icon={<Icon name="close" />}
        onClick={() => dispatch({ type: 'photoRemoved', id: photo.id })}
      />
    </div>
  );
}

/** The button that takes the brush out. When *Done*, in the brush's own bar, goes with that bar, the focus comes back here. */
function useProtectButton() {
  const isPressed = useBrush(({ active }) => active);
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const button = ref.current;
    if (!isPressed) return;
    return () => {
      if (document.activeElement === document.body) button?.focus();
    };
  }, [isPressed]);
  return { ref, isPressed };
}

/** What is said aloud: the turns of the journey, not every percent. */
function spoken(photo: Photo): string {
  return photo.state === 'working' ? `Removing rain from ${photo.name}` : `${photo.name}: ${formatState(photo)}`;
}
