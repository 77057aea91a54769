/**
 * How smooth the built app stays, idle, while training and during an experiment: frames a second and the worst frame (the time since
 * the one before), the longest wait from a key to its paint, and the tasks of the page's own thread by the processor time they
 * took, which other programs on the machine do not lengthen.
 *
 *   npm run frames -- [--seconds 20] [--tasks]
 *
 * --tasks says what the costliest tasks were.
 */
import { parseArgs } from 'node:util';
import { cpus, loadavg } from 'node:os';
import type { Locator, Page } from 'playwright';
import { alignedText } from '../cli/scoreTable.ts';
import { useBuiltApp } from './builtApp.ts';
import { addSamples, labLink } from './labInApp.ts';
import { traceMainThread } from './mainThread.ts';
import type { MainThread } from './mainThread.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '20' }, tasks: { type: 'boolean', default: false } },
});
const ms = 1000 * Number(values.seconds);

/** Between two keys, milliseconds. */
const KEY_EVERY_MS = 400;

interface Frames {
  readonly fps: number;
  readonly worstMs: number;
  /** From each key to the next paint, milliseconds, in steps of 8. */
  readonly inputs: readonly number[];
}

console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, load ${loadavg()[0]!.toFixed(1)}, ${values.seconds} s each`,
);
const lines = [['', 'frames/s', 'worst frame', 'key to paint', 'thread busy', 'tasks > 50 ms', 'longest']];
await useBuiltApp(async (page) => {
  await addSamples(page);
  const lambda = page.getByRole('slider', { name: /λ/ });
  await measure('idle', page, lambda);
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor({ timeout: 120_000 });
  await page.locator('dt:text-is("Saved") + dd, dt:text-is("Speed") + dd').first().waitFor({ timeout: 120_000 });
  await measure('training', page, lambda);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page
    .getByText(/^Paused/)
    .first()
    .waitFor({ timeout: 60_000 });
  const base = { steps: '6000', previewEvery: '50', validateEvery: '50', heldOut: '2', validationCrop: '96' };
  await page.goto(labLink({ title: 'Frames', variants: 'none:lambda=0;some:lambda=1.2', base }));
  await page.getByRole('region', { name: 'Experiment of this link' }).getByRole('button', { name: 'Start' }).click();
  await page.locator('[data-chart=objective]:visible').waitFor({ timeout: 900_000 });
  await measure('experiment', page, page.getByRole('combobox', { name: 'Smoothing' }));
});
console.log(alignedText(lines));

/** Measures the page while keys go to `control`, and adds a line. */
async function measure(name: string, page: Page, control: Locator): Promise<void> {
  await control.first().focus();
  const { result, thread } = await traceMainThread(page, async () => {
    const measured = framesOf(page);
    for (let pressed = 0; pressed < ms / KEY_EVERY_MS; pressed++) {
      await page.keyboard.press(pressed % 2 === 0 ? 'ArrowDown' : 'ArrowUp');
      await page.waitForTimeout(KEY_EVERY_MS);
    }
    return measured;
  });
  add(name, result, thread);
}

function add(name: string, { fps, worstMs, inputs }: Frames, { long, load, costliest }: MainThread): void {
  const milliseconds = (figure: number): string => `${figure.toFixed(0)} ms`;
  const longest = [worstMs, Math.max(0, ...inputs)].map(milliseconds);
  const thread = [`${(100 * load).toFixed(0)} %`, String(long.length), milliseconds(Math.max(0, ...long))];
  lines.push([name, fps.toFixed(0), ...longest, ...thread]);
  console.log(lines.at(-1)!.join(' · '));
  if (values.tasks) for (const task of costliest) console.log(`  ${name}: ${task}`);
}

async function framesOf(page: Page): Promise<Frames> {
  // tsx wraps named functions in a call of __name, which the page lacks.
  await page.evaluate('globalThis.__name = (named) => named');
  return page.evaluate(async (duration) => {
    const inputs: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { name, duration: waited } of list.getEntries()) if (name === 'keydown') inputs.push(waited);
    });
    observer.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
    const began = performance.now();
    let [frames, last, worstMs] = [0, began, 0];
    await new Promise<void>((done) => {
      const count = (): void => {
        const now = performance.now();
        frames++;
        worstMs = Math.max(worstMs, now - last);
        last = now;
        if (now - began < duration) requestAnimationFrame(count);
        else done();
      };
      requestAnimationFrame(count);
    });
    observer.disconnect();
    return { fps: (1000 * frames) / (performance.now() - began), worstMs, inputs };
  }, ms);
}
