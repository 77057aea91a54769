import { ZipWriter } from '../../browser/zipWriter.ts';
import { saveFile } from '../ui/saveFile.ts';

/** Where all results go, one after another. */
export interface ExportTarget {
  write(name: string, file: Blob): Promise<void>;
  finish(): Promise<void>;
}

/** A zip that is saved as a download. */
export function zipTarget(): ExportTarget {
  const zip = new ZipWriter();
  return {
    write: (name, file) => zip.add(name, file),
    async finish() {
      saveFile(new Blob(zip.finish(), { type: 'application/zip' }), 'derained.zip');
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
export async function chooseFolder(): Promise<ExportTarget | null> {
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
    if (isAbort(error)) return null;
    throw error;
  }
}

/** Whether a person called it off. */
function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** Whether the system takes images to hand them to other apps. */
export function canShareFiles(): boolean {
  const probe = new File([], 'photo.png', { type: 'image/png' });
  return navigator.canShare?.({ files: [probe] }) ?? false;
}

/** Hands an image to another app. False when the system did not take it; a person who calls it off wants nothing more. */
export async function shareFile(file: Blob, name: string): Promise<boolean> {
  try {
    await navigator.share({ files: [new File([file], name, { type: file.type })] });
    return true;
  } catch (error) {
    return isAbort(error);
  }
}
