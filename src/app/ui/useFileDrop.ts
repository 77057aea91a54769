import { useEffect, useState } from 'react';
import { filesOfDrop, type Drop } from './droppedFiles.ts';
import { notify } from './notices.ts';

/** Takes files dropped anywhere on the page while the calling view is on screen; true while they hover above it. */
export function useFileDrop(onDrop: (drop: Drop) => void): boolean {
  const [hovering, setHovering] = useState(false);
  useEffect(() => {
    let leaving: ReturnType<typeof setTimeout> | undefined;
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      clearTimeout(leaving);
      leaving = setTimeout(() => setHovering(false), 200); // `dragover` repeats while files hover.
      setHovering(true);
    };
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      clearTimeout(leaving);
      setHovering(false);
      void filesOfDrop(event.dataTransfer).then(onDrop);
    };
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    return () => {
      clearTimeout(leaving);
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
    };
  }, [onDrop]);
  return hovering;
}

/** Names the first of the files that the browser listed in a drop but could not open. */
export function notifyUnreadable(paths: Drop['unreadable']): void {
  if (paths.length === 0) return;
  const names = `${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ' and others' : ''}`;
  notify({ text: `The browser could not open ${names}.`, tone: 'bad' });
}
