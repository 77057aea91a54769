import type { BackendReport } from '../../core/backend/backendReport.ts';
import type { AdapterReading } from './adapter.ts';
import type { BackendChoice } from './backendChoice.ts';

/** What computes, in words. */
export interface BackendDescription {
  /** For the chip: 'WebGPU · Apple metal-3', 'CPU · WASM, 8 threads'. */
  readonly short: string;
  /** A sentence that says why. */
  readonly long: string;
  /** 'warn' when the machine could do better or the choice could not be followed. */
  readonly tone: 'neutral' | 'warn';
}

export interface Machine {
  readonly adapter: AdapterReading;
  readonly choice: BackendChoice;
  /** Processor threads the browser admits to. */
  readonly threads: number;
  /** Whether the page may share memory between threads. */
  readonly isolated: boolean;
  /** What a worker has really chosen, once one has started. */
  readonly report: BackendReport | null;
}

/**
 * What the next start computes with, by the workers' own rule (hardware WebGPU, else WASM, else WebGL; a software adapter
 * only by hand); once a worker has reported, what it really computes with.
 */
export function describeBackend(machine: Machine): BackendDescription {
  return machine.report ? reported(machine.report, machine.choice) : expected(machine);
}

/** What a worker computes with: 'CPU · WASM, 8 threads, SIMD', 'CPU · plain JavaScript'. */
export function nameOf({ backend, description }: BackendReport): string {
  const place = { webgpu: 'WebGPU', wasm: 'CPU · WASM', webgl: 'WebGL', cpu: 'CPU' }[backend];
  return description === place ? place : `${place}${backend === 'wasm' ? ', ' : ' · '}${description}`;
}

function reported(report: BackendReport, choice: Machine['choice']): BackendDescription {
  const { software, fellBack } = report;
  const short = nameOf(report);
  if (fellBack && choice === 'auto')
    return { short, long: `Best available here. ${fellBack}`, tone: report.backend === 'wasm' ? 'neutral' : 'warn' };
  if (fellBack) return { short, long: `The backend you chose could not be used: ${fellBack}`, tone: 'warn' };
  if (software) return { short, long: SOFTWARE_IN_USE, tone: 'warn' };
  return { short, long: `In use now: ${short}.`, tone: 'neutral' };
}

const SOFTWARE_IN_USE =
  'A software adapter does the work: the processor imitates a graphics adapter. WASM is several times faster on this machine.';

function expected({ adapter, choice, threads, isolated }: Machine): BackendDescription {
  if (adapter.state === 'reading')
    return { short: 'Looking …', long: 'Asking the browser for a graphics adapter.', tone: 'neutral' };
  const usable = isolated ? threads : 1;
  const wasm = `CPU · WASM, ${usable} ${usable === 1 ? 'thread' : 'threads'}`;
  if (choice === 'webgl')
    return {
      short: 'WebGL',
      long: 'Chosen by hand. Training is slow on WebGL: it has no kernels of our own.',
      tone: 'warn',
    };
  if (choice === 'wasm') return { short: wasm, long: 'Chosen by hand: the processor does the work.', tone: 'neutral' };
  const byHand = choice === 'webgpu' || choice === 'webgpu-half';
  if (adapter.state === 'found' && choice === 'webgpu-half' && !adapter.facts.halfPrecision) {
    return { short: wasm, long: 'This adapter has no half precision: choose another way to compute.', tone: 'warn' };
  }
  if (adapter.state === 'found' && !adapter.facts.software) {
    const half = choice === 'webgpu-half' ? ', half precision' : '';
    return {
      short: `WebGPU · ${adapter.facts.name}${half}`,
      long: 'The graphics adapter does the work.',
      tone: 'neutral',
    };
  }
  if (adapter.state === 'found' && byHand)
    return { short: 'WebGPU · software adapter', long: SOFTWARE_IN_USE, tone: 'warn' };
  return { short: wasm, long: whyProcessor(adapter.state), tone: byHand ? 'warn' : 'neutral' };
}

function whyProcessor(state: AdapterReading['state']): string {
  if (state === 'found')
    return 'The only WebGPU adapter here is a software one, which is slower than WASM; so the processor does the work directly.';
  if (state === 'none')
    return 'This browser has WebGPU but offers no adapter, so the processor does the work. A newer driver may change that.';
  return 'This browser has no WebGPU, so the processor does the work. Chrome, Edge and Safari 26 have it.';
}
