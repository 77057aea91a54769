import { filesOfInput } from './droppedFiles.ts';
import type { DroppedFile } from '../../protocol/library.ts';

/** Opens the browser's own chooser, for files or for a whole folder. Call it in a click. Nothing comes when it is cancelled. */
export function chooseFiles(kind: 'files' | 'folder', onFiles: (files: DroppedFile[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  if (kind === 'folder') input.webkitdirectory = true;
  else input.accept = 'image/*,.zip,.heic,.heif,.avif';
  input.addEventListener('change', () => onFiles(filesOfInput(input.files ?? [])));
  input.click();
}
