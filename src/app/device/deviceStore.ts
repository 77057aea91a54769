import { create } from 'zustand';
import type { BackendReport } from '../../core/backend/backendReport.ts';
import { readAdapter, type AdapterReading } from './adapter.ts';

/** What a worker holds at the moment. */
export interface HeldMemory {
  readonly bytes: number;
  readonly tensors: number;
}

interface DeviceState {
  readonly adapter: AdapterReading;
  readonly online: boolean;
  readonly report: BackendReport | null;
  readonly memory: HeldMemory | null;
}

export const useDevice = create<DeviceState>(() => ({
  adapter: { state: 'reading' },
  online: globalThis.navigator?.onLine ?? true,
  report: null,
  memory: null,
}));

/** Reads the adapter and follows the network's state; called once, by the shell. */
export async function watchDevice(): Promise<void> {
  addEventListener('online', () => useDevice.setState({ online: true }));
  addEventListener('offline', () => useDevice.setState({ online: false }));
  useDevice.setState({ adapter: await readAdapter(navigator.gpu) });
}

/** Called with every `backendReady`: from then on the chip shows what really computes. */
export function reportBackend(report: BackendReport): void {
  useDevice.setState({ report });
}

/** Called with every `memory` event; null when the worker has let go of everything. */
export function reportMemory(memory: HeldMemory | null): void {
  useDevice.setState({ memory });
}
