import {
  experimentOfLink,
  linkOfExperiment,
  type Experiment,
  type ImageHashes,
} from '../../../core/training/experiment.ts';
import { linkTo } from '../../routing/route.ts';

/** What a link says of an experiment, beside the other settings of the lab. */
const PREFIX = 'x.';
/** More images than this a link does not name: addresses have an end. */
const MOST_IMAGES = 400;

/** The address that opens an experiment elsewhere: settings, seeds, changes on the way, and which images it ran on. */
export function addressOf(experiment: Experiment): string {
  const { images, ...others } = experiment;
  const isNamed = images && countOf(images) <= MOST_IMAGES;
  const link = Object.entries(linkOfExperiment(isNamed ? experiment : others));
  const settings = Object.fromEntries(link.map(([key, value]) => [PREFIX + key, value]));
  return location.href.split('#')[0] + linkTo('lab', { part: 'experiments', ...settings });
}

/** The experiment that the address describes; null when it describes none. Throws ExperimentError when it cannot be run. */
export function linkedExperiment(settings: Readonly<Record<string, string>>): Experiment | null {
  const own = Object.entries(settings).filter(([key]) => key.startsWith(PREFIX));
  return experimentOfLink(Object.fromEntries(own.map(([key, value]) => [key.slice(PREFIX.length), value])));
}

/** The settings without the experiment of a link, as a change of the address. */
export function withoutLink(settings: Readonly<Record<string, string>>): Record<string, null> {
  return Object.fromEntries(
    Object.keys(settings)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => [key, null]),
  );
}

export function countOf({ clean, rainy, pairs }: ImageHashes): number {
  return clean.length + rainy.length + pairs.length;
}

/** How many of these images a library lacks. */
export function lackedBy(library: ImageHashes, images: ImageHashes): number {
  return (['clean', 'rainy', 'pairs'] as const)
    .map((name) => images[name].filter((hash) => !library[name].includes(hash)).length)
    .reduce((sum, count) => sum + count, 0);
}
