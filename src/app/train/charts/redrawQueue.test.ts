import { expect, it } from 'vitest';
import { createRedrawQueue } from './redrawQueue.ts';

/** A clock whose frames and timers are run by hand. */
class Clock {
  time = 0;
  private waiting: { readonly at: number; readonly run: () => void }[] = [];
  now = (): number => this.time;
  nextFrame = (run: () => void): void => void this.waiting.push({ at: this.time, run });
  after = (ms: number, run: () => void): void => void this.waiting.push({ at: this.time + ms, run });

  /** One frame: what is due runs; 16 ms pass. */
  frame(): void {
    const due = this.waiting.filter(({ at }) => at <= this.time);
    this.waiting = this.waiting.filter(({ at }) => at > this.time);
    for (const { run } of due) run();
    this.time += 16;
  }
}

const charts = (clock: Clock, count: number, drawMs: number) => {
  const drawn: number[] = [];
  const queue = createRedrawQueue(clock);
  const redraws = Array.from({ length: count }, (_, i) =>
    queue(() => {
      drawn.push(i);
      clock.time += drawMs;
    }),
  );
  return { drawn, redraws };
};

it('slow charts are drawn one a frame, in turn, and none is forgotten', () => {
  const clock = new Clock();
  const { drawn, redraws } = charts(clock, 3, 10);
  for (const redraw of redraws) redraw.request();
  expect(drawn).toEqual([]);
  for (const expected of [[0], [0, 1], [0, 1, 2], [0, 1, 2]]) {
    clock.frame();
    expect(drawn).toEqual(expected);
  }
});

it('quick charts share a frame, and each waits a quarter of a second before it is drawn again', () => {
  const clock = new Clock();
  const { drawn, redraws } = charts(clock, 2, 1);
  for (let frame = 0; frame < 40; frame++) {
    for (const redraw of redraws) redraw.request();
    clock.frame();
    if (frame === 0) expect(drawn).toEqual([0, 1]);
  }
  expect(drawn).toEqual([0, 1, 0, 1, 0, 1]);
});

it('one that has ended is not drawn', () => {
  const clock = new Clock();
  const { drawn, redraws } = charts(clock, 2, 1);
  for (const redraw of redraws) redraw.request();
  redraws[0]!.end();
  clock.frame();
  expect(drawn).toEqual([1]);
});
