import { useEffect, useState } from 'react';
import { resultKey, standingResult } from '../queue/resultFile.ts';
import type { Photo } from '../queue/state.ts';
import { useQueue } from '../session/derainQueue.ts';
import { writtenResult } from './exportResults.ts';

/** A slider that is dragged writes one file, when it rests so long; milliseconds. */
const REST_MS = 400;

/**
 * The file of a finished photo as it would be saved now, written ahead, so that its size and what its quality does are known
 * before. Null while it is being written, or where the photo would have to be derained once more for it.
 */
export function useWrittenResult(photo: Photo): { readonly file: Blob | null; readonly isWriting: boolean } {
  const file = useQueue((state) => standingResult(state, photo));
  const key = useQueue(({ settings }) => resultKey(settings, photo));
  const isKept = useQueue(({ encoding }) => encoding[photo.id] === key);
  const wanted = `${photo.id} ${key}`;
  /** What was tried last, and whether it is still under way. */
  const [tried, setTried] = useState({ wanted: '', isOver: true });
  const isDue = photo.state === 'done' && file === null && !isKept && tried.isOver && tried.wanted !== wanted;

  useEffect(() => {
    if (!isDue) return;
    const timer = setTimeout(() => {
      setTried({ wanted, isOver: false });
      const over = (): void => setTried({ wanted, isOver: true });
      void writtenResult(photo).then(over, over);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [isDue, wanted, photo]);

  return { file, isWriting: file === null && (isDue || isKept || !tried.isOver) };
}
