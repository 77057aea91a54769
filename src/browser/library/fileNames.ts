/** Last component of a path. */
export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Everything before the last component, without the slash; '' for a bare name. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** File name without its last extension. */
export function stemOf(path: string): string {
  const name = fileNameOf(path);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** Folders that systems keep beside photos: of Macs, network storage and Windows. */
const SYSTEM_FOLDERS = ['__MACOSX', '@eaDir', '#recycle', '$RECYCLE.BIN', 'System Volume Information'];

/** What operating systems leave in folders and zips, and MATLAB's copy of RainDirection's labels: passed over in silence. */
export function isClutter(path: string): boolean {
  const parts = path.split('/');
  if (parts.some((part) => (part.startsWith('.') && part !== '.') || SYSTEM_FOLDERS.includes(part))) return true;
  return /^(thumbs\.db|ehthumbs\.db|desktop\.ini|icon\r|direction\.mat)$/i.test(parts.at(-1)!);
}

const collator = new Intl.Collator('en', { numeric: true });

/** Natural order: 2 before 10. */
export function byName(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
