/** What has to be drawn again now and then. */
export interface Redraw {
  /** Draws in one of the next frames. */
  request(): void;
  /** Nothing is drawn any more. */
  end(): void;
}

/** Time, and when there is some. */
export interface RedrawClock {
  /** Milliseconds. */
  now(): number;
  /** Before the next frame; not while the page is hidden. */
  nextFrame(run: () => void): void;
  after(ms: number, run: () => void): void;
}

/** Between two drawings of the same chart, milliseconds. */
const EVERY_MS = 250;
/** Share of a frame that drawing may take, milliseconds; one chart is drawn in any case. */
const BUDGET_MS = 6;

/**
 * Draws many charts in turns, a few milliseconds of each frame, those first that were asked for first: news of all of them
 * together would hold the page up for as long as they take.
 */
export function createRedrawQueue(clock: RedrawClock): (draw: () => void) => Redraw {
  /** When each of those that are asked for may be drawn. */
  const waiting = new Map<() => void, number>();
  let isScheduled = false;

  const schedule = (): void => {
    if (isScheduled || waiting.size === 0) return;
    isScheduled = true;
    const dueIn = Math.min(...waiting.values()) - clock.now();
    if (dueIn > 0) clock.after(dueIn, () => clock.nextFrame(work));
    else clock.nextFrame(work);
  };
  const work = (): void => {
    isScheduled = false;
    const began = clock.now();
    for (const [draw, notBefore] of waiting) {
      if (notBefore > began) continue;
      draw();
      if (clock.now() - began >= BUDGET_MS) break;
    }
    schedule();
  };

  return (draw) => {
    let drawnAt = -Infinity;
    const run = (): void => {
      waiting.delete(run);
      drawnAt = clock.now();
      draw();
    };
    return {
      request() {
        if (!waiting.has(run)) waiting.set(run, drawnAt + EVERY_MS);
        schedule();
      },
      end: () => void waiting.delete(run),
    };
  };
}

/** The page's charts. */
export const queueRedraw = createRedrawQueue({
  now: () => performance.now(),
  nextFrame: (run) => void requestAnimationFrame(run),
  after: (ms, run) => void setTimeout(run, ms),
});
