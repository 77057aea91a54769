import { Button, IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { cancelAll, clearDesk, lookAt, pauseQueue, removePhoto, resumeQueue, retryAll } from './desk.ts';
import { useDesk } from './deskStore.ts';
import type { DeskPhoto } from './deskStore.ts';
import style from './Filmstrip.module.css';
import { queueProgress } from './queue.ts';
import { duration, stateWords } from './words.ts';

/** The photos on the desk, each with how far it is. */
export function Filmstrip() {
  const photos = useDesk((state) => state.photos);
  const currentId = useDesk((state) => state.currentId);
  return (
    <div className={style.queue}>
      <QueueBar photos={photos} />
      <ul className={style.strip} aria-label="Photos">
        {photos.map((photo) => (
          <Frame key={photo.id} photo={photo} isCurrent={photo.id === currentId} />
        ))}
      </ul>
    </div>
  );
}

/** How far the whole queue is, and what can be done about it. */
function QueueBar({ photos }: { readonly photos: readonly DeskPhoto[] }) {
  const paused = useDesk((state) => state.paused);
  const { total, done, bad, open, cancelled, msLeft } = queueProgress(photos);
  const words = [
    `${done} of ${total} done`,
    bad > 0 && `${bad} could not be done`,
    paused ? 'paused' : msLeft !== null && `about ${duration(msLeft)} left`,
  ];
  return (
    <div className={style.bar}>
      <span className={style.words}>{words.filter(Boolean).join(' · ')}</span>
      {open > 0 && !paused && (
        <Button variant="quiet" onClick={pauseQueue}>
          Pause
        </Button>
      )}
      {paused && (
        <Button variant="quiet" onClick={resumeQueue}>
          Go on
        </Button>
      )}
      {open > 0 && (
        <Button variant="quiet" onClick={cancelAll}>
          Cancel all
        </Button>
      )}
      {open === 0 && bad + cancelled > 0 && photos.some(({ state }) => state === 'failed' || state === 'cancelled') && (
        <Button variant="quiet" onClick={retryAll}>
          Try again
        </Button>
      )}
      {open === 0 && (
        <Button variant="quiet" onClick={clearDesk}>
          Clear the desk
        </Button>
      )}
    </div>
  );
}

function Frame({ photo, isCurrent }: { readonly photo: DeskPhoto; readonly isCurrent: boolean }) {
  const bad = photo.state === 'refused' || photo.state === 'failed';
  return (
    <li className={style.frame} data-current={isCurrent || undefined}>
      <button type="button" className={style.pick} aria-current={isCurrent || undefined} onClick={() => lookAt(photo.id)}>
        {photo.thumbnail ? <img src={photo.thumbnail} alt="" className={style.picture} /> : <span className={style.picture}>{bad && <Icon name="warning" />}</span>}
        <span className={style.name}>{photo.name}</span>
        <span className={style.state} data-bad={bad || undefined}>
          {photo.state === 'working' ? `${Math.floor(photo.share * 100)} %` : stateWords(photo)}
        </span>
      </button>
      <IconButton label={`Take ${photo.name} off the desk`} icon={<Icon name="close" size={16} />} className={style.remove} onClick={() => removePhoto(photo.id)} />
    </li>
  );
}
