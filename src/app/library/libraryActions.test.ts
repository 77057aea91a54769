import { afterEach, expect, it, vi } from 'vitest';
import { useNotices } from '../ui/notices.ts';
import { addFiles } from './libraryActions.ts';
import { useLibrary } from './libraryStore.ts';

/** A worker whose script cannot be loaded: the browser reports that once it is spoken to. */
class BrokenWorker extends EventTarget {
  postMessage(): void {
    setTimeout(() => this.dispatchEvent(Object.assign(new Event('error'), { message: 'The script is gone.' })));
  }
  terminate(): void {}
}

afterEach(() => vi.unstubAllGlobals());

it('a worker that fails closes the import panel, says why, and holds up no later import', async () => {
  vi.stubGlobal('Worker', BrokenWorker);
  const files = [{ file: new File(['x'], 'a.png'), path: 'a.png' }];
  const panel: boolean[] = [];
  const leave = useLibrary.subscribe(({ importing }) => void panel.push(importing !== null));
  for (const turn of [1, 2]) {
    await addFiles(files, 'clean');
    expect(panel.slice(-2), 'opened, then closed').toEqual([true, false]);
    const told = useNotices.getState().notices.filter(({ text }) => text.includes('The script is gone.'));
    expect(told).toHaveLength(turn);
  }
  leave();
});
