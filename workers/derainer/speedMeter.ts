import type { BackendPreference } from '../../src/core/backend/backendReport.ts';
import type { Speed, SpeedRequest, UserError } from '../../src/protocol/derainer.ts';
import type { DerainerDevice } from './derainerDevice.ts';
import type { JobQueue } from './jobQueue.ts';
import { estimatePhotoSeconds, measureSpeed } from './measureSpeed.ts';
import type { ModelStore } from './modelStore.ts';
import { PATIENCE_MS } from './runOnDevice.ts';
import { toUserError, userError } from './userError.ts';

/** How fast this device is; what is measured waits for the work in hand. */
export class SpeedMeter {
  constructor(
    private readonly queue: JobQueue,
    private readonly device: DerainerDevice,
    private readonly models: ModelStore,
    private readonly isTraining: () => Promise<boolean>,
  ) {}

  /** Starts the backend with a model; seconds that 12 megapixels would take, null where that cannot be told. */
  async warmUp(model: string, preference: BackendPreference, memoryBytes: number): Promise<number | null> {
    const { device, models } = this;
    if (device.isStarted || !models.has(model)) return null;
    const warming = this.queue.append(async () => {
      const ready = await models.use(model, false, await device.ensure(preference));
      // Beside a training it would seem slower than it is.
      return (await this.isTraining()) ? null : estimatePhotoSeconds(ready, memoryBytes, PATIENCE_MS);
    });
    return warming.catch(() => null);
  }

  /** Refused while a photo is worked on. */
  async measure(request: SpeedRequest): Promise<Speed | UserError> {
    if (this.queue.isBusy) return userError('A photo is being worked on.', 'Measure again when it is done.');
    return this.queue.append(() => this.measureNow(request));
  }

  private async measureNow(request: SpeedRequest): Promise<Speed | UserError> {
    const { device, models } = this;
    try {
      const report = await device.ensure(request.backend);
      const speed = await measureSpeed(request, report, models, PATIENCE_MS, this.isTraining);
      device.throwIfDeviceFailed();
      return speed;
    } catch (error) {
      device.recoverFromLoss();
      return toUserError(error);
    }
  }
}
