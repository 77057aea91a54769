import { Zip, ZipPassThrough } from 'fflate';
import { whileDeraining } from '../../browser/jobLocks.ts';
import { saveFile } from '../ui/saveFile.ts';
import { useDesk } from './deskStore.ts';
import type { Trouble } from './deskStore.ts';
import { distinctNames } from './resultNames.ts';
import { resultOf } from './results.ts';
import { resultFileName } from './saving.ts';

/** Where all results go, one after another. */
export interface CollectionTarget {
  write(name: string, file: Blob): Promise<void>;
  finish(): Promise<void>;
}

/** Writes every result that is done. `onShare` hears how far it is, 0…1. What went wrong, or null. */
export function saveAll(target: CollectionTarget, onShare: (share: number) => void): Promise<Trouble | null> {
  return whileDeraining(() => writeAll(target, onShare));
}

async function writeAll(target: CollectionTarget, onShare: (share: number) => void): Promise<Trouble | null> {
  const photos = useDesk.getState().photos.filter(({ state }) => state === 'done');
  const names = distinctNames(photos.map(resultFileName));
  const missed: string[] = [];
  for (const [i, photo] of photos.entries()) {
    const file = await resultOf(photo);
    if (file instanceof Blob) await target.write(names[i]!, file);
    else missed.push(photo.name);
    onShare((i + 1) / photos.length);
  }
  await target.finish();
  return missed.length
    ? { reason: `Not written: ${missed.join(', ')}.`, advice: 'Look at each of them and try again.' }
    : null;
}

/** A zip that is handed over as a download. Pictures are packed already, so it only puts them one behind another. */
export function zipTarget(): CollectionTarget {
  const parts: Blob[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, chunk) => {
    if (error) failure = error;
    else parts.push(new Blob([chunk as Uint8Array<ArrayBuffer>])); // The browser may keep blobs on disk.
  });
  return {
    async write(name, file) {
      const entry = new ZipPassThrough(name);
      zip.add(entry);
      entry.push(new Uint8Array(await file.arrayBuffer()), true);
    },
    async finish() {
      zip.end();
      if (failure) throw failure;
      saveFile(new Blob(parts, { type: 'application/zip' }), 'derained.zip');
    },
  };
}

interface FolderWindow {
  showDirectoryPicker?(options: { readonly mode: 'readwrite' }): Promise<FileSystemDirectoryHandle>;
}

export function canSaveToFolder(): boolean {
  return typeof (globalThis as FolderWindow).showDirectoryPicker === 'function';
}

/** A folder of the person's choice; null when none was chosen. Call it in a click. */
export async function chooseFolder(): Promise<CollectionTarget | null> {
  try {
    const folder = await (globalThis as FolderWindow).showDirectoryPicker!({ mode: 'readwrite' });
    return {
      async write(name, file) {
        const handle = await folder.getFileHandle(name, { create: true });
        const stream = await handle.createWritable();
        await stream.write(file);
        await stream.close();
      },
      async finish() {},
    };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}
