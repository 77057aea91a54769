/**
 * How smooth the built app stays: frames a second, the worst frame and the long tasks of the page's thread, idle, while training and
 * during an experiment. A frame counts as worst by the time since the one before.
 *
 *   npm run frames -- [--seconds 20] [--tasks]
 *
 * --tasks says where the long tasks came from, as far as the browser tells.
 */
import { parseArgs } from 'node:util';
import { cpus, loadavg } from 'node:os';
import type { Page } from 'playwright';
import { alignedText } from '../cli/scoreTable.ts';
import { useBuiltApp } from './builtApp.ts';
import { addSamples, labLink } from './labInApp.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '20' }, tasks: { type: 'boolean', default: false } },
});
const ms = 1000 * Number(values.seconds);

interface Smoothness {
  readonly fps: number;
  readonly worstMs: number;
  /** Milliseconds of each task over 50 ms. */
  readonly tasks: readonly number[];
  /** Scripts of the frames over 50 ms: their source and duration. */
  readonly scripts: readonly string[];
}

console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, load ${loadavg()[0]!.toFixed(1)}, ${values.seconds} s each`,
);
const lines = [['', 'frames/s', 'worst frame', 'long tasks', 'longest', 'together']];
await useBuiltApp(async (page) => {
  await addSamples(page);
  add('idle', await smoothness(page));
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor({ timeout: 120_000 });
  await page.locator('dt:text-is("Saved") + dd, dt:text-is("Speed") + dd').first().waitFor({ timeout: 120_000 });
  add('training', await smoothness(page));
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page
    .getByText(/^Paused/)
    .first()
    .waitFor({ timeout: 60_000 });
  const base = { steps: '6000', previewEvery: '50', validateEvery: '50', heldOut: '2', validationCrop: '96' };
  await page.goto(labLink({ title: 'Frames', variants: 'none:lambda=0;some:lambda=1.2', base }));
  await page.getByRole('region', { name: 'Experiment of this link' }).getByRole('button', { name: 'Start' }).click();
  await page.locator('[data-chart=objective]:visible').waitFor({ timeout: 300_000 });
  add('experiment', await smoothness(page));
});
console.log(alignedText(lines));

function add(name: string, { fps, worstMs, tasks, scripts }: Smoothness): void {
  const together = tasks.reduce((sum, task) => sum + task, 0);
  const longest = Math.max(0, ...tasks);
  const figures = [longest, together].map((figure) => `${figure.toFixed(0)} ms`);
  lines.push([name, fps.toFixed(0), `${worstMs.toFixed(0)} ms`, String(tasks.length), ...figures]);
  if (values.tasks) for (const script of scripts) console.log(`  ${name}: ${script}`);
}

async function smoothness(page: Page): Promise<Smoothness> {
  // tsx wraps named functions in a call of __name, which the page lacks.
  await page.evaluate('globalThis.__name = (named) => named');
  return page.evaluate(async (duration) => {
    const tasks: number[] = [];
    const scripts: string[] = [];
    const observe = (type: string, take: (entry: PerformanceEntry) => void): PerformanceObserver => {
      const observer = new PerformanceObserver((list) => list.getEntries().forEach(take));
      observer.observe({ type });
      return observer;
    };
    const observers = [
      observe('longtask', (entry) => void tasks.push(entry.duration)),
      observe('long-animation-frame', (entry) => {
        const frame = entry as PerformanceEntry & {
          readonly renderStart: number;
          readonly styleAndLayoutStart: number;
          readonly blockingDuration: number;
          readonly scripts: readonly {
            readonly invoker: string;
            readonly sourceFunctionName: string;
            readonly duration: number;
          }[];
        };
        const end = frame.startTime + frame.duration;
        const own = frame.scripts.map(
          (one) => `${one.invoker} ${one.sourceFunctionName} ${one.duration.toFixed(0)} ms`,
        );
        const layout = frame.styleAndLayoutStart ? end - frame.styleAndLayoutStart : 0;
        scripts.push(
          `${frame.duration.toFixed(0)} ms, layout and paint ${layout.toFixed(0)} ms: ${own.join('; ') || 'no script'}`,
        );
      }),
    ];
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
    observers.forEach((observer) => observer.disconnect());
    return { fps: (1000 * frames) / (performance.now() - began), worstMs, tasks, scripts };
  }, ms);
}
