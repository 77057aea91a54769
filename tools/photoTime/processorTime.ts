import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of /proc are hundredths of a second on every Linux that Chromium runs on. */
const TICK_MS = 10;

/** Processor time that this process's descendants, a browser among them, have taken so far, milliseconds; null without /proc. */
export function descendantsMs(): number | null {
  const processes = new Map<number, { readonly parent: number; readonly ms: number }>();
  try {
    for (const name of readdirSync('/proc')) if (/^\d+$/.test(name)) note(Number(name));
  } catch {
    return null;
  }
  const isBelow = (id: number): boolean => {
    const parent = processes.get(id)?.parent ?? 0;
    return parent === process.pid || (parent > 1 && isBelow(parent));
  };
  return [...processes].reduce((sum, [id, { ms }]) => sum + (isBelow(id) ? ms : 0), 0);

  function note(id: number): void {
    try {
      const line = readFileSync(`/proc/${id}/stat`, 'utf8');
      const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
      // Fields 4, 14 and 15 of proc(5): parent, user and system time; the first here is the third.
      processes.set(id, { parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * TICK_MS });
    } catch {
      // It has ended meanwhile.
    }
  }
}
