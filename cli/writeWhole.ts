import { mkdir, open, rename, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';

/** A file to write: where, and what. */
export type FileToWrite = readonly [path: string, bytes: Uint8Array | string];

/**
 * Writes files so that a reader sees the old ones or the new ones: all beside their places (`.part`) and forced to the disk
 * first, then moved there in order. When one cannot be written, nothing has changed and no `.part` stays. Makes their folders.
 * Rejects with an Error whose message is for people.
 */
export async function writeWhole(...files: readonly FileToWrite[]): Promise<void> {
  const parts: string[] = [];
  let current = '';
  try {
    for (const [path, bytes] of files) {
      current = path;
      await mkdir(dirname(path), { recursive: true });
      parts.push(partOf(path));
      await writePart(partOf(path), bytes);
    }
    for (const [path] of files) await rename(partOf(path), path);
    for (const folder of new Set(files.map(([path]) => dirname(path)))) await syncFolder(folder);
  } catch (error) {
    for (const part of parts) await rm(part, { force: true }).catch(() => {});
    throw new Error(`${current}: ${diskProblem(error)}`, { cause: error });
  }
}

/** Where a file is written before it moves to its place: its name with `.part`, shortened where the disk takes no longer one. */
function partOf(path: string): string {
  const name = `${basename(path)}.part`;
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return join(dirname(path), name);
  return join(dirname(path), `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.part`);
}

/** What stood in the way of a file or folder, in words. */
export function diskProblem(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code && problems[code]) || message || String(error);
}

/** Longest file name of common disks, bytes. */
export const MAX_NAME_BYTES = 255;

const problems: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'no space is left in the disk quota',
  EFBIG: 'the file is larger than may be written here',
  EROFS: 'the disk is read-only',
  EACCES: 'writing is not permitted',
  EPERM: 'writing is not permitted',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'there is a file in place of the folder',
  ENAMETOOLONG: 'the file name is longer than the disk takes',
  EIO: 'the disk reports an input or output error',
};

/** A link that stands in the part's place is not followed. */
async function writePart(part: string, bytes: Uint8Array | string): Promise<void> {
  await rm(part, { force: true });
  const file = await open(part, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes renames last through a power cut; not every system lets a folder be opened. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
