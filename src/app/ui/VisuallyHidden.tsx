import type { ReactNode } from 'react';
import style from './VisuallyHidden.module.css';

/** For ears only: read by screen readers, not shown. */
export function VisuallyHidden({ children }: { readonly children: ReactNode }) {
  return <span className={style.hidden}>{children}</span>;
}
