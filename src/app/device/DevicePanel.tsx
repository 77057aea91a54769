import { describeAdapter } from '../../core/backend/description.ts';
import { canShareMemory } from '../../core/backend/limits.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { notify } from '../ui/notices.ts';
import { SegmentedControl } from '../ui/SegmentedControl.tsx';
import { SwitchField } from '../ui/SwitchField.tsx';
import { useBackendChoice } from './backendChoice.ts';
import { formatBytes } from '../ui/format.ts';
import type { BackendDescription, Machine } from './backendDescription.ts';
import style from './DevicePanel.module.css';
import { useDevice } from './deviceStore.ts';
import { DefinitionItem } from './DefinitionItem.tsx';
import { MeasureSection, type Measure } from './MeasureSection.tsx';
import { keepStorage, useStorage } from './storageStore.ts';
import { sumOf } from './storedBytes.ts';

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly machine: Machine;
  readonly description: BackendDescription;
  readonly measure: Measure;
}

/** Everything about the machine: what computes and why, what it can, what is stored and whether it stays. */
export function DevicePanel({ open, onClose, machine, description, measure }: Props) {
  const online = useDevice((state) => state.online);
  return (
    <Dialog open={open} onClose={onClose} title="This device" shape="side">
      {!online && (
        <p className={style.offline}>
          You are offline. Everything here keeps working; photos and training never needed the network.
        </p>
      )}
      <BackendSection machine={machine} description={description} />
      <MeasureSection measure={measure} />
      <StorageSection />
    </Dialog>
  );
}

function BackendSection({
  machine,
  description,
}: {
  readonly machine: Machine;
  readonly description: BackendDescription;
}) {
  const { choice, choose } = useBackendChoice();
  const memory = useDevice((state) => state.memory);
  const { adapter, cores, threads } = machine;
  const shared = canShareMemory(globalThis);
  const isHalf = choice === 'webgpu-half';
  const offersHalf = adapter.state === 'found' && adapter.facts.halfPrecision;
  const noWebGpu = adapter.state === 'unsupported' || adapter.state === 'none';
  return (
    <section className={style.section}>
      <h3 className={style.heading}>Computing</h3>
      <p className={style.lead}>{description.short}</p>
      <p className={description.tone === 'warn' ? style.warning : style.quiet}>{description.long}</p>
      <SegmentedControl
        label="Compute with"
        value={isHalf ? 'webgpu' : choice}
        onChange={choose}
        options={[
          { value: 'auto', label: 'Auto' },
          { value: 'webgpu', label: 'WebGPU', disabled: noWebGpu && choice !== 'webgpu' && !isHalf },
          { value: 'wasm', label: 'WASM' },
          { value: 'webgl', label: 'WebGL' },
        ]}
      />
      {(isHalf || (choice === 'webgpu' && offersHalf)) && (
        <SwitchField
          label="Half precision"
          checked={isHalf}
          onChange={(half) => choose(half ? 'webgpu-half' : 'webgpu')}
          hint="Kernels may multiply numbers of eleven binary digits, where that is faster on this adapter. Sums and what is stored keep all their digits."
        />
      )}
      <p className={style.quiet}>Takes effect when training or deraining next starts.</p>
      <dl className={style.facts}>
        <DefinitionItem term="Threads">
          {threads === cores ? threads : `${threads} of ${cores}`}
          {!shared && (
            <span className={style.warning}>This browser does not let threads share memory on this page.</span>
          )}
        </DefinitionItem>
        {memory && (
          <DefinitionItem term="Memory held">
            {formatBytes(memory.bytes)} in {memory.tensors} tensors
          </DefinitionItem>
        )}
        <DefinitionItem term="WebGPU adapter">{formatAdapter(machine)}</DefinitionItem>
        {adapter.state === 'found' && (
          <>
            <DefinitionItem term="Largest buffer">{formatBytes(adapter.facts.maxBufferSize)}</DefinitionItem>
            <DefinitionItem term="Largest binding">
              {formatBytes(adapter.facts.maxStorageBufferBindingSize)}
            </DefinitionItem>
            <DefinitionItem term="Workgroup">
              {adapter.facts.maxInvocationsPerWorkgroup} invocations, {formatBytes(adapter.facts.maxWorkgroupStorage)}
            </DefinitionItem>
            <DefinitionItem term="Half precision">{adapter.facts.halfPrecision ? 'yes' : 'no'}</DefinitionItem>
            <DefinitionItem term="Subgroups">{adapter.facts.subgroups ? 'yes' : 'no'}</DefinitionItem>
          </>
        )}
      </dl>
    </section>
  );
}

function formatAdapter({ adapter }: Machine): string {
  switch (adapter.state) {
    case 'reading':
      return 'looking …';
    case 'unsupported':
      return 'none: this browser has no WebGPU';
    case 'none':
      return 'none offered';
    case 'found':
      return describeAdapter(adapter.facts.name, { software: adapter.facts.software });
    default:
      return adapter satisfies never;
  }
}

const storedWhere = [
  { name: 'library', term: 'Library' },
  { name: 'queue', term: 'Photos in the queue' },
  { name: 'models', term: 'Models' },
  { name: 'checkpoints', term: 'Training checkpoints' },
] as const;

function StorageSection() {
  const { stored, quota, persistent, asking, refused } = useStorage();
  if (stored === null) return null;

  const keep = async () => {
    if (await keepStorage()) notify({ text: 'The browser will keep your photos and models.', tone: 'good' });
  };

  return (
    <section className={style.section}>
      <h3 className={style.heading}>Storage</h3>
      <p className={style.lead}>
        {formatBytes(sumOf(stored))} stored{quota ? ` of about ${formatBytes(quota)}` : ''}
      </p>
      <dl className={style.facts}>
        {storedWhere.flatMap(({ name, term }) =>
          stored[name] > 0
            ? [
                <DefinitionItem key={name} term={term}>
                  {formatBytes(stored[name])}
                </DefinitionItem>,
              ]
            : [],
        )}
      </dl>
      {persistent ? (
        <p className={style.quiet}>Stored on this device only, until you delete it.</p>
      ) : (
        <>
          <p className={style.quiet}>Stored on this device only. The browser may clear it when the disk runs full.</p>
          <Button busy={asking} onClick={() => void keep()}>
            {asking ? 'Waiting for the browser …' : 'Make storage persistent'}
          </Button>
          {refused && (
            <p role="status" className={style.warning}>
              The browser did not agree yet. It usually does once the page is bookmarked, installed or used more often.
            </p>
          )}
        </>
      )}
    </section>
  );
}
