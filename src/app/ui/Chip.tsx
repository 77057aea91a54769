import type { ReactNode } from 'react';
import style from './Chip.module.css';

export interface ChipProps {
  readonly children: ReactNode;
  readonly icon?: ReactNode;
  readonly tone?: 'neutral' | 'good' | 'warn' | 'bad';
  /** Makes it a button. */
  readonly onClick?: () => void;
  /** Fuller name for screen readers and the tooltip; should contain the visible words. */
  readonly label?: string;
}

/** A small fact; a button when it leads somewhere. */
export function Chip({ children, icon, tone = 'neutral', onClick, label }: ChipProps) {
  const content = (
    <>
      {icon}
      <span className={style.words}>{children}</span>
    </>
  );
  if (!onClick) {
    return (
      <span className={style.chip} data-tone={tone} title={label}>
        {content}
      </span>
    );
  }
  return (
    <button
      type="button"
      className={`${style.chip} ${style.pressable}`}
      data-tone={tone}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      {content}
    </button>
  );
}
