import { useEffect } from 'react';
import type { DroppedFile } from '../../protocol/library.ts';
import { filesOfInput } from './droppedFiles.ts';

/** Takes files from the clipboard while the calling view is on screen. */
export function useFilePaste(onFiles: (files: readonly DroppedFile[]) => void): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const files = filesOfInput(event.clipboardData?.files ?? []);
      if (files.length === 0) return;
      event.preventDefault();
      onFiles(files);
    };
    addEventListener('paste', paste);
    return () => removeEventListener('paste', paste);
  }, [onFiles]);
}
