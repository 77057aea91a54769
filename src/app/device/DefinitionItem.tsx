import type { ReactNode } from 'react';
import style from './DevicePanel.module.css';

/** A term and its value, in a list of facts. */
export function DefinitionItem({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <div className={style.fact}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
