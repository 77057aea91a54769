import type { ReactNode } from 'react';
import style from './Formula.module.css';

/** An equation on a line of its own. `spoken` is read out in place of the symbols. */
export function Formula({ spoken, children }: { readonly spoken: string; readonly children: ReactNode }) {
  return (
    <span className={style.formula} role="math" aria-label={spoken}>
      {children}
    </span>
  );
}

/** A variable with an index: zSyn, yReal. */
export function V({ children, of }: { readonly children: string; readonly of?: string }) {
  return (
    <>
      <i>{children}</i>
      {of && <sub>{of}</sub>}
    </>
  );
}
