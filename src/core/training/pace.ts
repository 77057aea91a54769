/** How long training takes on a machine. Valid in the page: nothing here knows networks or tensors. */

/** A step that was timed: its floating-point operations and its duration, milliseconds. */
export interface Pace {
  readonly operations: number;
  readonly stepMs: number;
}

/** Time of a step that does not shrink with the networks, milliseconds. */
const FIXED_MS = 12;

/** Duration of a step of so many operations where another step took as long as `pace` says, milliseconds. */
export function expectedStepMs(operations: number, { operations: reference, stepMs }: Pace): number {
  const fixed = Math.min(FIXED_MS, stepMs / 2);
  return fixed + ((stepMs - fixed) * operations) / reference;
}

/** What computes, as far as its speed depends on it: a backend's report is one. */
export interface PacedBackend {
  readonly backend: 'webgpu' | 'wasm' | 'webgl' | 'cpu';
  readonly software: boolean;
  readonly threads: number;
}

/** Operations a second that training reaches on a thread of WASM, and how many threads help. */
const WASM = { perThread: 15e9, threads: 8 };
/** Likewise on the others; docs/results.md has measurements, other machines differ several times. */
const USUAL: Readonly<Record<Exclude<PacedBackend['backend'], 'wasm'>, number>> = {
  webgpu: 300e9,
  webgl: 0.3e9,
  cpu: 0.1e9,
};
const SOFTWARE = 2e9;

/** The pace to expect of a backend on which nothing was timed yet: right to an order of magnitude. */
export function usualPace({ backend, software, threads }: PacedBackend): Pace {
  const wasm = WASM.perThread * Math.min(WASM.threads, Math.max(1, threads));
  const perSecond = backend === 'wasm' ? wasm : software ? SOFTWARE : USUAL[backend];
  return { operations: perSecond, stepMs: 1000 + FIXED_MS };
}
