import { experimentOfLink, linkOfExperiment, type Experiment } from '../../../core/training/experiment.ts';
import { linkTo } from '../../routing/route.ts';
import type { LibraryCounts } from '../../train/run/libraryCounts.ts';

/** What a link says of an experiment, beside the other settings of the lab. */
const PREFIX = 'x.';
const IMAGES = `${PREFIX}images`;

export interface LinkedExperiment {
  readonly experiment: Experiment;
  /** Images of the one who made the link; null when it does not say. */
  readonly counts: LibraryCounts | null;
}

/** The address that opens an experiment elsewhere, with its settings, seeds and how many images it ran on. */
export function addressOf(experiment: Experiment, counts: LibraryCounts | undefined): string {
  const link = Object.entries(linkOfExperiment(experiment)).map(([key, value]) => [PREFIX + key, value]);
  const images = counts && { [IMAGES]: `${counts.clean}.${counts.rainy}.${counts.pairs}` };
  return location.href.split('#')[0] + linkTo('lab', { part: 'experiments', ...Object.fromEntries(link), ...images });
}

/** The experiment that the address describes; null when it describes none. Throws ExperimentError when it cannot be run. */
export function linkedExperiment(settings: Readonly<Record<string, string>>): LinkedExperiment | null {
  const own = Object.entries(settings).filter(([key]) => key.startsWith(PREFIX) && key !== IMAGES);
  const experiment = experimentOfLink(Object.fromEntries(own.map(([key, value]) => [key.slice(PREFIX.length), value])));
  if (!experiment) return null;
  const [clean, rainy, pairs] = (settings[IMAGES] ?? '').split('.').map(Number);
  const isKnown = [clean, rainy, pairs].every((count) => Number.isInteger(count));
  return { experiment, counts: isKnown ? { clean: clean!, rainy: rainy!, pairs: pairs! } : null };
}

/** The settings without the experiment of a link, as a change of the address. */
export function withoutLink(settings: Readonly<Record<string, string>>): Record<string, null> {
  return Object.fromEntries(
    Object.keys(settings)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => [key, null]),
  );
}
