import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { conv3x3, conv3x3FilterGrad, conv3x3InputGrad } from '../conv3x3.ts';
import type { Clock } from '../measure.ts';
import { speedOf } from '../measure.ts';
import { isSoftwareAdapter } from './softwareAdapter.ts';
import type { KernelSelection, Variants } from './variants.ts';
import { safeSelection } from './variants.ts';

/** Persistent string store supplied by the host. */
export interface StringStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}

type Role = keyof KernelSelection;
const roles: readonly Role[] = ['forward', 'inputGrad', 'filterGrad'];

/** The fastest variant found for each kernel, by name, and its speed in GFLOP/s. */
export type Measured = Readonly<Record<Role, { readonly variant: string; readonly gigaflops: number }>>;

/** Names the adapter, as well as it lets itself be named, and what it may choose from. A change of the kernels changes the number in front. */
export function adapterKey({ vendor, architecture, device, description }: GPUAdapterInfo, half: boolean): string {
  return ['webgpu-kernels-6', vendor, architecture, device, description, ...(half ? ['half'] : [])].join('/');
}

/** The cached measurement of an adapter, if its variants still exist among those given. */
export async function loadCached(variants: Variants, memory: StringStore, key: string): Promise<Measured | undefined> {
  const text = await memory.get(key);
  if (text === undefined) return undefined;
  try {
    const measured = JSON.parse(text) as Measured;
    return roles.every((role) => measured[role].gigaflops > 0 && find(variants, role, measured[role].variant))
      ? measured
      : undefined;
  } catch {
    return undefined;
  }
}

/** The variants that a measurement names. Throws Error when one is not among those given. */
export function selectionOf(variants: Variants, measured: Measured): KernelSelection {
  const selection = Object.fromEntries(roles.map((role) => [role, find(variants, role, measured[role].variant)]));
  if (Object.values(selection).includes(undefined))
    throw new Error('A measured variant does not exist on this device.');
  return selection as unknown as KernelSelection;
}

function find(variants: Variants, role: Role, name: string): KernelSelection[Role] | undefined {
  return candidates(variants, role).find((variant) => variant.name === name);
}

function candidates(variants: Variants, role: Role): readonly KernelSelection[Role][] {
  return variants[role === 'filterGrad' ? 'filterGrad' : 'convolution'];
}

/**
 * Tries the variants on the current webgpu backend, a third of `milliseconds` for each kernel, and returns the fastest of
 * those that there was time for. `use` registers a selection.
 */
export async function measureVariants(
  device: GPUDevice,
  variants: Variants,
  use: (selection: KernelSelection) => void,
  clock: Clock,
  milliseconds: number,
): Promise<Measured> {
  const trial = createTrial(!isSoftwareAdapter(device.adapterInfo));
  const best: Partial<Record<Role, { variant: string; gigaflops: number }>> = {};
  for (const role of roles) {
    const end = clock() + milliseconds / roles.length;
    let dearest = 0;
    for (const variant of candidates(variants, role)) {
      const start = clock();
      if (best[role] && start + dearest > end) break;
      use({ ...safeSelection, [role]: variant });
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
