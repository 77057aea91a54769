/** A line that says how far a long task is. */
export interface Progress {
  /** `done` of `total`, with a few words. */
  update(done: number, total: number, words: string): void;
  /** A line of its own that stays. */
  say(line: string): void;
  /** Ends the line. */
  end(): void;
}

/** Where to write, and whether a line can be written over. */
export interface ProgressTarget {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const PLAIN_EVERY_MS = 15_000;
const TTY_EVERY_MS = 100;

/**
 * Progress with percent and time left, measured from the first `update`. On a terminal one line is written over; elsewhere
 * a plain line appears now and then, and always for the last step.
 */
export function createProgress(
  target: ProgressTarget = process.stderr,
  now: () => number = () => performance.now(),
): Progress {
  const terminal = target.isTTY === true;
  let start: { readonly time: number; readonly done: number } | null = null;
  let lastShown = -Infinity;
  let open = false;
  const clear = (): void => {
    if (open) target.write('\r\u001B[K');
    open = false;
  };
  return {
    update(done, total, words) {
      const time = now();
      start ??= { time, done };
      if (done < total && time - lastShown < (terminal ? TTY_EVERY_MS : PLAIN_EVERY_MS)) return;
      lastShown = time;
      const left = done > start.done ? ((time - start.time) / (done - start.done)) * (total - done) : null;
      const parts = [
        `${done}/${total}`,
        `${Math.floor((100 * done) / total)} %`,
        words,
        left === null || done >= total ? '' : `${duration(left)} left`,
      ];
      const line = parts.filter(Boolean).join(' · ');
      if (terminal) {
        clear();
        target.write(line.slice(0, (target.columns ?? 120) - 1));
        open = true;
      } else {
        target.write(`${line}\n`);
      }
    },
    say(line) {
      clear();
      target.write(`${line}\n`);
    },
    end() {
      if (open) target.write('\n');
      open = false;
    },
  };
}

/** '45 s', '12 min 30 s', '3 h 05 min'. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  return minutes < 60
    ? `${minutes} min ${two(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}
