import { useRef } from 'react';
import { Button } from './Button.tsx';
import type { ButtonProps } from './Button.tsx';

export interface FileButtonProps extends Omit<ButtonProps, 'onClick'> {
  /** Names what is chosen to assistive technology. */
  readonly chooses: string;
  /** As of an input: endings and media types. */
  readonly accept: string;
  readonly multiple?: boolean;
  /** At least one file; nothing is told when the chooser is cancelled. */
  readonly onFiles: (files: readonly [File, ...File[]]) => void;
}

/** A quiet button that opens the browser's own file chooser. */
export function FileButton({ chooses, accept, multiple = false, onFiles, ...rest }: FileButtonProps) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={picker}
        type="file"
        accept={accept}
        multiple={multiple}
        hidden
        aria-label={chooses}
        onChange={({ target }) => {
          const [first, ...others] = target.files ?? [];
          target.value = ''; // The same file can be chosen again.
          if (first) onFiles([first, ...others]);
        }}
      />
      <Button variant="quiet" onClick={() => picker.current?.click()} {...rest} />
    </>
  );
}
