import type { BackendReport } from '../../core/backend/backendReport.ts';
import { describeAdapter, describeBackend, describeThreads } from '../../core/backend/description.ts';
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
  readonly cores: number;
  /** Those that WASM may use: 1 where threads cannot share memory. */
  readonly threads: number;
  /** What a worker has really chosen, once one has started. */
  readonly report: BackendReport | null;
}

/**
 * What the next start computes with, by the workers' own rule (hardware WebGPU, else WASM, else WebGL; a software adapter
 * only by hand); once a worker has reported, what it really computes with.
 */
export function describeMachine(machine: Machine): BackendDescription {
  return machine.report ? reported(machine.report, machine.choice) : expected(machine);
}

function reported(report: BackendReport, choice: Machine['choice']): BackendDescription {
  const { software, fellBack } = report;
  const short = describeBackend(report);
  if (fellBack && choice === 'auto')
    return { short, long: `Best available here. ${fellBack}`, tone: report.backend === 'wasm' ? 'neutral' : 'warn' };
  if (fellBack) return { short, long: `The backend you chose could not be used: ${fellBack}`, tone: 'warn' };
  if (software) return { short, long: SOFTWARE_IN_USE, tone: 'warn' };
  return { short, long: `In use now: ${short}.`, tone: 'neutral' };
}

const SOFTWARE_IN_USE =
  'A software adapter does the work: the processor imitates a graphics adapter. WASM is several times faster on this machine.';

function expected({ adapter, choice, threads }: Machine): BackendDescription {
  if (adapter.state === 'reading')
    return { short: 'Looking …', long: 'Asking the browser for a graphics adapter.', tone: 'neutral' };
  const wasm = describeBackend({ backend: 'wasm', description: describeThreads(threads) });
  if (choice === 'webgl')
    return {
      short: describeBackend({ backend: 'webgl', description: '' }),
      long: 'Chosen by hand. Training is slow on WebGL: it has no kernels of our own.',
      tone: 'warn',
    };
  if (choice === 'wasm') return { short: wasm, long: 'Chosen by hand: the processor does the work.', tone: 'neutral' };
  const byHand = choice === 'webgpu' || choice === 'webgpu-half';
  if (adapter.state === 'found' && choice === 'webgpu-half' && !adapter.facts.halfPrecision) {
    return { short: wasm, long: 'This adapter has no half precision: choose another way to compute.', tone: 'warn' };
  }
  if (adapter.state === 'found' && (byHand || !adapter.facts.software)) {
    const { name, software } = adapter.facts;
    const short = describeBackend({
      backend: 'webgpu',
      description: describeAdapter(name, { software, half: choice === 'webgpu-half' }),
    });
    if (software) return { short, long: SOFTWARE_IN_USE, tone: 'warn' };
    return { short, long: 'The graphics adapter does the work.', tone: 'neutral' };
  }
  return { short: wasm, long: whyProcessor(adapter.state), tone: byHand ? 'warn' : 'neutral' };
}

function whyProcessor(state: AdapterReading['state']): string {
  if (state === 'found')
    return 'The only WebGPU adapter here is a software one, which is slower than WASM; so the processor does the work directly.';
  if (state === 'none')
    return 'This browser has WebGPU but offers no adapter, so the processor does the work. A newer driver may change that.';
  return 'This browser has no WebGPU, so the processor does the work. Chrome, Edge and Safari 26 have it.';
}
