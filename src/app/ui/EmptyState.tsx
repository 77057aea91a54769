import type { ReactNode } from 'react';
import style from './EmptyState.module.css';
import { Icon, type IconName } from './Icon.tsx';

export interface EmptyStateProps {
  readonly title: string;
  /** One or two sentences: what belongs here and how it gets here. */
  readonly children?: ReactNode;
  readonly icon?: IconName;
  /** Buttons, the first one being the way out of emptiness. */
  readonly actions?: ReactNode;
}

/** What a place says when nothing is in it yet. */
export function EmptyState({ title, children, icon, actions }: EmptyStateProps) {
  return (
    <div className={style.empty}>
      {icon && <Icon name={icon} size={32} />}
      <h2 className={style.title}>{title}</h2>
      {children && <div className={style.text}>{children}</div>}
      {actions && <div className={style.actions}>{actions}</div>}
    </div>
  );
}
