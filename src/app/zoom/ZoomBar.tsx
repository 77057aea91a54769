import type { ReactNode } from 'react';
import { IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import type { ViewControl } from './viewControl.ts';
import { zoomOf } from './viewport.ts';
import type { Viewport } from './viewport.ts';
import style from './ZoomBar.module.css';
import { withUnit } from '../ui/format.ts';

export interface ZoomBarProps {
  /** Nothing is shown before anything was drawn. */
  readonly view: Viewport | null;
  readonly control: ViewControl;
  /** Further buttons, of `zoomButton`. */
  readonly children?: ReactNode;
}

/** How a button of words looks in the bar. */
export const zoomButton = style.button;

/** Zoom by hand. */
export function ZoomBar({ view, control, children }: ZoomBarProps) {
  if (!view) return null;
  const percent = withUnit(Math.round(zoomOf(view, devicePixelRatio) * 100), '%');
  return (
    <div className={style.bar} role="group" aria-label="Zoom">
      <IconButton label="Zoom out" icon={<Icon name="minus" />} onClick={() => control.zoomBy(0.8)} />
      <button
        type="button"
        className={style.button}
        title={`Show at ${withUnit(100, '%')}`}
        aria-label={`Zoom ${percent}. Show at ${withUnit(100, '%')}`}
        onClick={() => control.zoomTo(1)}
      >
        {percent}
      </button>
      <IconButton label="Zoom in" icon={<Icon name="plus" />} onClick={() => control.zoomBy(1.25)} />
      <button type="button" className={style.button} onClick={() => control.fit()}>
        Fit
      </button>
      {children}
    </div>
  );
}
