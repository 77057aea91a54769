import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Who trains in a folder. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the kernel's ticks; null where it cannot be known. Tells a process from a later one of the same id. */
  readonly began: string | null;
}

const fileName = 'run.lock';

/** A file without an owner may be one that is just being written. */
const BEING_WRITTEN_MS = 100;

/**
 * Takes a folder for this process until the returned function is called or the process ends, by a file with its id in the
 * folder. A file that a dead process left is taken over, and `onTakeover` is told. Throws Error when another run has the folder.
 */
export function lockRunFolder(folder: string, onTakeover: (message: string) => void): () => void {
  const path = join(folder, fileName);
  const own = JSON.stringify(ownerOf(process.pid));
  for (let attempt = 0; !created(path, own); attempt++) {
    const found = textOf(path);
    if (found === null) continue;
    const owner = parsed(found);
    if (!owner && attempt === 0) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BEING_WRITTEN_MS);
      continue;
    }
    if (owner && (owner.host !== hostname() || isAlive(owner))) throw new Error(formatTaken(folder, path, owner));
    if (attempt > 4) throw new Error(`${path} cannot be taken over; delete it if no run is under way in this folder.`);
    if (takeAway(path, found)) {
      onTakeover(`The run before (process ${owner?.pid ?? 'unknown'}) ended without releasing ${folder}; taken over.`);
    }
  }
  const release = (): void => {
    process.off('exit', release);
    if (textOf(path) === own) rmSync(path, { force: true });
  };
  process.on('exit', release);
  return release;
}

/** False when there is a file already. */
function created(path: string, text: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(file, text);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return true;
}

/** Moves a dead process' file out of the way. False when it is another file by now: that one is put back. */
function takeAway(path: string, found: string): boolean {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return false;
  }
  if (readFileSync(aside, 'utf8') === found) {
    rmSync(aside, { force: true });
    return true;
  }
  renameSync(aside, path);
  return false;
}

function formatTaken(folder: string, path: string, { pid, host }: Owner): string {
  return host === hostname()
    ? `Process ${pid} trains in ${folder} already. Stop it first, or choose another folder.`
    : `Process ${pid} on ${host} trains in ${folder}. Choose another folder, or delete ${path} if that run has ended.`;
}

function ownerOf(pid: number): Owner {
  return { pid, host: hostname(), began: statOf(pid)?.began ?? null };
}

function isAlive({ pid, began }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const stat = statOf(pid);
  if (stat?.state === 'Z') return false;
  return began === null || !stat || began === stat.began;
}

/** Fields 3 and 22 of Linux' /proc/PID/stat, counted from behind the name, which may hold spaces; null elsewhere. */
function statOf(pid: number): { readonly state: string; readonly began: string } | null {
  const stat = textOf(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields?.[19] ? { state: fields[0]!, began: fields[19] } : null;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function parsed(text: string): Owner | null {
  try {
    const { pid, host, began } = JSON.parse(text) as Partial<Owner>;
    return Number.isInteger(pid) && typeof host === 'string' ? { pid: pid!, host, began: began ?? null } : null;
  } catch {
    return null;
  }
}
