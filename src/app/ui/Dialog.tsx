import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { IconButton } from './Button.tsx';
import style from './Dialog.module.css';
import { Icon } from './Icon.tsx';

export interface DialogProps {
  readonly open: boolean;
  /** Called for Escape, the close button and a click outside. */
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  /** Buttons, the decisive one last. */
  readonly actions?: ReactNode;
  /** 'side' docks it to the right edge, 'wide' is for images. */
  readonly shape?: 'plain' | 'wide' | 'side';
}

/** A modal over the native <dialog>: the browser keeps focus inside, closes on Escape, and gives focus back. */
export function Dialog({ open, onClose, title, children, actions, shape = 'plain' }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  // Also closes when its view is put aside with the dialog open: a modal that nobody sees would lock the whole page.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element || !open) return;
    if (!element.open) element.showModal();
    return () => element.close();
  }, [open]);

  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      className={`${style.dialog} ${style[shape]}`}
      onClose={() => dialog.current?.open || onClose()}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current.close();
      }}
    >
      {open && (
        <div className={style.sheet}>
          <div className={style.head}>
            <h2 id={titleId} className={style.title}>
              {title}
            </h2>
            <IconButton label="Close" icon={<Icon name="close" />} onClick={() => dialog.current?.close()} />
          </div>
          <div className={style.body}>{children}</div>
          {actions && <div className={style.actions}>{actions}</div>}
        </div>
      )}
    </dialog>
  );
}
