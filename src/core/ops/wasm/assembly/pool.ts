/**
 * A pool of threads over one task at a time. The caller posts a task cut into chunks, works on chunks itself, and returns
 * when all are done. Other threads only ever help: a thread that starts late, sleeps or is missing costs time, never a
 * result, because a chunk belongs to whoever claims it. Only a thread that ends with a chunk in its hands leaves the caller
 * without one; the caller then traps instead of waiting for ever, and the pool must not be used any more.
 *
 * All of it lives in a control block in the shared memory:
 *   +0  i64 ticket   generation (24 bits) | next chunk (20 bits) | number of chunks (20 bits: the smallest chunk is 96 pixels,
 *                    and 2²⁰ of those would not fit in memory)
 *   +8  i32 done     chunks finished in this generation
 *   +12 i32 wake     rises by two with every task, for sleeping threads to wait on; odd asks them to leave
 *   +16 i32 limit    seconds without a finished chunk after which the caller gives up; set by whoever makes the block
 *   +64     task     see `task.ts`; never changes while one of its chunks is unfinished
 */
import { runChunk } from './chunks';

export const CONTROL_BYTES: i32 = 256;
const DONE: usize = 8;
const WAKE: usize = 12;
const LIMIT: usize = 16;
const TASK: usize = 64;
const FIELD: i64 = 0xfffff;
/** Reads of the ticket before a thread goes to sleep: about ten microseconds, as long as between two passes of a kernel. */
const PATIENCE: i32 = 4000;
const SECOND: i64 = 1_000_000_000;
/** What `atomic.wait` answers when nothing happened. */
const TIMED_OUT: i32 = 2;

/** Where the caller writes the task before `perform`. */
// @ts-ignore: decorator
@inline
export function taskOf(control: usize): usize {
  return control + TASK;
}

/** Runs `chunks` chunks of the task in the control block, as thread 0, and returns when all of them are done. Traps when one never is. */
export function perform(control: usize, chunks: i32): void {
  atomic.store<i32>(control + DONE, 0);
  const generation = ((atomic.load<i64>(control) >> 40) + 1) & 0xffffff;
  atomic.store<i64>(control, (generation << 40) | <i64>chunks);
  if (chunks > 1) {
    atomic.add<i32>(control + WAKE, 2);
    atomic.notify(control + WAKE, chunks - 1);
  }
  while (help(control, 0)) {}
  let patience = PATIENCE;
  // Seconds are counted one wait at a time, so that a machine that slept for hours has lost one, not all.
  let seconds = 0;
  let done = atomic.load<i32>(control + DONE);
  while (done != chunks) {
    if (--patience < 0) seconds = atomic.wait<i32>(control + DONE, done, SECOND) == TIMED_OUT ? seconds + 1 : 0;
    if (seconds > 0 && seconds >= load<i32>(control + LIMIT)) unreachable();
    done = atomic.load<i32>(control + DONE);
  }
}

/** The life of a helping thread: works on every task posted in the control block until `dismiss`. `thread` counts from 1. */
export function serve(control: usize, thread: i32): void {
  let wake = atomic.load<i32>(control + WAKE);
  while (!(wake & 1)) {
    let patience = PATIENCE;
    while (patience > 0) {
      patience = help(control, thread) ? PATIENCE : patience - 1;
    }
    atomic.wait<i32>(control + WAKE, wake, -1);
    wake = atomic.load<i32>(control + WAKE);
  }
}

/** Lets all helping threads return from `serve`. */
export function dismiss(control: usize): void {
  atomic.or<i32>(control + WAKE, 1);
  atomic.notify(control + WAKE, i32.MAX_VALUE);
}

/** Claims one chunk and runs it; false when none is left. */
function help(control: usize, thread: i32): bool {
  const ticket = atomic.load<i64>(control);
  const chunk = <i32>((ticket >> 20) & FIELD);
  const chunks = <i32>(ticket & FIELD);
  if (chunk >= chunks) return false;
  if (atomic.cmpxchg<i64>(control, ticket, ticket + (1 << 20)) != ticket) return true;
  runChunk(control + TASK, chunk, thread);
  if (atomic.add<i32>(control + DONE, 1) == chunks - 1) atomic.notify(control + DONE, 1);
  return true;
}
