import { fork } from 'node:child_process';
import { constants } from 'node:os';

/** One Ctrl-C reaches the process twice where npm passes it on as well: what follows this soon, milliseconds, is the same one. */
const SAME_SIGNAL_MS = 500;

const variable = 'PETRICHOR_SUPERVISOR';
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Whether this process computes under `supervise`. */
export function isSupervised(): boolean {
  return process.env[variable] === String(process.ppid);
}

/**
 * Runs this program's command line again in a process of its own, and passes signals on to it. A training step keeps its thread
 * busy for seconds or minutes, in which Node delivers no signal; this process has nothing else to do. The first signal asks for a
 * stop (`onStopRequest`), the next ends both processes at once. Resolves with the exit status: 128 + the signal's number then.
 */
export function supervise(say: (line: string) => void): Promise<number> {
  const child = fork(process.argv[1]!, process.argv.slice(2), {
    env: { ...process.env, [variable]: String(process.pid) },
  });
  let first: number | null = null;
  let status: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (first === null) {
      first = performance.now();
      if (child.connected) child.send('stop');
      say('Stops after this step and leaves a checkpoint. Ctrl-C again stops at once.');
    } else if (performance.now() - first > SAME_SIGNAL_MS) {
      status = 128 + constants.signals[signal];
      child.kill('SIGKILL');
    }
  };
  for (const signal of signals) process.on(signal, onSignal);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, onSignal);
      if (signal && status === null) say(`The process that trained was ended by ${signal}.`);
      resolve(status ?? code ?? 128 + constants.signals[signal!]);
    });
  });
}

/**
 * Calls `stop` when this process is asked to stop: by a signal, by its supervisor, or by that one's end. Without a supervisor a
 * second signal ends the process, as soon as a step lets it through. Returns how to leave signals to the process again.
 */
export function onStopRequest(stop: () => void): () => void {
  const supervised = isSupervised();
  let first: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!supervised && first !== null && performance.now() - first > SAME_SIGNAL_MS)
      process.exit(128 + constants.signals[signal]);
    if (first === null) stop();
    first ??= performance.now();
  };
  for (const signal of signals) process.on(signal, onSignal);
  if (supervised) {
    process.once('message', stop);
    process.once('disconnect', stop);
  }
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
    process.off('message', stop);
    process.off('disconnect', stop);
    if (supervised) process.channel?.unref();
  };
}
