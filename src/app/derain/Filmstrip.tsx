import { IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { lookAt, removePhoto } from './desk.ts';
import { useDesk } from './deskStore.ts';
import type { DeskPhoto } from './deskStore.ts';
import style from './Filmstrip.module.css';
import { stateWords } from './words.ts';

/** The photos on the desk, each with how far it is. */
export function Filmstrip() {
  const photos = useDesk((state) => state.photos);
  const currentId = useDesk((state) => state.currentId);
  return (
    <ul className={style.strip} aria-label="Photos">
      {photos.map((photo) => (
        <Frame key={photo.id} photo={photo} isCurrent={photo.id === currentId} />
      ))}
    </ul>
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
