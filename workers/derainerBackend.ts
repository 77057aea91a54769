import { browserHost } from '../src/browser/backendHost/browserHost.ts';
import { createBackend } from '../src/core/backend/chooseBackend.ts';
import type { DerainerModels } from './derainerModels.ts';
import type { BackendPreference, BackendReport } from '../src/core/backend/backendReport.ts';

/** The deraining worker's backend in use; a change takes the models' weights off the old one first. */
export class DerainerBackend {
  private preference: BackendPreference | null = null;
  private report: BackendReport | null = null;
  private trouble: string | null = null;
  private readonly backend = createBackend(browserHost);

  constructor(private readonly models: DerainerModels) {}

  get started(): boolean {
    return this.report !== null;
  }

  async ensure(preference: BackendPreference): Promise<BackendReport> {
    if (this.report && this.preference === preference) return this.report;
    this.models.leaveBackend(false);
    this.report = null;
    this.trouble = null;
    const report = await this.backend.choose(preference, {
      onDeviceError: (reason) => void (this.trouble ??= reason),
    });
    this.preference = preference;
    this.report = report;
    return report;
  }

  /** Throws when something went wrong on the device that no call has told: its numbers cannot be trusted. */
  assertSound(): void {
    if (this.trouble !== null) throw new DeviceTroubleError(this.trouble);
  }

  /** Whether the device is to blame; it is then given up, so that the next `ensure` opens a new one. */
  lost(error: unknown): boolean {
    if (!this.report || (this.trouble === null && !(error instanceof DeviceTroubleError))) return false;
    this.models.leaveBackend(true);
    this.backend.forget();
    this.report = null;
    this.trouble = null;
    return true;
  }
}

class DeviceTroubleError extends Error {
  override readonly name = 'DeviceTroubleError';
}
