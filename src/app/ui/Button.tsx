import type { ComponentPropsWithRef, ReactNode } from 'react';
import style from './Button.module.css';

export interface ButtonProps extends ComponentPropsWithRef<'button'> {
  /** One primary button per view; 'quiet' has no ground of its own; 'danger' destroys something. */
  readonly variant?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly icon?: ReactNode;
  /** Shows that the action is under way and refuses further clicks; stays focusable. */
  readonly busy?: boolean;
}

/** A button with a word on it. */
export function Button({ variant = 'plain', icon, busy = false, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={[style.button, style[variant], className].filter(Boolean).join(' ')}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? undefined : onClick}
      {...rest}
    >
      {busy ? <span className={style.spinner} aria-hidden="true" /> : icon}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'aria-label' | 'children'> {
  /** Names the button to assistive technology and in its tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
  /** Makes it a toggle: pressed or not. */
  readonly pressed?: boolean;
}

/** A square button with only an icon on it. */
export function IconButton({ label, icon, pressed, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      className={[style.button, style.quiet, style.square, className].filter(Boolean).join(' ')}
      {...rest}
    >
      {icon}
    </button>
  );
}
