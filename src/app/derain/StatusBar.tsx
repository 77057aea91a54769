import { chooseFiles } from '../ui/chooseFiles.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { VisuallyHidden } from '../ui/VisuallyHidden.tsx';
import { retry } from './desk.ts';
import type { DeskPhoto } from './deskStore.ts';
import { cancelPhoto, removePhoto } from './queueControl.ts';
import { ZoomBar } from './stage/ZoomBar.tsx';
import style from './StatusBar.module.css';
import { takeFiles } from './takeFiles.ts';
import { megapixels, stateWords } from './words.ts';

/** The photo's name and how far it is, with the one thing to do about it. */
export function StatusBar({ photo }: { readonly photo: DeskPhoto }) {
  const { name, size, state, share } = photo;
  const busy = state === 'opening' || state === 'working' || state === 'waiting';
  return (
    <div className={style.bar} role="group" aria-label="This photo">
      <VisuallyHidden>
        <span role="status">{spoken(photo)}</span>
      </VisuallyHidden>
      <div className={style.words}>
        <span className={style.name}>{name}</span>
        <span className={style.quiet}>
          {size ? `${size.width} × ${size.height} · ${megapixels(size.width, size.height)}` : ''}
        </span>
      </div>
      <div className={style.progress}>
        {busy && <ProgressBar bare label="Removing rain" value={state === 'working' && share > 0 ? share : null} />}
        <span className={style.state}>{stateWords(photo)}</span>
      </div>
      {busy && (
        <Button icon={<Icon name="stop" size={16} />} onClick={() => cancelPhoto(photo.id)}>
          Cancel
        </Button>
      )}
      {(state === 'cancelled' || state === 'failed') && (
        <Button icon={<Icon name="redo" size={16} />} onClick={() => retry(photo.id)}>
          Try again
        </Button>
      )}
      {state !== 'refused' && (
        <div className={style.zoom}>
          <ZoomBar />
        </div>
      )}
      <Button
        variant="quiet"
        aria-label="Add photos"
        icon={<Icon name="image" />}
        onClick={() => chooseFiles('files', takeFiles)}
      >
        <span className={style.roomy}>Add photos</span>
      </Button>
      <IconButton
        label={`Take ${name} off the desk`}
        icon={<Icon name="close" />}
        onClick={() => removePhoto(photo.id)}
      />
    </div>
  );
}

/** What is said aloud: the turns of the journey, not every percent. */
function spoken(photo: DeskPhoto): string {
  return photo.state === 'working' ? `Removing rain from ${photo.name}` : `${photo.name}: ${stateWords(photo)}`;
}
