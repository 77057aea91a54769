import { transfer } from 'comlink';
import type { TrainerEvent } from '../src/protocol/trainer.ts';

/** Takes events one by one and hands them on in ordered batches. */
export interface Pump<Event = TrainerEvent> {
  push(event: Event): void;
  /** Hands on what waits without waiting for company, unless a batch is on its way. */
  flush(): void;
  /** Hands on what is left; resolves when everything has arrived, rejects with the first failure of `deliver`. */
  drain(): Promise<void>;
}

export interface PumpOptions<Event> {
  /** The longest an event waits for company, milliseconds. */
  readonly everyMs?: number;
  /** A batch of this many events leaves at once. */
  readonly atMost?: number;
  /** What a batch holds that moves to the page instead of being copied. */
  readonly giveaways?: (batch: readonly Event[]) => Transferable[];
}

/**
 * Batches events for the page: a batch leaves after `everyMs` or at `atMost` events, whichever comes first. Only one
 * batch is on its way at a time, so a page that is slow to take them gets fewer and larger ones, in the same order.
 * After a failed delivery (the page is gone) later events are dropped.
 */
export function createPump<Event = TrainerEvent>(
  deliver: (batch: readonly Event[]) => void | Promise<void>,
  { everyMs = 100, atMost = 256, giveaways = () => [] }: PumpOptions<Event> = {},
): Pump<Event> {
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
    underWay = (async () => deliver(transfer(batch, giveaways(batch))))()
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

/**
 * Buffers that move instead of being copied: the pictures that the networks just made. The fixed crops beside them
 * (rainy, true rain map, truth) are copied, because the run uses them again for the next preview.
 */
export function giveaways(batch: readonly TrainerEvent[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const event of batch) {
    if (event.type !== 'previewed') continue;
    for (const { rainMap, teacher, student } of event.samples) {
      for (const { data } of [rainMap, teacher, student]) {
        if (data.buffer instanceof ArrayBuffer) buffers.add(data.buffer);
      }
    }
  }
  return [...buffers];
}
