import { transfer } from 'comlink';

/** Takes events one by one and delivers them in ordered batches. */
export interface EventBatcher<Event> {
  push(event: Event): void;
  /** Delivers what waits without waiting for company, unless a batch is on its way. */
  flush(): void;
  /** Delivers what is left; resolves when everything has arrived, rejects with the first failure of `deliver`. */
  drain(): Promise<void>;
}

export interface BatchOptions<Event> {
  /** The longest an event waits for company, milliseconds. */
  readonly everyMs?: number;
  /** A batch of this many events leaves at once. */
  readonly atMost?: number;
  /** What a batch holds that moves to the page instead of being copied. */
  readonly transferables?: (batch: readonly Event[]) => Transferable[];
}

/**
 * Batches events for the page: a batch leaves after `everyMs` or at `atMost` events, whichever comes first. Only one
 * batch is on its way at a time, so a page that is slow to take them gets fewer and larger ones, in the same order.
 * After a failed delivery (the page is gone) later events are dropped.
 */
export function createEventBatcher<Event>(
  deliver: (batch: readonly Event[]) => void | Promise<void>,
  { everyMs = 100, atMost = 256, transferables = () => [] }: BatchOptions<Event> = {},
): EventBatcher<Event> {
  let waiting: Event[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let underWay: Promise<void> | null = null;
  let failure: { readonly error: unknown } | null = null;

  const send = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (underWay || waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    underWay = (async () => deliver(transfer(batch, transferables(batch))))()
      .catch((error: unknown) => {
        failure ??= { error };
        waiting = [];
      })
      .finally(() => {
        underWay = null;
        if (waiting.length >= atMost) send();
        else if (waiting.length > 0) timer ??= setTimeout(send, everyMs);
      });
  };

  return {
    push(event) {
      if (failure) return;
      waiting.push(event);
      if (waiting.length >= atMost) send();
      else timer ??= setTimeout(send, everyMs);
    },
    flush: send,
    async drain() {
      while (underWay || waiting.length > 0) {
        send();
        await underWay;
      }
      if (failure) throw failure.error;
    },
  };
}
