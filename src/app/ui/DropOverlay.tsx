import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import style from './DropOverlay.module.css';

/** Covers a view while files hover above it, and says what dropping them does. */
export function DropOverlay({ children }: { readonly children: ReactNode }) {
  return (
    <div className={style.overlay} aria-hidden="true">
      <Icon name="drop" size={40} />
      {children}
    </div>
  );
}
