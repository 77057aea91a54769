import { useEffect, useState } from 'react';
import { usableThreads } from '../../core/backend/limits.ts';
import { Chip } from '../ui/Chip.tsx';
import { Icon } from '../ui/Icon.tsx';
import { useBackendChoice } from './backendChoice.ts';
import { formatBytes } from '../ui/format.ts';
import { describeMachine, type Machine } from './backendDescription.ts';
import style from './DeviceChips.module.css';
import { DevicePanel } from './DevicePanel.tsx';
import { useDevice, watchDevice } from './deviceStore.ts';
import type { Measure } from './MeasureSection.tsx';
import { refreshStorage, storedBytes, useStorage } from './storageStore.ts';

const REFRESH_MS = 30_000;
/** Below this nothing of worth can be lost, so nobody is warned. */
const WORTH_KEEPING = 5_000_000;

let watching = false;

/** What computes and what is stored, in a few words each; both open the panel. */
export function DeviceChips({ measure }: { readonly measure: Measure }) {
  const [open, setOpen] = useState(false);
  const machine = useMachine();
  const online = useDevice((state) => state.online);
  const description = describeMachine(machine);

  useEffect(() => {
    if (!watching) void watchDevice();
    watching = true;
    void refreshStorage();
    const timer = setInterval(() => void refreshStorage(), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);

  return (
    <>
      {!online && (
        <div className={style.offline}>
          <Chip icon={<Icon name="offline" size={16} />} label="Offline: everything here keeps working">
            Offline
          </Chip>
        </div>
      )}
      <div className={style.device}>
        <Chip
          icon={<Icon name="device" size={16} />}
          tone={description.tone}
          label={`Device: ${description.short}`}
          onClick={() => setOpen(true)}
        >
          {description.short}
        </Chip>
      </div>
      <div className={style.storage}>
        <StorageChip onClick={() => setOpen(true)} />
      </div>
      <DevicePanel
        open={open}
        onClose={() => setOpen(false)}
        machine={machine}
        description={description}
        measure={measure}
      />
    </>
  );
}

function StorageChip({ onClick }: { readonly onClick: () => void }) {
  const used = useStorage(storedBytes);
  const persistent = useStorage((state) => state.persistent);
  if (used === null) return null;
  const atRisk = persistent === false && used > WORTH_KEEPING;
  const size = formatBytes(used);
  const words = used === 0 ? 'Nothing stored' : atRisk ? `${size}, may be cleared` : `${size} stored`;
  return (
    <Chip
      icon={<Icon name="storage" size={16} />}
      tone={atRisk ? 'warn' : 'neutral'}
      label={atRisk ? `${words} by the browser when the disk runs full` : words}
      onClick={onClick}
    >
      {words}
    </Chip>
  );
}

function useMachine(): Machine {
  const adapter = useDevice((state) => state.adapter);
  const report = useDevice((state) => state.report);
  const choice = useBackendChoice((state) => state.choice);
  const cores = navigator.hardwareConcurrency;
  return { adapter, report, choice, cores, threads: usableThreads(cores, globalThis) };
}
