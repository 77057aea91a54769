import { Icon } from '../ui/Icon.tsx';
import type { DeskPhoto } from './deskStore.ts';
import style from './DerainView.module.css';

/** Why a photo could not be opened or derained, and what to do. */
export function Troubles({ photo: { name, state, trouble } }: { readonly photo: DeskPhoto }) {
  if (!trouble || (state !== 'refused' && state !== 'failed')) return null;
  return (
    <div role="alert" className={style.trouble} data-alone={state === 'refused' || undefined}>
      <Icon name="warning" size={24} />
      <p>
        <strong>{name}</strong>
        <br />
        {trouble.reason} {trouble.advice}
      </p>
    </div>
  );
}
