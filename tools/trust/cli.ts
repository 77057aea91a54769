import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { eventsOf } from '../../cli/runLog.ts';
import { writePhoto } from '../../cli/photos.ts';
import { createPixels } from '../../src/core/images/pixels.ts';
import { decodeCheckpoint } from '../../src/core/training/checkpoint.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import type { Random } from '../../src/core/random.ts';
import { ROOT } from '../../scripts/prepare.mjs';
import { countsOf } from './row.ts';
import type { TrustRow } from './row.ts';

/** Steps between checkpoints: what a kill may cost. */
const INTERVAL = 10;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const;
const TINY = `blocks=0 f1=1 f2=1 f3=1 batch=1 crop=16 heldOut=0 checkpointEvery=${INTERVAL}`.split(' ');
const LATEST_MS = 2_000;

/**
 * A training on the command line that is ended by signals at random moments, `count` times, and continued each time: its newest
 * checkpoint is readable, no more than an interval is lost by SIGKILL and nothing by the others, whose status is 0, and no part
 * of a file stays. At the end the log holds every step.
 */
export async function checkCommandLine(count: number, seed: number): Promise<TrustRow[]> {
  const home = mkdtempSync(join(tmpdir(), 'petrichor-trust-'));
  try {
    await writePhoto(join(home, 'photos', 'a.png'), drawnPhoto());
    return [await signalRow(home, count, randomFromSeed(seed))];
  } finally {
    rmSync(home, { recursive: true });
  }
}

async function signalRow(home: string, count: number, random: Random): Promise<TrustRow> {
  const faults: string[] = [];
  const signals: string[] = [];
  const out = join(home, 'run');
  for (let i = 0; i < count; i++) {
    const signal = SIGNALS[random.below(SIGNALS.length)]!;
    const before = newestStep(out);
    const { status, seen } = await trainUntil(home, out, signal, before, LATEST_MS * random.uniform());
    signals.push(signal);
    const after = newestStep(out);
    const allowed = signal === 'SIGKILL' ? INTERVAL : 0;
    if (after === null) faults.push(`${i} (${signal}): no checkpoint can be read`);
    else if (after < seen - allowed) faults.push(`${i} (${signal}): step ${seen} was logged, ${after} is left`);
    if (signal !== 'SIGKILL' && status !== 0) faults.push(`${i} (${signal}): status ${status}`);
    const parts = readdirSync(out).filter((name) => name.endsWith('.part'));
    if (signal !== 'SIGKILL' && parts.length > 0) faults.push(`${i} (${signal}): ${parts.join(', ')} left`);
  }
  const steps = new Set((await eventsOf(out)).flatMap((event) => (event.type === 'stepped' ? stepsOf(event) : [])));
  const newest = newestStep(out) ?? 0;
  for (let step = 1; step <= newest; step++) if (!steps.has(step)) faults.push(`step ${step} is not in the log`);
  return { check: 'cli: signals', tried: countsOf(signals), outcome: `continued to step ${newest}`, faults };
}

/** Trains on until some steps are done and a moment has passed, then sends the signal to program and supervisor. */
async function trainUntil(
  home: string,
  out: string,
  signal: NodeJS.Signals,
  before: number | null,
  delayMs: number,
): Promise<{ readonly status: number | null; readonly seen: number }> {
  const begin = before === null ? ['--clean', join(home, 'photos'), '--set', ...TINY] : ['--resume'];
  const args = ['train', ...begin, '--steps', '10000000', '--out', out, '--backend', 'wasm', '--threads', '1'];
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'cli', 'main.ts'), ...args], {
    cwd: ROOT,
    detached: true,
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const giveUp = Date.now() + 120_000;
  while ((newestStep(out) ?? 0) < (before ?? 0) + 2 * INTERVAL && child.exitCode === null && Date.now() < giveUp)
    await wait(50);
  await wait(delayMs);
  const seen = loggedStep(out);
  process.kill(signal === 'SIGKILL' ? -child.pid! : child.pid!, signal);
  return { status: await ended, seen };
}

/** Step of the newest checkpoint that can be read; null for none. */
function newestStep(out: string): number | null {
  if (!existsSync(out)) return null;
  const steps = readdirSync(out).flatMap((name) => {
    try {
      return /^checkpoint-\d+\.safetensors$/.test(name) ? [decodeCheckpoint(readFileSync(join(out, name))).step] : [];
    } catch {
      return [];
    }
  });
  return steps.length > 0 ? Math.max(...steps) : null;
}

/** Step of the last whole line of the log. */
function loggedStep(out: string): number {
  const steps = readFileSync(join(out, 'log.jsonl'), 'utf8').matchAll(/"step":(\d+)/g);
  return Math.max(0, ...[...steps].map(([, step]) => Number(step)));
}

function stepsOf(event: object): number[] {
  if ('points' in event && Array.isArray(event.points))
    return (event.points as { step: number }[]).map(({ step }) => step);
  return 'step' in event ? [Number(event.step)] : [];
}

function drawnPhoto(): ReturnType<typeof createPixels> {
  const photo = createPixels(48, 40);
  for (let i = 0; i < photo.data.length; i++) photo.data[i] = i % 4 === 3 ? 255 : 90 + ((i * 7) % 60);
  return photo;
}
