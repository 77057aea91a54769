import { spawnSync } from 'node:child_process';
import type { StepSize } from './steps.ts';

/** What the yardstick says of itself. */
export interface TorchFigures {
  readonly stepMs: number;
  readonly stepGflops: number;
  readonly threads: number;
}

/** Where a Python with PyTorch usually is; PYTHON names another. */
const PYTHON = process.env['PYTHON'] ?? '/usr/bin/python3';

/** Runs a script that times the same step in PyTorch and prints one JSON line. Throws Error with what it said when it fails. */
export function timeTorch(script: string, { blocks, filters: [f1, , f3], batch, crop }: StepSize): TorchFigures {
  const { status, stdout, stderr, error } = spawnSync(PYTHON, [script, ...[blocks, f1, f3, batch, crop].map(String)], {
    encoding: 'utf8',
  });
  if (error || status !== 0)
    throw new Error(`${PYTHON} ${script} failed: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as TorchFigures;
}
