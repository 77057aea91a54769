import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from './command.ts';

/**
 * Throws UsageError when writing `targets` would replace one of `originals`, or another file beside one: what stands in a folder of
 * originals is taken for an original. Files are told apart by device and inode, so that links, other spellings of a path and,
 * where the disk ignores it, other case name the same file.
 */
export function refuseOverwriting(targets: readonly string[], originals: readonly string[]): void {
  const files = new Set(originals.map(identityOf));
  const folders = new Set(originals.flatMap((path) => [dirname(path), dirname(realPath(path))]).map(identityOf));
  for (const target of targets) {
    const found = identityOf(target);
    if (found === null || !(files.has(found) || folders.has(identityOf(dirname(target))))) continue;
    throw new UsageError(
      `${target} is there already and could be an original; nothing was written. Choose another --out.`,
    );
  }
}

/** Throws UsageError when writing `target` would replace one of the files that it is made of, by whatever name. */
export function refuseReplacing(target: string, sources: readonly string[]): void {
  const found = identityOf(target);
  const replaced = found !== null && sources.find((source) => identityOf(source) === found);
  if (replaced) throw new UsageError(`--out would replace ${replaced}; nothing was written. Choose another --out.`);
}

/** Null where there is nothing. */
function identityOf(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found ? `${found.dev}:${found.ino}` : null;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
