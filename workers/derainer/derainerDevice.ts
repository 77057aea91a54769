import type { BackendPreference, BackendReport } from '../../src/core/backend/backendReport.ts';
import type { Backend } from '../../src/core/backend/chooseBackend.ts';
import type { ModelStore } from './modelStore.ts';

/** The deraining worker's backend in use; a change takes the models' weights off the old one first. */
export class DerainerDevice {
  private preference: BackendPreference | null = null;
  private report: BackendReport | null = null;
  private failure: string | null = null;

  constructor(
    private readonly backend: Backend,
    private readonly models: ModelStore,
  ) {}

  get isStarted(): boolean {
    return this.report !== null;
  }

  /** Starts the preferred backend, unless it runs already. */
  async ensure(preference: BackendPreference): Promise<BackendReport> {
    if (this.report && this.preference === preference) return this.report;
    this.models.leaveBackend(false);
    this.report = null;
    this.failure = null;
    const report = await this.backend.choose(preference, {
      onDeviceError: (reason) => void (this.failure ??= reason),
    });
    this.preference = preference;
    this.report = report;
    return report;
  }

  /** Throws if the device reported an asynchronous error: its numbers cannot be trusted. */
  throwIfDeviceFailed(): void {
    if (this.failure !== null) throw new Error(this.failure);
  }

  /** Gives the device up if it has failed, so that the next `ensure` opens a new one. Whether it had. */
  recoverFromLoss(): boolean {
    if (!this.report || this.failure === null) return false;
    this.models.leaveBackend(true);
    this.backend.forget();
    this.report = null;
    this.failure = null;
    return true;
  }
}
