import { checkConfig } from '../../../core/training/config.ts';
import type { LiveChange, TrainingConfig } from '../../../core/training/config.ts';
import { configOfLink, linkOfConfig } from '../../../core/training/settingsLink.ts';
import type { Setting } from '../../../core/training/settingKinds.ts';
import { withValue } from '../../../core/training/settingValues.ts';
import type { TrainerEvent } from '../../../protocol/trainer.ts';
import { replaceSettings, useRoute } from '../../routing/route.ts';
import { useTraining } from './trainingStore.ts';

/**
 * The settings have one owner: the address. A live setting that is changed while training runs goes to the worker once the hand
 * rests; what the worker confirms is noted on the charts and never written back, since a newer change may be on its way already.
 */

/** What has been changed and not yet been sent; sent together, so that a drag makes one change and one annotation. */
let waiting: LiveChange = {};
/** What has been sent and not yet been confirmed by `adjusted`. */
let sent: LiveChange = {};
let timer: ReturnType<typeof setTimeout> | undefined;
let send: (change: LiveChange) => void = () => undefined;

/** The hand rests when nothing has changed for so long and no pointer is down. */
const restMs = 300;

/** The settings in the address as a config. */
export function currentConfig(): TrainingConfig {
  return configOfLink(useRoute.getState().settings.train);
}

/** Puts a whole config into the address. */
export function replaceConfig(config: TrainingConfig): void {
  replaceSettings('train', linkOfConfig(config));
}

/** Changes one setting in the address, and in a running training where it is live. */
export function changeSetting({ path, live }: Setting, value: unknown): void {
  replaceConfig(withValue(currentConfig(), path, value));
  if (!live || useTraining.getState().phase === 'idle') return;
  waiting = { ...waiting, [path.split('.').at(-1)!]: value } as LiveChange;
  sendSoon();
}

/** Says how changes reach the worker. */
export function deliverChanges(deliver: (change: LiveChange) => void): void {
  send = deliver;
}

/** What a batch of a run's events does to the address: it takes over the settings of a run that goes on, and a halved rate. */
export function applyRunEvents(events: readonly TrainerEvent[]): void {
  for (const event of events) {
    if (event.type === 'started') {
      replaceConfig({ ...event.config, hyperparameters: { ...event.config.hyperparameters, ...waiting } });
      if (Object.keys(waiting).length > 0) sendSoon();
    } else if (event.type === 'adjusted') {
      sent = unconfirmed(sent, event.change);
    } else if (event.type === 'rolledBack' && waiting.learningRate === undefined && sent.learningRate === undefined) {
      replaceConfig(withValue(currentConfig(), 'hyperparameters.learningRate', event.learningRate));
    }
  }
}

/** Forgets what is under way: its run has ended. */
export function dropWaitingChanges(): void {
  clearTimeout(timer);
  waiting = {};
  sent = {};
}

/** What of `change` holds another value than the one that took effect. */
function unconfirmed(change: LiveChange, effective: LiveChange): LiveChange {
  const isOpen = ([name, value]: [string, unknown]): boolean => effective[name as keyof LiveChange] !== value;
  return Object.fromEntries(Object.entries(change).filter(isOpen)) as LiveChange;
}

function sendSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const { config, phase } = useTraining.getState();
    if (phase !== 'running' || !config) return; // `started` sends them.
    if (isPointerDown) return sendSoon();
    const change = waiting;
    const next = { ...config, hyperparameters: { ...config.hyperparameters, ...change } };
    if (checkConfig(next).length > 0) return; // Said beside the field; sent with the next change once it is mended.
    waiting = {};
    sent = { ...sent, ...change };
    send(change);
  }, restMs);
}

let isPointerDown = false;
globalThis.addEventListener?.('pointerdown', () => (isPointerDown = true), { capture: true });
for (const end of ['pointerup', 'pointercancel'] as const) {
  globalThis.addEventListener?.(end, () => (isPointerDown = false), { capture: true });
}
