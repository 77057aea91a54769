import type { DroppedFile } from '../../protocol/library.ts';

/** Chosen files; a chosen folder's files carry their path in it. */
export function filesOfInput(list: Iterable<File>): DroppedFile[] {
  return [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

export interface Drop {
  readonly files: readonly DroppedFile[];
  /** Paths that the browser listed but could not open. */
  readonly unreadable: readonly string[];
}

/** Everything in a drop, folders walked to their leaves. Call it inside the event: the list of entries is gone after it. */
export function filesOfDrop(transfer: DataTransfer): Promise<Drop> {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  const roots = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  return (async () => {
    const files: DroppedFile[] = [];
    const unreadable: string[] = [];
    for (const { entry, file } of roots) {
      if (entry) await walk(entry, files, unreadable);
      else if (file) files.push({ path: file.name, file });
    }
    return { files, unreadable };
  })();
}

async function walk(entry: FileSystemEntry, files: DroppedFile[], unreadable: string[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '');
  try {
    if (isFile(entry)) {
      const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
      files.push({ path, file });
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject)); // 100 at most.
      if (batch.length === 0) return;
      for (const child of batch) await walk(child, files, unreadable);
    }
  } catch {
    unreadable.push(path);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
