import { networkShapes } from '../architectures/networks.ts';
import { parameterCount } from '../architectures/registry.ts';
import type { TrainingConfig } from './config.ts';

/** Floating-point operations of one training step: three passes over F1 and F2 for each of two batches, and over F3 for two. */
export function stepOperations({ networks, run }: TrainingConfig): number {
  const shapes = networkShapes(networks);
  const weights = 2 * (parameterCount(shapes.f1) + parameterCount(shapes.f2)) + 2 * parameterCount(shapes.f3);
  return 2 * 3 * weights * run.batch * run.crop ** 2;
}
