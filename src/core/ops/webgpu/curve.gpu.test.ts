import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { shortTraining } from '../../training/shortTraining.ts';
import type { ShortTraining } from '../../training/shortTraining.ts';
import { registerReferenceKernels } from '../reference.ts';
import { openWebgpuDevice } from './device.ts';
import { registerWebgpuVariants } from './register.ts';
import { availableVariants, safeSelection } from './variants.ts';
import type { KernelSelection } from './variants.ts';

const device = await openWebgpuDevice(navigator.gpu);
const { convolution, filterGrad } = availableVariants(device, true);
const usual = availableVariants(device, false);
const complaints: string[] = [];

beforeAll(() => {
  device.addEventListener('uncapturederror', (event) => complaints.push(event.error.message));
  registerReferenceKernels('cpu');
});

async function trainOn(
  backend: string,
  steps: number,
  filters: { f1: number; f2: number; f3: number },
  microBatches = 1,
): Promise<ShortTraining> {
  expect(await tf.setBackend(backend)).toBe(true);
  expect(tf.getBackend()).toBe(backend);
  return shortTraining(steps, filters, microBatches);
}

function expectSameCurve(ours: ShortTraining, reference: ShortTraining, tolerance = 0.005): void {
  expect(complaints).toEqual([]);
  ours.curve.forEach((loss, i) =>
    expect(Math.abs(loss / reference.curve[i]! - 1), `step ${i + 1}`).toBeLessThan(tolerance),
  );
}

describe('training on WebGPU follows the curve of the reference kernels', () => {
  const filters = { f1: 4, f2: 4, f3: 4 };
  const given: KernelSelection = {
    forward: usual.convolution[0]!,
    inputGrad: usual.convolution[0]!,
    filterGrad: usual.filterGrad[0]!,
  };

  it('over 50 steps, with a constant number of tensors', { timeout: 120_000 }, async () => {
    registerWebgpuVariants(given);
    const reference = await trainOn('cpu', 50, filters);
    const ours = await trainOn('webgpu', 50, filters);
    expect(ours.curve[49]!).toBeLessThan(0.6 * ours.curve[0]!);
    expectSameCurve(ours, reference);
    expect(ours.tensors[49]).toBe(ours.tensors[1]);
  });

  it('over 10 steps with the batch in two parts, with a constant number of tensors', { timeout: 120_000 }, async () => {
    registerWebgpuVariants(given);
    const inMicroBatches = await trainOn('webgpu', 10, filters, 2);
    expectSameCurve(inMicroBatches, await trainOn('cpu', 10, filters));
    expect(inMicroBatches.tensors[9]).toBe(inMicroBatches.tensors[1]);
  });

  const wide = { f1: 16, f2: 16, f3: 16 };
  // One of every kind that did not run above; its other sizes of blocks share the arithmetic.
  // The gradient of |x| is a sign, and half precision turns some of those near zero.
  const kindOf = ({ name }: { readonly name: string }): string => name.replace(/ \d+x\d+$/, '');
  const kinds = new Map(
    convolution
      .filter((variant) => kindOf(variant) !== kindOf(given.forward))
      .map((variant) => [kindOf(variant), variant]),
  );
  const selections = [...kinds].map(([kind, variant]): [string, number, KernelSelection] => {
    const sums = filterGrad.find((sum) => kindOf(sum) === kind) ?? safeSelection.filterGrad;
    return [kind, variant.half ? 0.03 : 0.005, { forward: variant, inputGrad: variant, filterGrad: sums }];
  });
  let reference: ShortTraining | undefined;

  it.each(selections)('over 3 steps with %s', { timeout: 120_000 }, async (_name, tolerance, selection) => {
    reference ??= await trainOn('cpu', 3, wide);
    registerWebgpuVariants(selection);
    expectSameCurve(await trainOn('webgpu', 3, wide), reference, tolerance);
  });
});
