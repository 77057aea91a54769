import { networkShapes } from '../paper/networks.ts';
import type { NetworkShapes } from '../paper/networks.ts';
import type { TrainingConfig } from './config.ts';

/** The shapes of the three networks that a config asks for. */
export function shapesOf({ networks }: Pick<TrainingConfig, 'networks'>): NetworkShapes {
  return networkShapes(networks.blocks, networks.filters, networks.imageSkip, networks.teacherBlocks);
}
