import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { conv3x3, conv3x3FilterGrad, conv3x3InputGrad } from '../conv3x3.ts';
import type { Clock } from '../measure.ts';
import { speedOf } from '../measure.ts';
import type { Choice } from './variants.ts';
import { availableVariants, safeChoice } from './variants.ts';

/** Remembers a small text by key, across sessions; whatever the host has for that. */
export interface SmallMemory {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}

type Role = keyof Choice;
const roles: readonly Role[] = ['forward', 'inputGrad', 'filterGrad'];

/** The fastest variant found for each kernel, by name, and its speed in GFLOP/s. */
export type Measured = Readonly<Record<Role, { readonly variant: string; readonly gigaflops: number }>>;

/** Names the adapter, as well as it lets itself be named. A change of the kernels changes the number in front. */
export function adapterKey({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  return ['webgpu-kernels-3', vendor, architecture, device, description].join('/');
}

/** A choice remembered for this adapter, if its variants still exist on this device. */
export async function recall(device: GPUDevice, memory: SmallMemory): Promise<Measured | undefined> {
  const text = await memory.get(adapterKey(device.adapterInfo));
  if (text === undefined) return undefined;
  try {
    const measured = JSON.parse(text) as Measured;
    return roles.every((role) => measured[role].gigaflops > 0 && find(device, role, measured[role].variant)) ? measured : undefined;
  } catch {
    return undefined;
  }
}

/** The variants that a measurement names. Throws Error when one does not exist on this device. */
export function choiceOf(device: GPUDevice, measured: Measured): Choice {
  const variants = Object.fromEntries(roles.map((role) => [role, find(device, role, measured[role].variant)]));
  if (Object.values(variants).includes(undefined)) throw new Error('A measured variant does not exist on this device.');
  return variants as unknown as Choice;
}

function find(device: GPUDevice, role: Role, name: string): Choice[Role] | undefined {
  return candidates(device, role).find((variant) => variant.name === name);
}

/** Variants worth a try, the likely winner first. Workgroup memory is nothing but a detour on a software adapter. */
function candidates(device: GPUDevice, role: Role): readonly Choice[Role][] {
  const available: readonly Choice[Role][] = availableVariants(device)[role === 'filterGrad' ? 'filterGrad' : 'convolution'];
  return device.adapterInfo.isFallbackAdapter ? available : available.toReversed();
}

/**
 * Tries the variants on the current webgpu backend, a third of `milliseconds` for each kernel, and returns the fastest of
 * those that there was time for. `use` registers a choice.
 */
export async function measureVariants(
  device: GPUDevice,
  use: (choice: Choice) => void,
  clock: Clock,
  milliseconds: number,
): Promise<Measured> {
  const trial = createTrial(!device.adapterInfo.isFallbackAdapter);
  const best: Partial<Record<Role, { variant: string; gigaflops: number }>> = {};
  for (const role of roles) {
    const end = clock() + milliseconds / roles.length;
    let dearest = 0;
    for (const variant of candidates(device, role)) {
      const start = clock();
      if (best[role] && start + dearest > end) break;
      use({ ...safeChoice, [role]: variant });
      const gigaflops = await speedOf(trial.runs[role], trial.flops, clock, milliseconds / 30);
      dearest = Math.max(dearest, clock() - start);
      if (gigaflops > (best[role]?.gigaflops ?? 0)) best[role] = { variant: variant.name, gigaflops };
    }
  }
  trial.dispose();
  return best as Measured;
}

/** What is timed: small on a software adapter, and on a graphics card enough to fill it. */
function createTrial(large: boolean): { runs: Record<Role, () => Tensor>; flops: number; dispose(): void } {
  const [n, side, channels] = large ? [8, 64, 64] : [1, 24, 32];
  const x = tf.randomUniform([n, side, side, channels], -1, 1, 'float32', 1) as Tensor4D;
  const w = tf.randomUniform([3, 3, channels, channels], -0.1, 0.1, 'float32', 2) as Tensor4D;
  const b = tf.zeros([channels]) as Tensor1D;
  return {
    runs: {
      forward: () => conv3x3(x, w, b, { relu: true }),
      inputGrad: () => conv3x3InputGrad(x, w, x),
      filterGrad: () => conv3x3FilterGrad(x, x, x)[0],
    },
    flops: 18 * n * side * side * channels * channels,
    dispose: () => tf.dispose([x, w, b]),
  };
}
